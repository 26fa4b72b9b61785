"""What this newsroom does in the background, and how often."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from broadsheet.discussion import api as discussion
from broadsheet.discussion.http.duty_letters import call_by_heat
from broadsheet.discussion.http.log import spans_of_months
from broadsheet.funding import api as funding
from broadsheet.outbox import api as outbox
from broadsheet.pagestore import api as pagestore
from broadsheet.site.child import run_in_child
from broadsheet.site.in_force import as_published
from broadsheet.site.scheduler import Job
from broadsheet.stories import api as stories


def all_jobs() -> tuple[Job, ...]:
    """Return the jobs of a serving process."""
    return (
        Job(
            name="outbox",
            every=timedelta(seconds=5),
            run=as_published(deliver_messages),
            wake=outbox.queued,
        ),
        # On the minute that was set; the cadence is for what another process has scheduled since.
        Job(
            name="publish",
            every=timedelta(seconds=15),
            run=as_published(publish_scheduled),
            next_at=stories.next_due,
        ),
        Job(name="threads", every=timedelta(minutes=10), run=as_published(mend_threads)),
        Job(name="closing", every=timedelta(minutes=30), run=close_old_discussions),
        Job(name="pace", every=timedelta(minutes=1), run=turn_off_due),
        # What a request began and did not finish.
        Job(name="raids", every=timedelta(seconds=5), run=undo_raids),
        Job(name="heat", every=timedelta(minutes=1), run=as_published(look_for_heat)),
        Job(name="month", every=timedelta(minutes=5), run=open_month),
        Job(name="figures", every=timedelta(minutes=10), run=count_months),
        Job(
            name="renditions",
            every=timedelta(minutes=5),
            run=make_missing_renditions,
            wake=stories.pictures_wanted,
        ),
        Job(
            name="assistant",
            every=timedelta(minutes=1),
            run=let_assistant_learn,
            first=timedelta(minutes=1),
        ),
        # Not in the first minutes, which belong to the readers who wait for a restart.
        Job(
            name="selfcheck",
            every=timedelta(hours=1),
            run=check_everything,
            first=timedelta(minutes=5),
        ),
        Job(
            name="images",
            every=timedelta(days=1),
            run=collect_images,
            first=timedelta(minutes=20),
        ),
        Job(
            name="sessions",
            every=timedelta(days=1),
            run=forget_sessions,
            first=timedelta(minutes=15),
        ),
        Job(
            name="networks",
            every=timedelta(days=1),
            run=forget_networks,
            first=timedelta(minutes=12),
        ),
        Job(name="changes", every=timedelta(minutes=15), run=forget_changes),
        Job(
            name="forget", every=timedelta(days=1), run=forget_messages, first=timedelta(minutes=10)
        ),
    )


def deliver_messages(now: datetime) -> None:
    """Send what is due. With `mail = "mailbox"` nothing leaves, and the mailbox page shows it."""
    domain = urlsplit(settings.BROADSHEET_URL).hostname or "localhost"
    with outbox.mail_carrier(sender=settings.DEFAULT_FROM_EMAIL, domain=domain) as send:
        while outbox.deliver_due(now=now, send=send).tried:
            pass


def publish_scheduled(now: datetime) -> None:
    """Publish and take back what the desk has scheduled."""
    if stories.something_due(now=now):
        stories.publish_due(now=now)


def mend_threads(now: datetime) -> None:
    """Open or hide the threads that a crash left otherwise than their stories."""
    stories.repair(site=settings.SITE_SLUG, now=now)


def close_old_discussions(now: datetime) -> None:
    """Close discussions that are older than the publisher wants; a batch each time."""
    discussion.close_old_threads(days=settings.CONFIG["close_after_days"], now=now)


def turn_off_due(now: datetime) -> None:
    """Turn off slow modes, closings and raid modes whose time is over: for what pages say."""
    discussion.turn_off_due(now=now)


def look_for_heat(now: datetime) -> None:
    """See in which discussions more is going on than usual, and call whoever is on duty."""
    discussion.count_heat(now=now)
    call_by_heat(now=now)


def undo_raids(now: datetime) -> None:
    """Go on with raids that are being undone."""
    discussion.sweep_open(now=now)


def collect_images(now: datetime) -> None:
    """Delete files of images whose comment was refused, or lost in a crash."""
    discussion.collect_images(now=now)


def forget_networks(now: datetime) -> None:
    """Forget from which networks comments came, and who sent notices, when their days are over."""
    discussion.forget_networks(now=now)
    discussion.forget_senders(now=now)


def count_months(now: datetime) -> None:
    """Count what the page of the log says of the last months."""
    discussion.keep_figures(spans=spans_of_months(now), now=now)


def open_month(now: datetime) -> None:
    """Begin the campaign's new month."""
    funding.ensure_month(now=now)


def make_missing_renditions(now: datetime) -> None:  # noqa: ARG001 - a job is given the time
    """Make pictures that a crash, a new size or an import left unmade."""
    if stories.logo_missing():
        stories.make_logo()
    if stories.pictures_missing():
        run_in_child("renditions")


def let_assistant_learn(now: datetime) -> None:  # noqa: ARG001 - a job is given the time
    """Have the assistant learn what was decided, and score what waits."""
    if discussion.assistant_has_work():
        run_in_child("assistant")
    discussion.prepare_asking()


def check_everything(now: datetime) -> None:  # noqa: ARG001 - a job is given the time
    """Run the selfcheck; every problem is an error in the log."""
    run_in_child("selfcheck")


def forget_sessions(now: datetime) -> None:  # noqa: ARG001 - Django reads the clock itself
    """Delete sessions that are over."""
    SessionStore.clear_expired()


def forget_messages(now: datetime) -> None:
    """Delete messages that were sent a month ago."""
    outbox.forget_old(now=now)


def forget_changes(now: datetime) -> None:
    """Delete what every process has read of what changed."""
    pagestore.forget_old(now=now)
