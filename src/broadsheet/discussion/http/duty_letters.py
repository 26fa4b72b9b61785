"""The letter to whoever is on duty, through the outbox, in the transaction of the call."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext

from broadsheet.discussion.http.people import names_of
from broadsheet.discussion.pace.duty import Called, call_for_hot
from broadsheet.discussion.rules.deciding import MODERATORS
from broadsheet.outbox import api as outbox

KIND: Final = "duty"


def write(called: Called) -> None:
    """Queue the letter about a call; nothing where its reader has no address."""
    addresses = import_string(settings.BROADSHEET_ADDRESSES_OF)(actor_ids=[called.to])
    address = str(addresses.get(called.to, ""))
    if not address:
        return
    about = called.title or gettext("Moderation")
    by = names_of([called.by]).get(called.by) if called.by else None
    why = (
        gettext("%(who)s calls you.") % {"who": by or gettext("A colleague")}
        if called.by
        else gettext("More is going on there than usual: comments, reports, removals.")
    )
    path = reverse("discussion:moderation")
    lines = [why, called.words, about if called.title else "", f"{settings.BROADSHEET_URL}{path}"]
    outbox.queue(
        kind=KIND,
        to=address,
        subject=gettext("You are called: %(about)s") % {"about": about},
        text="\n\n".join(line for line in lines if line),
        now=called.at,
        dedupe_key=f"duty:{called.id}",
    )


def call_by_heat(*, now: datetime) -> int:
    """Call whoever is on duty about discussions that are hot enough; return how many calls."""
    staff = import_string(settings.BROADSHEET_IDS_OF_STAFF)(roles=MODERATORS)
    return call_for_hot(local=localtime(now), now=now, staff=staff, letter=write)
