"""A publication in German and one in Arabic: pages, the list of comments, refusals, letters."""

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from broadsheet.discussion.models import Thread
from broadsheet.outbox.models import Message
from broadsheet.site.config import Config
from broadsheet.stories import api as stories
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publication.face import KEEPER
from newsroom import make_section, make_story, set_up
from people import Cast, Person

OURS = {"Sec-Fetch-Site": "same-origin"}
# Of the base page, the composer, the list of comments (drawn without templates), its numbers.
ON_A_STORY = {
    "de": (
        '<html lang="de" dir="ltr">',
        ">Zum Inhalt springen</a>",
        "Diskutieren Sie mit</label>",
        "Kommentar senden</button>",
        "Hilfreich <b",
        "Nicht hilfreich</button>",
        "1 Kommentar<",
        "Gast 1",
        'data-posted="Ihr Kommentar ist veröffentlicht."',
    ),
    "ar": (
        '<html lang="ar" dir="rtl">',
        ">انتقل إلى المحتوى</a>",
        "شارك في النقاش</label>",
        "إرسال التعليق</button>",
        "مفيد <b",
        "غير مفيد</button>",
        "تعليق واحد<",
        "ضيف 1",
        'data-posted="نُشر تعليقك."',
    ),
}
REFUSAL = {
    "de": "Es steht noch nichts darin. Schreiben Sie einige Wörter und senden Sie noch einmal.",
    "ar": "ليس فيه ما يُقرأ بعد. اكتب بضع كلمات وأرسله مرة أخرى.",
}


@pytest.fixture
def story(db: None, now: datetime) -> Any:
    set_up()
    return make_story(make_section(), at=now - timedelta(hours=2), pictures=False)


def open_to_all(settings: Any) -> Config:
    """Return the settings in force, but that a first comment appears at once."""
    values = {**settings.CONFIG.values, "hold_first_comment": False}
    return Config(home=settings.CONFIG.home, values=values)


def speak(settings: Any, code: str) -> Client:
    settings.LANGUAGE_CODE = code
    return Client(headers=OURS)


@pytest.mark.parametrize("code", ON_A_STORY)
def test_a_story_and_its_discussion(story: Any, settings: Any, code: str) -> None:
    settings.CONFIG = open_to_all(settings)
    client = speak(settings, code)
    client.post(f"/t/{Thread.objects.get().pk}/comments/", {"body": "Endlich."})
    page = unescape(client.get(stories.url_of(story)).content.decode())
    for words in ON_A_STORY[code]:
        assert words in page, words


@pytest.mark.parametrize("code", ON_A_STORY)
def test_a_refusal_keeps_the_text_and_speaks(story: Any, settings: Any, code: str) -> None:
    answer = speak(settings, code).post(f"/t/{Thread.objects.get().pk}/comments/", {"body": " "})
    assert REFUSAL[code] in unescape(answer.content.decode())


def test_the_list_of_comments_is_drawn_anew_in_each_language(story: Any, settings: Any) -> None:
    """It is drawn without templates, from words that are looked up once for each drawing."""
    settings.CONFIG = open_to_all(settings)
    client = speak(settings, "de")
    client.post(f"/t/{Thread.objects.get().pk}/comments/", {"body": "Endlich."})
    for code, words in (("de", "Nicht hilfreich"), ("ar", "غير مفيد"), ("en", "Not useful")):
        KEEPER.forget()
        page = speak(settings, code).get(stories.url_of(story)).content.decode()
        assert f"{words}</button>" in page


@pytest.mark.parametrize(("code", "words"), [("de", "Anmelde"), ("ar", "كود")])
def test_a_code_comes_in_a_letter_of_the_language(
    story: Any, cast: Cast[Person], settings: Any, code: str, words: str
) -> None:
    client = speak(settings, code)
    client.post("/account/login/code/", {"email": cast.reader.user.email})
    letter = Message.objects.latest("pk")
    assert words in letter.subject
    assert not re.search(r"\b(your|code|sign)\b", letter.subject + letter.text, re.IGNORECASE)


def test_a_story_in_another_language_says_so_and_runs_its_own_way(
    story: Any, settings: Any
) -> None:
    """Its words are English, those of the house around them Arabic."""
    StoryPage.objects.filter(pk=story.pk).update(language="en")
    page = speak(settings, "ar").get(stories.url_of(story)).content.decode()
    assert re.search(r'<article class="story" [^>]*lang="en" dir="ltr"', page)
    assert '<div class="meta" lang="ar" dir="rtl">' in page
    assert re.search(
        r'<article class="card[^>]*lang="en" dir="ltr"',
        speak(settings, "ar").get("/").content.decode(),
    )
    KEEPER.forget()
    page = speak(settings, "de").get(stories.url_of(story)).content.decode()
    assert re.search(r'<article class="story" [^>]*lang="en" aria', page)
    assert '<div class="meta" lang="de">' in page
    KEEPER.forget()
    assert '<div class="meta">' in speak(settings, "en").get(stories.url_of(story)).content.decode()
