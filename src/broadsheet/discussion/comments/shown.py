"""What a page shows of comments: frozen, and already in the order and shape of the page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from broadsheet.discussion.images.shown import ShownImage
from broadsheet.discussion.notes.shown import NoteCard, ShownNote
from broadsheet.discussion.quotes.shown import ShownQuote
from broadsheet.discussion.rules.citing import Cited
from broadsheet.discussion.rules.pacing import Switches
from broadsheet.kit.html import SafeHtml

# Deeper answers stand flat below the last level, each saying whom it answers.
DEEPEST_INDENT = 7
# On a phone the indent ends here.
CLEAR_INDENT = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Who wrote.

    `guest` is the number of a nameless guest in its thread; without name and number the person was
    erased.
    """

    name: str = ""
    guest: int | None = None


@dataclass(frozen=True, slots=True)
class ShownComment:
    """One comment on a page.

    `state` is "published", "removed" or "held"; in the last two the text is empty, `rule` says why,
    and `cited` where that is written down. `parent` is None for a root; `answers` is who wrote the
    parent, None where that is a stub.
    `level` is the indent on this page; `says_whom` that the indent does not show the parent, so
    that words must; `talk` that its one answer goes on a talk of two and stands at its own indent.
    `writer` tells people of one name apart, 0 for a stub. `event` is the thread's event with which
    it appeared, 0 where nobody knows.
    `featured`: the newsroom chose it; `answer`: it is the newsroom's answer to its parent;
    `closed`: below it nothing new is taken, until `closed_until` if that is known. `opens` says
    that a list of answers begins after it; `closes` has an entry for each list that ends after it.
    `hidden` counts the answers that this page does not show after it; they are at
    `/c/<hidden_on>/`, from the cursor `hidden_after` on. `edited_at`: there are earlier versions,
    at `/c/<number>/versions/`. `note` is the phrase of the story that it is on.
    """

    number: int
    parent: int | None
    root: int
    depth: int
    path: bytes
    author: Person
    answers: Person | None
    voice: str
    html: SafeHtml
    language: str
    state: str
    rule: str
    created_at: datetime
    up: int
    down: int
    replies: int
    descendants: int
    pinned: bool
    featured: bool = False
    answer: bool = False
    closed: bool = False
    closed_until: datetime | None = None
    edition: int = 0
    event: int = 0
    writer: int = 0
    cited: Cited | None = None
    edited_at: datetime | None = None
    anchors: tuple[str, ...] = ()
    quotes: tuple[ShownQuote, ...] = ()
    note: NoteCard | None = None
    image: ShownImage | None = None
    level: int = 0
    says_whom: bool = False
    talk: bool = False
    opens: bool = False
    closes: tuple[int, ...] = ()
    hidden: int = 0
    hidden_on: int = 0
    hidden_after: str = ""

    @property
    def score(self) -> int:
        return self.up - self.down

    @property
    def is_public(self) -> bool:
        return self.state == "published"


@dataclass(frozen=True, slots=True)
class ThreadFacts:
    """A thread's own attributes. `event` is the number of the last thing that changed its page.

    `edition` numbers the text under discussion, `editions_url` is where its editions can be read.
    `hidden`: its story is not public at present. `closed_because`: why it was closed, in the words
    of whoever did, on the pages that say so. `inline_count` of its comments are on a phrase of the
    story. `switches` are what is on of the thread, then of the whole site;
    `slow_branches` counts those with a slow mode of their own.
    """

    id: int
    site: str
    key: str
    url: str
    title: str
    language: str
    closed: bool
    comment_count: int
    root_count: int
    event: int
    edition: int = 0
    editions_url: str = ""
    hidden: bool = False
    closed_because: str = ""
    inline_count: int = 0
    switches: tuple[Switches, ...] = ()
    slow_branches: int = 0

    @property
    def closed_with_site(self) -> bool:
        """Say so of a thread that takes nothing because no thread does."""
        return any(one.closed_at for one in self.switches) and not self.switches[0].closed_at

    @property
    def opens_at(self) -> datetime | None:
        """Return when it opens by itself, if it is known that it does."""
        ends = [one.closed_until for one in self.switches if one.closed_at]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """One page of a thread: at most 20 roots with their answers, flat, in reading order.

    Before them, on the first page, what is pinned; it does not stand there again.

    `after` is the cursor of the next page or "", `before` that of the page before. `first` is False
    on a later page. `at` is the comment around which the page is, or 0. `by_staff`: the newsroom
    wrote in this thread. With `show` it is a part of the thread, flat: "staff", or
    "inline", perhaps of one `note`. `notes` are those beside the story.
    """

    thread: ThreadFacts
    sort: str
    comments: tuple[ShownComment, ...]
    after: str
    first: bool
    by_staff: bool = False
    show: str = ""
    notes: tuple[ShownNote, ...] = ()
    note: NoteCard | None = None
    before: str = ""
    at: int = 0

    @property
    def comment_count(self) -> int:
        return self.thread.comment_count


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A comment by itself: below the root and the nearest of what it answers, above its answers.

    `comments` holds them all in reading order, `comment` is the one asked for. `gap` counts those
    between the root and the nearest that are not shown. `after` is the cursor of the next page of
    answers or "".
    """

    thread: ThreadFacts
    comment: ShownComment
    comments: tuple[ShownComment, ...]
    gap: int
    after: str
    first: bool


def nested(comments: Sequence[ShownComment]) -> tuple[ShownComment, ...]:
    """Say where the lists of answers open and close, for comments in the order of their paths.

    Works on a stack of at most DEEPEST_INDENT levels, never by recursion. A comment whose ancestors
    are not among `comments` stands one level below the nearest one that is.
    """
    placed = list(_placed(comments))
    talks = _talks(comments)
    following = [*(level for level, _ in placed[1:]), 0][: len(placed)]
    return tuple(
        replace(
            comment,
            level=level,
            says_whom=bool(comment.parent)
            and (level > CLEAR_INDENT or around != comment.parent or comment.parent in talks),
            talk=comment.number in talks,
            opens=after > level,
            closes=tuple(range(level - after)),
        )
        for comment, (level, around), after in zip(comments, placed, following, strict=True)
    )


def _placed(comments: Iterable[ShownComment]) -> Iterable[tuple[int, int | None]]:
    """Yield for each comment its level, and the comment in whose list of answers it stands."""
    above: list[ShownComment] = []
    for comment in comments:
        while above and not _stands_below(comment, above[-1]):
            above.pop()
        level = min(len(above), DEEPEST_INDENT)
        yield level, above[level - 1].number if level else None
        above.append(comment)


def _stands_below(comment: ShownComment, other: ShownComment) -> bool:
    """Say so of comments of one page as far as their paths tell: a root has an empty one."""
    return len(other.path) < len(comment.path) and comment.path.startswith(other.path)


def _talks(comments: Sequence[ShownComment]) -> set[int]:
    """Return the answers whose own and only answer is by whoever they answer.

    Two people talking to each other need no indent to be followed, and would soon have no room.
    """
    by_number = {comment.number: comment for comment in comments}
    answers = Counter(comment.parent for comment in comments)
    found = set()
    for comment in comments:
        answered = by_number.get(comment.parent or 0)
        first = by_number.get(answered.parent or 0) if answered else None
        if answered is None or first is None:
            continue
        # Of a stub nobody is told who wrote it, not by the indent either.
        public = comment.is_public and answered.is_public
        if (
            public
            and comment.writer == first.writer != answered.writer
            and answered.replies == answers[answered.number] == 1
        ):
            found.add(answered.number)
    return found
