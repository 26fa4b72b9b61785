"""Reading for the desk: what is due, and whose stories are where."""

from datetime import datetime

from django.db.models import Min
from wagtail.models import Page, Revision


def something_due(*, now: datetime) -> bool:
    """Say whether something is to be published or taken back. Two queries."""
    return bool(
        Revision.objects.filter(approved_go_live_at__lte=now).exists()
        or Page.objects.filter(live=True, expire_at__lte=now).exists()
    )


def next_due() -> datetime | None:
    """Return when the next thing is to be published or taken back. Two queries."""
    publish = Revision.objects.aggregate(at=Min("approved_go_live_at"))["at"]
    expire = Page.objects.filter(live=True).aggregate(at=Min("expire_at"))["at"]
    return min((at for at in (publish, expire) if at is not None), default=None)
