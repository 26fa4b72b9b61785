"""What hostile people send runs nowhere: sown into a newsroom, and every page of it is opened.

Each page is seen twice. With the content policy switched off, so that whatever got through would
run; and with it, so that whatever it has to stop is told. A page of raw attacks shows that both
would notice.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

import hostile
from browser.conftest import Kept, serve_demonstration, signed_in
from browsing import DESKTOP, PHONE, STORY, Reading, Window, overflow, reading
from homes import Home, Homes
from serving import Server, get

pytestmark = [pytest.mark.browser, pytest.mark.deep]

# Whatever could run, load, lead away or take over the page, and is not ours.
_FIND: Final = """
() => {
  const found = [];
  const local = (address) => new URL(address, location.href).origin === location.origin;
  const forbidden = 'iframe, frame, frameset, object, embed, applet, base, audio, video, math,'
    + ' marquee, [srcdoc], [background], [ping], [autofocus], meta[http-equiv=refresh i]';
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  for (const element of document.querySelectorAll('*')) {
    const { localName } = element;
    for (const { name, value } of element.attributes) {
      if (name.startsWith('on')) say('a handler', element);
      if (/^(href|xlink:href|src|action|formaction|cite|data|poster|srcset)$/.test(name)) {
        if (!/^(https?|mailto):$/.test(new URL(value, location.href).protocol)) {
          if (!value.startsWith('data:image/') || name !== 'src') say('an address', element);
        }
        if (name !== 'href' && name !== 'cite' && !local(value)) say('of another site', element);
      }
      // Our own scripts place their buttons so; what the server sends has none.
      if (name === 'style' && !element.matches('body > .btn')) say('a style', element);
    }
    if (element.matches(forbidden)) say('not ours', element);
    if (localName === 'style') say('a style', element);
    if (localName === 'link' && !local(element.href)) say('of another site', element);
    const data = /^application\\/(ld\\+)?json$/.test(element.type);
    if (localName === 'script') {
      if (data) JSON.parse(element.textContent);
      else if (element.textContent || !element.src) say('a script', element);
    }
    if (localName === 'form' && !/^(dialog|get|post)$/.test(element.method)) say('a form', element);
  }
  const words = '.c > .txt *, .txt.preview *, .quote blockquote *, bdi *, h3 > *, q *, textarea *';
  const kept = 'p, br, strong, em, blockquote, a, ul, ol, li, code, pre, mark, bdi, span, ins, del';
  for (const element of document.querySelectorAll(words)) {
    if (!element.matches(kept)) say('in words', element);
  }
  return found;
}
"""
_ALL_IS_THERE: Final = "document.readyState === 'complete'"


@dataclass(frozen=True, slots=True)
class Sown:
    """A newsroom with hostile words in all places, and who may see all of them."""

    server: Server
    places: hostile.Sown
    texts: list[str]
    owner: StorageState


@pytest.fixture(scope="module")
def sown(
    request: pytest.FixtureRequest, chromium: Browser, homes: Homes, test_data: Path
) -> Iterator[Sown]:
    texts = hostile.gather(test_data)
    if homes.on_postgresql:
        home = homes.demonstration()
        places = sow(home, texts)
        with serve_demonstration(home) as server:
            yield Sown(server, places, texts, signed_in(chromium, server))
    else:
        kept: Kept = request.getfixturevalue("kept")
        kept.home.restore(kept.as_it_was)
        places = sow(kept.home, texts)
        kept.server.notice()
        yield Sown(kept.server, places, texts, kept.owner)


def sow(home: Home, texts: list[str]) -> hostile.Sown:
    return hostile.Sown(**json.loads(home.python(Path(hostile.__file__), json.dumps(texts))))


@dataclass
class Watch:
    """A window, and all that happened in it without being asked for."""

    window: Window
    happened: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.window.page

    def open(self, path: str, *, status: int = 200) -> None:
        """Open a page and look through it: everything on it is words."""
        answer = self.window.goto(path)
        assert answer.status == status, path
        self.look()

    def look(self) -> None:
        here = self.page.url
        self.page.wait_for_function(_ALL_IS_THERE)
        if self.page.locator(".room[data-thread]").count():
            # With a script what is of use only in the discussion comes when it is near.
            self.page.locator(".room").scroll_into_view_if_needed()
            expect(self.page.locator("details.settings[hidden]")).to_have_count(0)
        found: list[str] = self.page.evaluate(_FIND)
        wide = overflow(self.page)
        assert (found, wide, self.page.url, self.happened) == ([], 0, here, []), here


def watched(read: Reading, **options: Any) -> Watch:
    watch = Watch(read.window(**options))
    page, happened = watch.page, watch.happened
    page.on("dialog", lambda dialog: (happened.append(f"said {dialog.message}"), dialog.dismiss()))
    page.on("popup", lambda other: happened.append(f"opened {other.url}"))
    page.on("download", lambda file: happened.append(f"saved {file.url}"))
    page.on("worker", lambda worker: happened.append(f"started {worker.url}"))
    return watch


@pytest.fixture
def read(chromium: Browser, sown: Sown) -> Iterator[Reading]:
    with reading(chromium, sown.server) as windows:
        yield windows


@pytest.fixture
def watch(read: Reading) -> Watch:
    """A telephone that obeys whatever a page says."""
    return watched(read, width=PHONE, bypass_csp=True)


RAW = """<!doctype html><title>raw</title><a href="javascript:alert(1)">a</a>
<p style="color:red"><img src=x onerror="alert('ran')"><img src="https://evil.example/x.gif">
<svg onload="window.ran = true"></svg><iframe srcdoc="<p>x"></iframe>"""


@pytest.mark.parametrize("obeys", [True, False], ids=["no policy", "policy"])
def test_what_runs_would_be_noticed(read: Reading, obeys: bool) -> None:
    watch = watched(read, bypass_csp=obeys)
    policy = {} if obeys else {"Content-Security-Policy": "default-src 'self'"}
    watch.page.route(
        "**/raw/", lambda route: route.fulfill(body=RAW, content_type="text/html", headers=policy)
    )
    watch.page.route("https://evil.example/**", lambda route: route.abort())
    watch.window.goto("/raw/")
    with pytest.raises(AssertionError, match=r"a handler.*an address|an address.*a handler"):
        watch.look()
    watch.window.expected.append("")
    troubles = " ".join(watch.window.troubles)
    if obeys:
        assert watch.happened == ["said ran"]
        assert "asked https://evil.example/x.gif" in troubles
    else:
        assert watch.happened == []
        assert "CSP: script-src" in troubles
        assert "CSP: style-src" in troubles


def test_a_discussion_of_hostile_words(watch: Watch, sown: Sown) -> None:
    path: str | None = sown.places.story
    seen = 0
    while path:
        watch.open(path)
        seen += watch.page.locator("article.c[data-comment]").count()
        onward = watch.page.locator("#discussion-end a[rel=next]")
        path = onward.get_attribute("href") if onward.count() else None
    assert seen == sown.places.comments


def test_pages_around_a_comment(watch: Watch, sown: Sown) -> None:
    places = sown.places
    first, edited = places.alone[0], places.edited[0]
    for path in (
        *(f"/c/{number}/" for number in places.alone),
        *(f"/c/{number}/versions/" for number in places.edited[:6]),
        f"{places.story}?reply={first}&quote=1",
        f"{places.story}?show=inline",
        places.closed,
        f"/c/{first}/vote/",
        f"/c/{first}/report/",
        f"/t/{places.thread}/notes/new/?phrase={hostile.TOPIC}&before=%22%3E&after=%00",
    ):
        watch.open(path)
    watch.window.expected.append("status of 403")
    watch.open(f"/c/{edited}/edit/", status=403)


def test_pages_of_a_hostile_story(watch: Watch, sown: Sown) -> None:
    places = sown.places
    for path in (
        "/",
        "/town/",
        f"/people/{places.person}/",
        f"/topics/{places.topic}/",
        "/corrections/",
        "/archive/",
        "/search/?q=headline",
        f"/search/?q={hostile.TOPIC}",
    ):
        watch.open(path)
    expect(watch.page.locator("main input[name=q]")).to_have_value(hostile.TOPIC)


def test_the_content_policy_has_nothing_to_stop(read: Reading, sown: Sown) -> None:
    watch = watched(read, width=DESKTOP, storage_state=sown.owner)
    story, alone = sown.places.story, sown.places.alone[0]
    for path in (story, sown.places.closed, f"/c/{alone}/", "/moderation/queue/"):
        watch.open(path)


def test_moderators_read_it_unharmed(read: Reading, sown: Sown) -> None:
    watch = watched(read, width=PHONE, bypass_csp=True, storage_state=sown.owner)
    places = sown.places
    for path in (
        "/moderation/queue/",
        f"/moderation/queue/?comment={places.edited[0]}",
        f"/moderation/queue/threads/{places.thread}/",
        f"/moderation/queue/threads/{places.thread}/notes/",
        f"/c/{places.edited[0]}/versions/blank/",
    ):
        watch.open(path)


def test_names_are_words_to_every_script(watch: Watch, sown: Sown) -> None:
    """Whatever is put together from what people are called."""
    page = watch.page
    watch.open(sown.places.story)
    answers = page.locator("article.c", has=page.locator("a[data-reply]"))
    some = [*answers.all()[:6], answers.filter(has_text=hostile.SIGNS).first]
    # Of each person one: whoever is muted is not answered.
    whose = {each.locator("header h3").inner_text(): each for each in some}
    for number in [each.get_attribute("data-comment") for each in whose.values()]:
        assert number
        article = watch.window.comment(number)
        name = article.locator("header h3").inner_text()
        article.locator("a[data-reply]").click()
        expect(page.locator("#composer label.h")).to_have_text(f"Reply to {name}")
        article.locator("a[data-quote]").click()
        expect(page.locator("#composer .quoting")).to_have_count(1)
        page.locator("#composer .cancel").click()
        article.locator(".menu > summary").click()
        article.get_by_role("button", name="Mute").click()
        expect(page.get_by_text(f"Muted: {name}, show").first).to_be_attached()
    watch.look()
    page.reload()
    watch.look()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_a_guest_writes_comes_back_as_words(read: Reading, sown: Sown, script: bool) -> None:
    if script:
        watch = watched(read, width=PHONE, bypass_csp=True)
    else:
        watch = watched(read, width=PHONE, script=False)
    window, page = watch.window, watch.page
    window.goto(STORY)
    words = "\n\n".join(sown.texts)[:4900]
    box, name = page.locator("#composer textarea"), page.locator("#composer input[name=name]")
    box.click()
    box.fill(words)
    typed = box.input_value()
    name.fill(hostile.NAMES[2])
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview")).to_be_visible()
    found: list[str] = page.evaluate(_FIND) if script else []
    assert (found, overflow(page), watch.happened) == ([], 0, [])
    assert box.input_value() == typed
    page.locator("#composer button.btn-reader").click()
    expect(page.locator(".held, .notice").filter(has_text="waits").first).to_be_visible()
    page.reload()
    if script:
        expect(page.locator(".held")).to_have_count(1)
        watch.look()
    assert (overflow(page), watch.happened) == (0, [])


def test_feeds_and_other_answers_are_well_formed(sown: Sown) -> None:
    places, url = sown.places, sown.server.url

    def text(path: str) -> str:
        status, said = get(f"{url}{path}")
        assert status == 200, path
        return said

    for folder in ("/", "/town/", f"/people/{places.person}/", f"/topics/{places.topic}/"):
        for kind in ("xml", "atom"):
            ET.fromstring(text(f"{folder}feed.{kind}"))  # noqa: S314 - our own server's
        titles = [item["title"] for item in json.loads(text(f"{folder}feed.json"))["items"]]
        assert any(title.startswith("</title>") for title in titles), folder
    for path in ("/corrections/feed.xml", "/sitemap.xml", "/sitemap-news.xml"):
        ET.fromstring(text(path))  # noqa: S314 - as above
    answer = json.loads(text(f"/oembed?url={url}{places.story}"))
    assert answer["title"].startswith("</title>")
    assert "<img" not in answer["html"]
    json.loads(text(f"/t/{places.thread}/since/0/"))
