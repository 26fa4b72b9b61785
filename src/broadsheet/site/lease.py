"""A lease in the database: of several processes, one does the work in the background."""

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q

from broadsheet.site.models import Lease

logger = logging.getLogger(__name__)

TTL: Final = timedelta(seconds=40)
# Three renewals may fail before the lease is lost.
RENEW: Final = timedelta(seconds=10)


def take(*, name: str, holder: str, now: datetime, ttl: timedelta = TTL) -> bool:
    """Take or renew a lease; False while somebody else's has not expired."""
    mine_or_over = Lease.objects.filter(Q(holder=holder) | Q(expires_at__lte=now), name=name)
    if mine_or_over.update(holder=holder, expires_at=now + ttl):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, expires_at=now + ttl)
    except IntegrityError:
        return False
    return True


def give_back(*, name: str, holder: str) -> None:
    """End one's own lease, so that the next process need not wait for it to expire."""
    Lease.objects.filter(name=name, holder=holder).delete()


class Keeper:
    """Holds one lease for this process, renewed by `beat`.

    `held` is read by the threads that do the work. It becomes False by itself before the lease
    expires in the database, so that a process cut off from the database stops in time.
    """

    def __init__(self, name: str, *, clock: Callable[[], datetime], ttl: timedelta = TTL) -> None:
        self._name = name
        self._clock = clock
        self._ttl = ttl
        self._until = 0.0
        self.holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(6)}"

    @property
    def held(self) -> bool:
        return time.monotonic() < self._until

    def beat(self) -> bool:
        """Take or renew the lease; returns whether it is held. Never raises for the database."""
        asked = time.monotonic()
        try:
            taken = take(name=self._name, holder=self.holder, now=self._clock(), ttl=self._ttl)
        except DatabaseError:
            logger.exception("The lease %s could not be renewed", self._name)
            return self.held
        if taken:
            # Counted from before the question was asked, and a little less than granted.
            self._until = asked + self._ttl.total_seconds() * 0.75
        else:
            self._until = 0.0
        return taken

    def drop(self) -> None:
        self._until = 0.0
        try:
            give_back(name=self._name, holder=self.holder)
        except DatabaseError:
            logger.warning("The lease %s was not given back; it expires by itself", self._name)
