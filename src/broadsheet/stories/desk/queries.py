"""Reading for the desk: what is due, and whose stories are where. Lists are short by intent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from django.db.models import Min, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Length, NullIf, Substr
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from wagtail.models import Page, Revision, TaskState, WorkflowState

from broadsheet.stories import rules
from broadsheet.stories.desk import wording
from broadsheet.stories.models import Byline, FrontPage, SectionPage, StoryPage

LENGTH: Final = 15
LATELY: Final = 5


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do somewhere on the site."""

    writes: bool
    publishes: bool


@dataclass(frozen=True, slots=True)
class DeskStory:
    """A line of a list: `at` and `when` are the time the list is about, `note` a word to it."""

    title: str
    edit_url: str
    section: str
    at: datetime | None
    when: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mine:
    returned: tuple[DeskStory, ...]
    submitted: tuple[DeskStory, ...]
    drafts: tuple[DeskStory, ...]
    published: tuple[DeskStory, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """What goes out by itself, and what looks as if it did: a time is set, nothing scheduled."""

    scheduled: tuple[DeskStory, ...]
    forgotten: tuple[DeskStory, ...]


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


def rights_of(*, user: Any) -> Rights:
    """Read what somebody may do below the front page."""
    front = FrontPage.objects.first()
    if front is None:
        return Rights(writes=False, publishes=False)
    rights = front.permissions_for_user(user)
    return Rights(writes=rights.can_add_subpage(), publishes=rights.can_publish())


def sections_for(*, user: Any) -> list[SectionPage]:
    """Return the sections that somebody may write in, in the order of the menu."""
    rows = SectionPage.objects.live().order_by("in_menu_order", "path")
    return [row for row in rows if row.permissions_for_user(user).can_add_subpage()]


def my_stories(*, user: Any) -> Mine:
    """Return the stories that somebody began or is named in."""
    mine = _of(user)
    states = _states(mine)
    going = {pk for pk, state in states.items() if state.status == state.STATUS_IN_PROGRESS}
    unpublished = mine.filter(Q(live=False) | Q(has_unpublished_changes=True))
    by_change = "-latest_revision_created_at"
    return Mine(
        returned=_lines(
            mine.filter(pk__in=states.keys() - going).order_by(by_change, "-pk")[:LENGTH],
            notes={pk: _comment(state) for pk, state in states.items()},
        ),
        submitted=_lines(mine.filter(pk__in=going).order_by(by_change, "-pk")[:LENGTH]),
        drafts=_lines(unpublished.exclude(pk__in=states).order_by(by_change, "-pk")[:LENGTH]),
        published=_lines(
            mine.filter(live=True).order_by("-first_published_at", "-pk")[:LATELY],
            at="first_published_at",
        ),
    )


def to_review(*, user: Any) -> tuple[DeskStory, ...]:
    """Return the stories that wait for somebody's approval, the longest first."""
    tasks = TaskState.objects.reviewable_by(user).select_related("workflow_state__requested_by")
    waits = {
        int(task.workflow_state.object_id): task for task in tasks.order_by("started_at", "pk")
    }
    rows = {row.pk: row for row in _with_section(StoryPage.objects.filter(pk__in=waits))}
    lines = [
        _line(rows[pk], at=task.started_at, note=_name(task.workflow_state.requested_by))
        for pk, task in waits.items()
        if pk in rows
    ]
    return tuple(lines[:LENGTH])


def scheduled(*, user: Any, now: datetime) -> Schedule:
    """Return what is scheduled, the next first; with a user only what is theirs."""
    approved = Revision.objects.filter(approved_go_live_at__isnull=False)
    times = {
        int(pk): at
        for pk, at in approved.order_by("approved_go_live_at", "pk").values_list(
            "object_id", "approved_go_live_at"
        )
    }
    mine = _of(user)
    rows = {row.pk: row for row in _with_section(mine.filter(pk__in=times))}
    lines = tuple(_line(rows[pk], at=at) for pk, at in times.items() if pk in rows)
    return Schedule(lines[:LENGTH], _forgotten(mine.exclude(pk__in=times), now))


def under_embargo(*, user: Any, now: datetime) -> tuple[DeskStory, ...]:
    """Return what is under embargo, the first to be free first; with a user what is theirs."""
    rows = _of(user).filter(live=False, embargo_until__gt=now)
    return _lines(rows.order_by("embargo_until", "pk")[:LENGTH], at="embargo_until")


def _forgotten(rows: QuerySet[StoryPage], now: datetime) -> tuple[DeskStory, ...]:
    """A time is set in the newest draft, and nothing is scheduled.

    The draft of a public story is in its revision alone.
    """
    # As it stands in the JSON, in UTC; without a time there is a null of JSON's, not of SQL's.
    # Nothing else of a draft is read: its body is long.
    null = Value("null", output_field=TextField())
    at = NullIf(KeyTextTransform("go_live_at", "latest_revision__content"), null)
    drafts = rows.filter(Q(live=False) | Q(has_unpublished_changes=True)).annotate(draft_at=at)
    ahead = Q(draft_at__gt=now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    timed = drafts.filter(ahead | Q(first_published_at=None), draft_at__isnull=False)
    lines = []
    for row in _with_section(timed.order_by("draft_at", "pk"))[:LENGTH]:
        moment = parse_datetime(cast("Any", row).draft_at)
        if rules.is_forgotten_schedule(
            go_live_at=moment,
            was_public=row.first_published_at is not None,
            unpublished=True,
            scheduled=False,
            now=now,
        ):
            lines.append(_line(row, at=moment))
    return tuple(lines)


def _of(user: Any) -> QuerySet[StoryPage]:
    """The stories of somebody: begun by their account, or with their byline. None: all."""
    rows: QuerySet[StoryPage] = StoryPage.objects.all()
    if user is None:
        return rows
    named = Byline.objects.filter(person__user=user).values("story_id")
    return rows.filter(Q(owner=user) | Q(pk__in=named))


def _states(rows: QuerySet[StoryPage]) -> dict[int, WorkflowState]:
    """The workflow that each of these stories is in, if it is in one."""
    active = WorkflowState.objects.active().select_related("current_task_state").order_by("pk")
    ids = {str(pk) for pk in rows.values_list("pk", flat=True)}
    return {int(state.object_id): state for state in active if state.object_id in ids}


def _with_section(rows: QuerySet[StoryPage]) -> QuerySet[StoryPage]:
    parent = Page.objects.filter(
        path=Substr(OuterRef("path"), 1, Length(OuterRef("path")) - Page.steplen)
    )
    named: Any = rows.annotate(section_title=Subquery(parent.values("title")[:1])).defer("body")
    return cast("QuerySet[StoryPage]", named)


def _lines(
    rows: QuerySet[StoryPage],
    *,
    at: str = "latest_revision_created_at",
    notes: Mapping[int, str] | None = None,
) -> tuple[DeskStory, ...]:
    return tuple(
        _line(row, at=getattr(row, at), note=(notes or {}).get(row.pk, ""))
        for row in _with_section(rows)
    )


def _line(row: Any, *, at: datetime | None, note: str = "") -> DeskStory:
    return DeskStory(
        title=row.draft_title or row.title,
        edit_url=reverse("wagtailadmin_pages:edit", args=(row.pk,)),
        section=row.section_title,
        at=at,
        when=wording.moment(at) if at else "",
        note=note,
    )


def _comment(state: WorkflowState) -> str:
    return state.current_task_state.comment if state.current_task_state else ""


def _name(user: Any) -> str:
    return user.shown_name if user else ""
