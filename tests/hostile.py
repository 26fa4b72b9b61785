"""What people send who want a page to do something else; a program that sows it in a newsroom.

`gather` reads the corpora of the test data. Run as a program in a newsroom's environment it takes a
list of texts as JSON, sows each wherever somebody's words are kept, and says where.
"""

import json
import re
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

if TYPE_CHECKING:
    from broadsheet.discussion.api import Posted
    from broadsheet.stories.models import StoryPage

# A page shows 20 conversations with 30 answers each: ten of each text below the first.
TEXTS_PER_TALK: Final = 16
# Of a few hundred signs each, there are some twenty in one.
PACK: Final = 3_000
# What replacing takes for the text that it replaces, and for what stands around that.
SIGNS: Final = "Cash $& $` $' $$ $1"
# A name has 60 characters, so that most of the collected ones are cut off in it.
NAMES: Final = (
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(2)>",
    '"><script>alert(3)</script>',
    "' onmouseover='alert(4)",
    '" autofocus onfocus="alert(5)',
    "</title></script><script>alert(6)</script>",
    "javascript:alert(7)",
    "NAME NUMBER ${alert(8)} {{ 8|add:8 }}",
    "%(name)s %s {0} &lt;b&gt;",
    SIGNS,
    "\u202etxt.exe \u2066\u2067",
    "ﷺﷺﷺ W̴̢̛̼͓̘̯͚̖̦̥͒͐̂͋̀̌̾͛͆͝h",
    "<a href=javascript:alert(9)>x</a>",
)
# Of the story: each is one line, for a title is.
HEADLINE: Final = (
    "</title></script><script>alert('headline')</script>"
    '"><img src=x onerror=alert("headline")> ]]> <!-- \u202e &lt;b&gt; {{ 7 }}'
)
PERSON: Final = '"><svg onload=alert("person")> O\'Neil & </script>'
TOPIC: Final = "<img src=x onerror=alert('topic')>"
PHRASE: Final = "the old quay"


@dataclass(frozen=True, slots=True)
class Sown:
    """Where the hostile texts stand in a newsroom.

    `refused` counts what was not taken, by the code of the refusal. `edited` are comments that said
    something else before, `alone` some whose own page is worth a look.
    """

    story: str
    closed: str
    uuid: str
    person: str
    topic: str
    thread: int
    comments: int
    refused: dict[str, int]
    edited: list[int]
    alone: list[int]


def gather(folder: Path) -> list[str]:
    """Return the collected texts: those that are told apart best alone, the rest in packs."""
    hostile = folder / "security"
    sheet = json.loads((hostile / "xss/h5sc-items.json").read_text())
    texts = [_filled_in(text) for text in sheet]
    texts += _lines(hostile / "patt/XSS_Injection_Intruders/XSS_Polyglots.txt")
    unicode = json.loads((hostile / "generated/text_unicode.json").read_text())
    texts += [text for kept in unicode.values() for text in _flat(kept)]
    purify = json.loads((hostile / "xss/dompurify-expect.json").read_text())
    naughty = json.loads((hostile / "naughty/blns.json").read_text())
    cleaned = [str(case["payload"]) for case in purify]
    texts += [*cleaned[::4], *naughty[::9]]
    rest = [*cleaned, *naughty, *_lines(hostile / "xss/payloadbox-xss-payload-list.txt")]
    for path in sorted((hostile / "patt/XSS_Injection_Intruders").glob("*.txt")):
        rest += _lines(path)
    alone = [text for text in dict.fromkeys(texts) if text.strip()]
    return [*alone, *_packed(text for text in dict.fromkeys(rest) if text.strip())]


def _packed(texts: Iterable[str]) -> Iterator[str]:
    """Yield some of the texts together, each a paragraph: a page of them is opened once."""
    pack: list[str] = []
    for text in texts:
        if pack and sum(map(len, pack)) + len(text) > PACK:
            yield "\n\n".join(pack)
            pack = []
        pack.append(text)
    yield "\n\n".join(pack)


def _flat(kept: Any) -> Iterator[str]:
    if isinstance(kept, str):
        yield kept
    elif isinstance(kept, list):
        for each in kept:
            yield from _flat(each)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _filled_in(text: str) -> str:
    """Put into a line of the HTML5 Security Cheatsheet what its own page puts in."""
    encoded = "".join(f"&#{ord(character)};" for character in "alert(1)")
    values = {
        "js_alert_only": "alert",
        "js_alert_entities": encoded,
        "js_alert_html5ent": "alert&lpar;1&rpar;",
        "html_alert_encoded": "&lt;img src=x onerror=alert(1)&gt;",
        "js_base64_alert": b64encode(b"<script>alert(1)</script>").decode(),
        "js_focus": "focus()",
    }

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name in values:
            return values[name]
        if name.endswith("_path"):
            return f"//evil.example/{name}"
        return "javascript:alert(1)" if "uri" in name else "alert(1)"

    return re.sub(r"%([a-z]\w+)%", value, text)


# --- Sowing --------------------------------------------------------------------------------------


class _Sower:
    def __init__(self, texts: Sequence[str], now: datetime) -> None:
        self.texts = texts
        self.now = now
        self.refused: dict[str, int] = {}
        self.edited: list[int] = []
        self.alone: list[int] = []
        self.number = 0

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def name(self) -> str:
        self.number += 1
        if self.number % 3:
            return self.texts[self.number % len(self.texts)]
        return NAMES[self.number // 3 % len(NAMES)]

    def post(
        self, thread: int, text: str, *, to: int | None = None, **more: Any
    ) -> "Posted | None":
        from broadsheet.discussion import api
        from broadsheet.kit.actor import Actor, Role
        from broadsheet.kit.verdict import RefusalError

        name = self.name()
        values = {
            "actor": Actor(id=f"device:{self.number}", roles=frozenset({Role.GUEST})),
            "thread_id": thread,
            "parent_id": to,
            "name": name,
            "policy": api.Policy(max_length=10_000, hold_first=False, hold_links=False),
            "now": self.tick(),
            **more,
        }
        try:
            return api.post_comment(source=text, **values)
        except RefusalError as error:
            code = error.verdict.code
            self.refused[code] = self.refused.get(code, 0) + 1
            return None

    def bring(self, thread: int, text: str, *, to: str = "") -> str:
        """Import it as HTML of another system; return its name there."""
        from broadsheet.discussion import api
        from broadsheet.kit.actor import system

        name = self.name()
        foreign = api.ForeignComment(
            system="wordpress",
            foreign_id=str(self.number),
            parent_foreign_id=to,
            author_key=f"import:wordpress:main:{self.number}",
            author_name=name,
            body=text,
            created_at=self.tick(),
            state="published",
        )
        actor = system(name="importer")
        api.import_comment(actor=actor, thread_id=thread, foreign=foreign, now=self.now)
        return foreign.foreign_id

    def talk(self, thread: int, texts: Sequence[str]) -> None:
        """Sow one conversation: each text as HTML from elsewhere and as Markdown typed here."""
        from broadsheet.discussion import api
        from broadsheet.discussion.models import CommentAlias

        root = self.bring(thread, texts[0])
        number = CommentAlias.objects.get(system="wordpress", foreign_id=root).comment_id
        if len(self.alone) < 3:
            self.alone.append(number)
        for index, text in enumerate(texts[1:]):
            self.bring(thread, text, to=root)
            quotes = [api.Chosen(number, whole=True)] if index == 0 else []
            posted = self.post(thread, text, to=number, quotes=quotes)
            if posted is None and quotes:
                posted = self.post(thread, text, to=number)
            if posted and index == 1:
                self.notice(posted.number, texts[0])

    def notice(self, number: int, other: str) -> None:
        """Let others vote and report, so that what is edited then leaves a trace."""
        from broadsheet.discussion import api
        from broadsheet.discussion.models import Comment
        from broadsheet.kit.actor import Actor, Role
        from broadsheet.kit.verdict import RefusalError

        writer = Actor(id=f"device:{self.number}", roles=frozenset({Role.GUEST}))
        another = Actor(id=f"device:other-{number}", roles=frozenset({Role.GUEST}))
        source = Comment.objects.values_list("source", flat=True).get(pk=number)
        api.vote(actor=another, comment_id=number, value=1, now=self.tick())
        api.report_comment(
            actor=another, comment_id=number, rule="hate", words=other[:400], now=self.tick()
        )
        try:
            api.edit_comment(
                actor=writer,
                comment_id=number,
                source=f"{other}\n\n{source}",
                seen=api.mark_of(source),
                policy=api.Policy(max_length=10_000, hold_links=False),
                now=self.tick(),
            )
        except RefusalError as error:
            self.refused[error.verdict.code] = self.refused.get(error.verdict.code, 0) + 1
            return
        self.edited.append(number)


def _block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid4())}


def _body(texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return a story in which each text stands in another kind of place."""
    from broadsheet.kit.html import printable, story_html

    plain = [printable(text) for text in texts]
    lines = [" ".join(text.split()) for text in plain if text.split()]
    return [
        _block("paragraph", f"<p>It sails from {PHRASE} again.</p>"),
        _block("paragraph", "".join(f"<p>{escape(line)}</p>" for line in lines)),
        _block("html", story_html("\n\n".join(plain)) or "<p>Nothing is left.</p>"),
        _block("heading", {"text": HEADLINE[:200], "level": "2"}),
        _block("quote", {"text": f"<p>{escape(lines[0])}</p>", "speaker": PERSON, "role": TOPIC}),
        _block("pull_quote", {"text": lines[1][:240], "speaker": PERSON}),
        _block("table", {"caption": HEADLINE[:200], "cells": f"{PERSON}\t{TOPIC}\n{lines[2]}\t1"}),
        _block("note", {"title": HEADLINE[:160], "text": f"<p>{escape(lines[3])}</p>"}),
    ]


def _publish(headline: str, texts: Sequence[str], *, at: datetime, slug: str) -> "StoryPage":
    from broadsheet.stories.models import Byline, Person, SectionPage
    from newsroom import make_story

    section = SectionPage.objects.get(slug="town")
    story = make_story(
        section,
        at=at,
        headline=headline[:250],
        slug=slug,
        standfirst=HEADLINE + texts[0][:300],
        body=_body(texts),
        corrections=json.dumps(
            [
                _block(
                    "correction", {"kind": "correction", "day": "2026-06-12", "text": escape(TOPIC)}
                )
            ]
        ),
        pictures=False,
    )
    person, _ = Person.objects.get_or_create(
        slug="hostile", defaults={"name": PERSON, "role": TOPIC, "bio": HEADLINE}
    )
    story.bylines.add(Byline(person=person))
    story.tags.add(TOPIC)
    story.save_revision().publish()
    return type(story).objects.get(pk=story.pk)


def sow(texts: Sequence[str]) -> Sown:
    """Sow all of them, written to the disk once."""
    from django.db import transaction

    with transaction.atomic():
        return _sown(texts)


def _sown(texts: Sequence[str]) -> Sown:
    from broadsheet.discussion import api
    from broadsheet.kit.actor import Actor, Role
    from broadsheet.kit.clock import utcnow
    from broadsheet.stories.api import text_of_edition

    now = utcnow() - timedelta(hours=1)
    sower = _Sower(texts, now)
    staff = Actor(id="account:mona", roles=frozenset({Role.MODERATOR, Role.READER}), name="Mona")
    story = _publish(HEADLINE, texts[:40], at=now, slug="hostile")
    closed = _publish("A quiet one", texts[40:80], at=now, slug="hostile-and-closed")
    threads = api.thread_ids(site="main", keys=[str(story.uuid), str(closed.uuid)])
    thread, other = threads[str(story.uuid)], threads[str(closed.uuid)]
    for at in range(0, len(texts), TEXTS_PER_TALK):
        sower.talk(thread, texts[at : at + TEXTS_PER_TALK])
    api.ask(
        actor=staff,
        thread_id=thread,
        phrase=api.Phrase(PHRASE),
        question=HEADLINE,
        opened=True,
        story_text=text_of_edition,
        now=sower.tick(),
    )
    # These wait to be read.
    for text in texts[:20]:
        sower.post(other, text, policy=api.Policy(max_length=10_000))
    api.close_thread(actor=staff, thread_id=other, now=sower.tick(), reason=HEADLINE)
    tag = story.tags.first()
    assert tag is not None
    return Sown(
        story=story.url,
        closed=closed.url,
        uuid=str(story.uuid),
        person="hostile",
        topic=tag.slug,
        thread=thread,
        comments=api.counts_for(site="main", keys=[str(story.uuid)])[str(story.uuid)],
        refused=sower.refused,
        edited=sower.edited,
        alone=sower.alone,
    )


if __name__ == "__main__":
    import django

    django.setup()
    # Half a surrogate pair is no text for a pipe; JSON says it in ASCII.
    json.dump(asdict(sow(json.load(sys.stdin))), sys.stdout)
