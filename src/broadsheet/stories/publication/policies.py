"""Policy pages: made from starting texts, each once, and what has become of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from wagtail.log_actions import log

from broadsheet.kit.actor import Actor
from broadsheet.kit.verdict import require
from broadsheet.readers.api import account_of
from broadsheet.stories.models import FrontPage, Policy, TextPage
from broadsheet.stories.publication import rules, texts
from broadsheet.stories.publication.queries import publication

# `/corrections/` is the list of corrections itself.
SLUGS: Final = {
    Policy.MASTHEAD: "masthead",
    Policy.ETHICS: "ethics",
    Policy.CORRECTIONS: "corrections-policy",
    Policy.FUNDING: "ownership-and-funding",
    Policy.PRIVACY: "privacy",
}


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """A policy for staff. `page` is None until there is a page, `to_fill` counts open places."""

    kind: str
    label: str
    page: int | None
    live: bool
    to_fill: int


def policy_pages() -> tuple[PolicyPage, ...]:
    """Return all kinds in their order, each with its page if there is one. Two queries."""
    rows = list(TextPage.objects.exclude(policy="").order_by("-live", "path"))
    found: dict[str, TextPage] = {}
    for row in rows:
        found.setdefault(row.policy, row)
    return tuple(_described(kind, found.get(kind)) for kind in SLUGS)


@transaction.atomic
def add_policy_pages(
    *,
    actor: Actor,
    now: datetime,
    answers: Mapping[str, Mapping[str, str]] | None = None,
    publish: bool = False,
) -> tuple[str, ...]:
    """Make the policy pages that are missing, as drafts unless `publish`; returns their kinds.

    `answers` fill places in the texts, by kind and key. What is there stays as it is, so a second
    call makes nothing. Raises RefusalError (`publication.not_yours`).
    """
    require(rules.may_add_policy_pages(actor=actor))
    there = set(TextPage.objects.exclude(policy="").values_list("policy", flat=True))
    front = FrontPage.objects.first()
    missing = [kind for kind in SLUGS if kind not in there] if front else []
    name = publication(now=now).name
    for kind in missing:
        body = texts.blocks_of(kind, name=name, answers=(answers or {}).get(kind, {}))
        _make(kind, body, front=front, user=account_of(actor), publish=publish)
    return tuple(missing)


def _make(
    kind: Policy, body: list[dict[str, Any]], *, front: Any, user: Any, publish: bool
) -> None:
    page = TextPage(
        title=str(kind.label), slug=_free(SLUGS[kind], front), policy=kind, in_footer=True
    )
    page.live, page.has_unpublished_changes, page.owner = False, True, user
    page.body = page.body.stream_block.to_python(body)
    front.add_child(instance=page)
    revision = page.save_revision(user=user, log_action=False)
    log(instance=page, action="wagtail.create", user=user, revision=revision, content_changed=True)
    if publish:
        revision.publish(user=user)


def _free(slug: str, front: Any) -> str:
    taken = set(front.get_children().values_list("slug", flat=True))
    candidates = (slug, *(f"{slug}-{number}" for number in range(2, len(taken) + 3)))
    return next(candidate for candidate in candidates if candidate not in taken)


def _described(kind: Policy, page: TextPage | None) -> PolicyPage:
    if page is None:
        return PolicyPage(kind, str(kind.label), None, live=False, to_fill=0)
    # The text as it is being written, which a draft of a live page keeps in its revision.
    latest = page.get_latest_revision_as_object() if page.latest_revision_id else page
    places = texts.places_to_fill(latest.body.raw_data)
    return PolicyPage(kind, str(kind.label), page.pk, live=page.live, to_fill=places)
