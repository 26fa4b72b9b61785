"""What readers are shown of a room, compared with what its model says."""

from typing import Any

from broadsheet.discussion import api, queries
from broadsheet.discussion.comments.queries import SORTS
from broadsheet.discussion.rules.marking import MARKS
from discussion.making import problems, row
from discussion.model import Said, sentence
from discussion.playing import PEOPLE, Play

# So few to a page that what is tried here has several.
ROOTS_PER_PAGE, REPLIES_PER_ROOT, REPLIES_PER_PAGE = 3, 5, 7


def check(play: Play) -> None:
    """Compare all of it: counters, every order, words and quotes only while they may be seen."""
    assert problems() == []
    check_news(play)
    check_own_votes(play)
    check_closed(play)
    comments = play.model.comments
    for sort in SORTS:
        pages = list(play.room.pages(sort=sort))
        for page in pages:
            assert len({one.number for one in page.comments}) == len(page.comments)
        shown = {one.number: one for page in pages for one in page.comments}
        roots = [number for number in shown if comments[number].parent is None]
        assert roots == play.model.roots(sort)
        assert back_from(play, pages[-1]) == roots
        for root in roots:
            below = [n for n in shown if n != root and play.model.way_up(n)[-1] == root]
            assert below == play.model.below(root)[:REPLIES_PER_ROOT]
    for root in roots:
        check_branch(play, root)
    public = [one for one in comments.values() if one.public]
    assert pages[0].thread.comment_count == len(public)
    for number in play.model.drawn():
        around = play.room.page(sort=SORTS[number % len(SORTS)], at=number)
        assert number in {one.number for one in around.comments}
        check_all_shown(play, around)
        check_all_shown(play, api.comment_page(number=number))
    check_all_shown(play, play.room.page(show="staff"))
    for number, found in shown.items():
        check_shown(play, comments[number], found)
    for one in comments.values():
        kept = row(one.number)
        assert (kept.up, kept.down, kept.score) == (*one.counts, one.score)
        check_versions(play, one)


def back_from(play: Play, page: api.ThreadPage) -> list[int]:
    """Return the roots of a page and of all before it, in their order."""
    pages = [page]
    while before := pages[0].before:
        pages.insert(0, play.room.page(sort=page.sort, before=before))
    roots = [one.number for page in pages for one in page.comments if one.parent is None]
    return list(dict.fromkeys(roots))


def check_branch(play: Play, root: int) -> None:
    """All below a root, as its own pages show it."""
    found: list[int] = []
    after, more = "", True
    while more:
        page = api.comment_page(number=root, after=after)
        assert page is not None
        check_all_shown(play, page)
        found += [one.number for one in page.comments if one.number != root]
        after, more = page.after, bool(page.after)
    assert found == play.model.below(root)


def check_news(play: Play) -> None:
    new, changed, event = set(), set(), play.page_at
    while news := queries.news_since(thread_id=play.room.id, event=event):
        new, changed = new.union(news.new), changed.union(news.changed)
        if news.event == event:
            break
        event = news.event
    must_be_new, must_have_changed = play.model.news(play.drawn)
    assert new == must_be_new
    assert changed >= must_have_changed


def check_closed(play: Play) -> None:
    """Nobody answers what stands below a closed comment, near or far."""
    for number in list(play.model.comments):
        refused = play.model.refuses_post(number)
        if refused == "branch_closed":
            play.does(refused, lambda to=number: play.room.post(sentence(-1), to=to))


def check_own_votes(play: Play) -> None:
    for by in PEOPLE:
        given = {one.number: one.votes.get(by.id, 0) for one in play.model.comments.values()}
        mine = queries.my_votes(owner=by.id, thread_id=play.room.id)
        assert mine == {number: value for number, value in given.items() if value}


def check_shown(play: Play, one: Said, found: Any) -> None:
    assert found.is_public == one.public
    assert (found.up, found.down) == one.counts
    assert {mark for mark in MARKS.values() if getattr(found, mark)} == one.marks
    assert (found.author != api.Person()) == bool(found.writer) == one.public
    parent = play.model.comments.get(found.parent)
    answers = parent.by.name if parent and parent.public else None
    assert (found.answers and found.answers.name) == answers
    assert (one.words in found.html) if one.public else not (found.html or found.quotes)
    if not one.public:
        return
    quotes = []
    for quote in one.quotes:
        standing = play.model.standing(quote)
        words = quote.exact if standing in {"stands", "edited"} else ""
        quotes.append((quote.source, words, quote.matched, standing))
    assert [(q.source, q.exact, q.matched, q.standing) for q in found.quotes] == quotes
    assert all(q.exact or not (q.name or q.before or q.after) for q in found.quotes)


def check_all_shown(play: Play, page: api.ThreadPage | api.CommentPage | None) -> None:
    assert page is not None
    for found in page.comments:
        check_shown(play, play.model.comments[found.number], found)


def check_versions(play: Play, one: Said) -> None:
    found = api.comment_versions(number=one.number)
    assert (found is not None) == (one.public and one.revision > 1)
    if found is None:
        return
    words = {**one.earlier, one.revision: one.words}
    for version in found.versions:
        runs = [run for line in version.lines for run in line.runs]
        there = " ".join(run.text for run in runs if run.kind != "del")
        wanted = words.pop(version.number)
        assert (wanted in there) if wanted else not runs
        # Nor does the version after it say what was taken away.
        assert not any(gone in run.text for gone in one.taken for run in runs)
    assert not words
