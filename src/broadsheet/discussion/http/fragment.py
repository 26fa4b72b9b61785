"""The list of comments as one string.

A page may show six hundred comments. Django's templates take 17 ms for fifty of them, this takes
well under a millisecond per ten; so the list alone is drawn here, and everything around it is a
template. What people wrote is escaped, except for the stored HTML that kit.html made safe.
"""

from collections.abc import Iterable, Sequence
from html import escape

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from broadsheet.discussion.comments.shown import ShownComment, ThreadFacts
from broadsheet.discussion.http.marks import Marks
from broadsheet.discussion.http.moments import time_element
from broadsheet.discussion.http.noting import note_card
from broadsheet.discussion.http.picturing import figure as picture
from broadsheet.discussion.http.quoting import figure
from broadsheet.discussion.http.stubs import Stubs, runs_of
from broadsheet.discussion.http.voting import Voting
from broadsheet.discussion.http.wording import name_of, replies_label
from broadsheet.kit.html import SafeHtml

# Of those who answer a comment, as many are named on the line that its branch folds into.
NAMED = 3
# From so many answers on, a branch can be skipped by one key.
LONG_BRANCH = 3
# As kit.html writes it; what somebody typed has its "<" and quotation marks escaped.
_MENTION = '<a href="/c/'
_CLOSE_LIST = "</ol></details></li>"


def draw(
    comments: Sequence[ShownComment],
    *,
    thread: ThreadFacts,
    focus: int | None = None,
    sort: str = "",
    scattered: bool = False,
    at: int = 0,
) -> SafeHtml:
    """Return the items of `ol.thread`.

    `focus` is the comment whose page this is, if any; `at` the one that a page of the thread is
    around; `sort` the order that answering keeps; `scattered` that the comments come from all over
    the thread, so that each leads back into it.
    """
    drawing = _Drawing(comments, thread, focus, sort, scattered=scattered, at=at)
    return SafeHtml("".join(drawing.parts()))


class _Drawing:
    """One list being drawn: what is the same for all its comments is looked up once."""

    def __init__(
        self,
        comments: Sequence[ShownComment],
        thread: ThreadFacts,
        focus: int | None,
        sort: str,
        *,
        scattered: bool,
        at: int,
    ) -> None:
        self.comments = comments
        self.thread = thread
        self.marked = focus or at
        self.scattered = scattered
        self.here = frozenset(comment.number for comment in comments)
        self.marks = Marks(comments)
        self.answering_names = _names_by_parent(comments)
        self.roots = [comment.number for comment in comments if comment.parent is None]
        self.permalinks = reverse("discussion:comment", args=[1]).removesuffix("1/")
        # On the story's own page the address is known; said twice a comment, it would weigh.
        self.page = page = "" if focus is None else thread.url
        asked = f"{page}?{f'sort={sort}&' if sort else ''}"
        self.answering = escape(f"{asked}reply=")
        self.around = escape(f"{asked}at=")
        self.voting = Voting()
        self.stubs = Stubs()
        self.reply = gettext("Reply")
        self.quote = pgettext("verb", "Quote")
        self.whom_to_quote = gettext("words of %(name)s")
        self.to_whom = gettext("to %(name)s")
        self.in_reply_to = gettext("in reply to %(name)s")
        self.level = gettext("(level %(level)s)")
        self.gone = gettext("a comment that is gone")
        self.on_edition = gettext("on version %(number)s of the story")
        self.skip = gettext("Skip these replies")
        self.edited = gettext("edited")
        self.labels = {"newsroom": gettext("Newsroom"), "moderator": gettext("Moderator")}

    def permalink(self, number: int) -> str:
        return f"{self.permalinks}{number}/"

    def parts(self) -> Iterable[str]:
        for run in runs_of(self.comments, apart=self.marked, scattered=self.scattered):
            comment = run[-1]
            yield "<li>"
            if len(run) > 1:
                yield f'<details class="gones"><summary>{self.stubs.together(run)}</summary>'
            for one in run:
                yield from self.article(one)
            if len(run) > 1:
                yield "</details>"
            if self.scattered:
                yield f'<p class="more">{self.back(comment)}</p>'
            if comment.hidden and comment.hidden_on == comment.number:
                yield f'<p class="more">{self.more(comment)}</p>'
            if comment.opens:
                yield self.summary(comment)
                if comment.hidden and comment.hidden_on != comment.number:
                    yield f'<li class="more">{self.more(comment)}</li>'
                continue
            yield "</li>"
            yield _CLOSE_LIST * (len(comment.closes) - 1)
            if comment.hidden and comment.hidden_on != comment.number:
                yield f'<li class="more">{self.more(comment)}</li>'
            if comment.closes:
                yield _CLOSE_LIST

    def article(self, comment: ShownComment) -> Iterable[str]:
        number = comment.number
        current = ' aria-current="true"' if number == self.marked else ""
        # With whom it answers and how deep: who hears the page has no indent to look at.
        answers = comment.parent is not None and comment.is_public
        heard = f"n{number} r{number}" if answers else f"n{number}"
        since = f' data-event="{comment.event}"' if comment.event and comment.is_public else ""
        yield (
            f'<article class="c" id="c{number}" data-comment="{number}"'
            f' data-parent="{comment.parent or ""}"{since} aria-labelledby="{heard}"{current}>'
        )
        for anchor in comment.anchors:
            yield f'<a id="{escape(anchor)}"></a>'
        yield from self.words(comment) if comment.is_public else self.stub(comment)
        yield "</article>"

    def words(self, comment: ShownComment) -> Iterable[str]:
        number, name = comment.number, escape(name_of(comment.author))
        label = self.labels.get(comment.voice)
        shown_label = f'<span class="label">{label}</span>' if label else ""
        other = comment.language and comment.language != self.thread.language
        language = f' lang="{escape(comment.language)}"' if other else ""
        yield (
            f'<header><h3 id="n{number}"><bdi>{name}</bdi></h3>{shown_label}'
            f"{self.marks.drawn(comment)}"
            f"{time_element(comment.created_at, link=self.permalink(number))}"
            f"{self.changed(comment)}{self.earlier_edition(comment)}{self.answered(comment)}</header>"
            f"{self.about(comment)}"
        )
        words = (
            f"{self.quotes(comment, matched=False)}"
            f'<div class="txt" dir="auto"{language}>{self.local(comment.html)}</div>'
            f"{picture(comment.image, number=number) if comment.image else ''}"
            f"{self.quotes(comment, matched=True)}"
        )
        # Who asks for this one has it open.
        yield words if number == self.marked else self.voting.around(comment, words)
        yield f'<div class="acts">{self.voting.form(comment, permalink=self.permalink(number))}'
        if not self.thread.closed and self.marks.takes_replies(comment):
            to_whom = self.to_whom % {"name": name}
            of_whom = self.whom_to_quote % {"name": name}
            yield (
                f'<a href="{self.answering}{number}#composer" data-reply="{number}">{self.reply}'
                f'<span class="vh"> {to_whom}</span></a>'
                f'<a href="{self.answering}{number}&amp;quote=1#composer" data-quote="{number}">'
                f'{self.quote}<span class="vh"> {of_whom}</span></a>'
            )
        yield "</div>"

    def about(self, comment: ShownComment) -> str:
        """Say which words of the story it is on, and what was asked about them."""
        return note_card(comment.note, thread=self.thread, page=self.page) if comment.note else ""

    def local(self, html: str) -> str:
        """Let a mention of what is on this page lead to its place here."""
        if _MENTION not in html:
            return html
        parts = html.split(_MENTION)
        for at, part in enumerate(parts[1:], 1):
            number, _, rest = part.partition('/"')
            here = int(number) in self.here
            parts[at] = f'<a href="#c{number}"{rest}' if here else f"{_MENTION}{part}"
        return "".join(parts)

    def quotes(self, comment: ShownComment, *, matched: bool) -> str:
        """Draw what a comment quotes: before its words what was chosen, after them what was found.

        The latter stands in the words already, and is shown in its sentence below them.
        """
        return "".join(
            figure(quote, thread=self.thread, here=self.here, permalinks=self.permalinks)
            for quote in comment.quotes
            if quote.matched is matched
        )

    def changed(self, comment: ShownComment) -> str:
        """Say that it said something else before, and lead to what."""
        if comment.edited_at is None:
            return ""
        address = f"{self.permalink(comment.number)}versions/"
        moment = time_element(comment.edited_at)
        return f'<a class="edition" href="{address}">{self.edited} {moment}</a>'

    def earlier_edition(self, comment: ShownComment) -> str:
        """Say that the story was another one when this was written, where readers can look."""
        thread = self.thread
        if not thread.editions_url or not 0 < comment.edition < thread.edition:
            return ""
        words = self.on_edition % {"number": comment.edition}
        url = f"{escape(thread.editions_url)}{comment.edition}/"
        return f'<a class="edition" href="{url}">{words}</a>'

    def answered(self, comment: ShownComment) -> str:
        """Say who is answered: in sight where the indent does not show it, aloud everywhere."""
        if comment.parent is None:
            return ""
        whom = self.gone
        if comment.answers is not None:
            whom = f"<bdi>{escape(name_of(comment.answers))}</bdi>"
        parent = comment.parent
        page = "" if parent in self.here else self.permalink(parent)
        link = f'<a href="{page}#c{parent}">{whom}</a>'
        level = self.level % {"level": comment.depth + 1}
        mark = f'id="r{comment.number}"'
        if comment.says_whom:
            words = self.in_reply_to % {"name": link}
            return f'<p class="to" {mark}>{words}<span class="vh"> {level}</span></p>'
        # Out of sight there is no link: nobody who sees could tell where the focus went.
        return f'<p class="vh" {mark}>{self.in_reply_to % {"name": whom}} {level}</p>'

    def stub(self, comment: ShownComment) -> Iterable[str]:
        yield f'<div class="gone"><p id="n{comment.number}">{self.stubs.line(comment)}</p></div>'

    def summary(self, comment: ShownComment) -> str:
        name = name_of(comment.author) if comment.is_public else gettext("this comment")
        to_whom = self.to_whom % {"name": escape(name)}
        kind = "replies straight" if comment.talk else "replies"
        return (
            f'<details class="{kind}" open><summary>{replies_label(comment.replies)}'
            f'<span class="vh"> {to_whom}</span>{self.who_answers(comment)}</summary>'
            f"{self.past(comment)}<ol>"
        )

    def who_answers(self, comment: ShownComment) -> str:
        """Name the first of those who answer, for the line that is left of a folded branch."""
        names = self.answering_names.get(comment.number, ())
        if not names:
            return ""
        named = ", ".join(f"<bdi>{escape(name)}</bdi>" for name in names[:NAMED])
        return f'<span class="by">: {named}{" …" if len(names) > NAMED else ""}</span>'

    def past(self, comment: ShownComment) -> str:
        """Lead past a whole branch, to what comes after it; out of sight until it has the focus."""
        if comment.parent is not None or comment.descendants < LONG_BRANCH:
            return ""
        at = self.roots.index(comment.number) + 1
        target = f"c{self.roots[at]}" if at < len(self.roots) else "discussion-end"
        return f'<a class="vh jump" href="#{target}">{self.skip}</a>'

    def back(self, comment: ShownComment) -> str:
        """Lead from a part of the thread to the same comment among all of them, in the same order.

        Those pages are there for people on their way: a program would read the thread many times.
        """
        number = comment.number
        around = gettext("around the comment of %(name)s") % {
            "name": escape(name_of(comment.author))
        }
        words = f'{gettext("View all comments")}<span class="vh"> {around}</span>'
        return f'<a href="{self.around}{number}#c{number}" rel="nofollow">{words}</a>'

    def more(self, comment: ShownComment) -> str:
        page = self.permalink(comment.hidden_on)
        query = f"?after={comment.hidden_after}" if comment.hidden_after else ""
        text = ngettext("%(count)s more reply", "%(count)s more replies", comment.hidden)
        return f'<a href="{page}{query}">{text % {"count": comment.hidden}}</a>'


def _names_by_parent(comments: Iterable[ShownComment]) -> dict[int, list[str]]:
    """Return who answers each comment on the page, each once, in reading order."""
    names: dict[int, list[str]] = {}
    for comment in comments:
        if comment.parent is not None and comment.is_public:
            known = names.setdefault(comment.parent, [])
            name = name_of(comment.author)
            if name not in known:
                known.append(name)
    return names
