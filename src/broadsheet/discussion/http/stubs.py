"""The one quiet line that a removed comment leaves: the rule, and the entry of the log."""

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from broadsheet.discussion.comments.shown import ShownComment
from broadsheet.discussion.http.wording import rule_sentence
from broadsheet.discussion.rules.editing import WITHDRAWN


class Stubs:
    """What is the same for all stubs of a list is looked up once."""

    def __init__(self) -> None:
        self.log = reverse("discussion:log_entry", args=[1]).removesuffix("1/")
        self.rules = reverse("discussion:rules_version", args=[1]).removesuffix("1/")

    def line(self, comment: ShownComment) -> str:
        """Return why a comment is not there, as HTML."""
        if comment.rule == WITHDRAWN:
            return gettext("Withdrawn by its author.")
        if comment.state == "held":
            text = gettext("A moderator is reading this comment again.")
            return self._with_entry(text.rstrip("."), comment) if comment.cited else text
        return self._with_entry(self._removed(comment), comment)

    def together(self, run: Sequence[ShownComment]) -> str:
        """Return what is said of several that follow each other: how many, under which rules."""
        said = ngettext("%(count)s comment removed", "%(count)s comments removed", len(run))
        said %= {"count": len(run)}
        numbers = Counter(one.cited.number for one in run if one.cited and one.cited.number)
        rules = ", ".join(
            gettext("rule %(number)s") % {"number": number} + (f" ({count})" if count > 1 else "")
            for number, count in sorted(numbers.items())
        )
        return f"{said}: {rules}" if rules else said

    def _removed(self, comment: ShownComment) -> str:
        cited = comment.cited
        if cited is not None and cited.number:
            address = f"{self.rules}{cited.version}/#rule-{cited.number}"
            rule = gettext("rule %(number)s") % {"number": cited.number}
            linked = f'<a href="{address}" rel="nofollow">{rule}</a>'
            return gettext("Removed: %(why)s") % {"why": linked}
        why = rule_sentence(comment.rule)
        if not why:
            return gettext("Removed")
        return gettext("Removed: %(why)s") % {"why": escape(why)}

    def _with_entry(self, text: str, comment: ShownComment) -> str:
        cited = comment.cited
        if cited is None:
            return text
        said = f"{text} · {self._entry(cited.entry)}"
        if not cited.upheld:
            return said
        outcome = gettext("upheld on a second look, %(entry)s")
        return f"{said} · {outcome % {'entry': self._entry(cited.upheld)}}"

    def _entry(self, number: int) -> str:
        words = gettext("log %(number)s") % {"number": number}
        return f'<a href="{self.log}{number}/" rel="nofollow">{words}</a>'


def runs_of(
    comments: Sequence[ShownComment], *, apart: int, scattered: bool
) -> Iterator[Sequence[ShownComment]]:
    """Yield comments in their order, stubs that follow each other as siblings together.

    Only those that nothing stands below. `apart` is a comment that somebody asked for; `scattered`
    ones come from all over a thread, and are no siblings.
    """
    run: list[ShownComment] = []
    for comment in comments:
        joins = _may_join(comment) and comment.number != apart and not scattered
        if run and joins and run[-1].parent == comment.parent and not run[-1].closes:
            run.append(comment)
            continue
        if run:
            yield run
            run = []
        if joins:
            run = [comment]
        else:
            yield (comment,)
    if run:
        yield run


def _may_join(comment: ShownComment) -> bool:
    removed = comment.state == "removed" and comment.rule != WITHDRAWN
    return removed and not comment.opens and not comment.hidden
