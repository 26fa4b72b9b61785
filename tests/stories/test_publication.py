"""The publication's face: who may change it, what is in force, and how soon."""

from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from broadsheet.kit.actor import Actor, system
from broadsheet.kit.verdict import RefusalError
from broadsheet.pagestore.api import DatabaseChanges, Versions
from broadsheet.stories import api as stories
from broadsheet.stories.models import MenuLink, Publication, TextPage
from broadsheet.stories.publication.face import Face, Keeper
from newsroom import make_image, make_section, set_up
from people import Cast

SYSTEM = system(name="tests")
MENU = (stories.MenuRow("Podcast", "https://pod.example/"),)


@pytest.mark.parametrize(
    ("who", "face", "menus"),
    [
        ("owner", True, True),
        ("editor", False, True),
        ("reporter", False, False),
        ("moderator", False, False),
        ("reader", False, False),
        ("guest", False, False),
        ("banned_reader", False, False),
        ("stranger", False, False),
    ],
)
def test_who_may_change_what(
    db: None, actors: Cast[Actor], now: datetime, who: str, face: bool, menus: bool
) -> None:
    actor = actors[who]
    for wanted, may in (
        (stories.Wanted(name="The Quay"), face),
        (stories.Wanted(menu=MENU), menus),
        (stories.Wanted(name="The Quay", menu=MENU), face),
    ):
        before = stories.as_set()
        if may:
            assert stories.set_publication(actor=actor, wanted=wanted, now=now)
        else:
            with pytest.raises(RefusalError):
                stories.set_publication(actor=actor, wanted=wanted, now=now)
            assert stories.as_set() == before
    assert bool(stories.may_change_face(actor=actor)) is face
    assert bool(stories.may_change_menus(actor=actor)) is menus
    assert bool(stories.may_add_policy_pages(actor=actor)) is menus


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("/", True),
        ("/about/", True),
        ("/about/?a=1#b", True),
        ("https://pod.example/x", True),
        ("HTTPS://pod.example/", True),
        ("mailto:desk@harbour.example", True),
        ("//pod.example/", False),
        ("/\\pod.example/", False),
        ("javascript:alert(1)", False),
        ("java\tscript:alert(1)", False),
        ("/a b/", False),
        ("data:text/html,x", False),
        ("about", False),
        ("", False),
    ],
)
def test_where_a_link_may_lead(url: str, leads: bool) -> None:
    assert bool(stories.leads_somewhere(url=url)) is leads


def test_the_operation_takes_no_link_that_a_browser_would_run(db: None, now: datetime) -> None:
    wanted = stories.Wanted(menu=(stories.MenuRow("x", "javascript:alert(1)"),))
    with pytest.raises(RefusalError, match=r"publication\.link_address"):
        stories.set_publication(actor=SYSTEM, wanted=wanted, now=now)
    assert not MenuLink.objects.exists()


def test_where_the_desk_says_nothing_the_file_speaks(
    db: None, now: datetime, settings: Settings
) -> None:
    settings.BROADSHEET_NAME, settings.BROADSHEET_CURRENCY = "From the file", "JPY"
    settings.LANGUAGE_CODE = "fa"
    face = stories.publication(now=now)
    assert (face.name, face.currency) == ("From the file", "JPY")
    assert (face.language, face.direction) == ("fa", "rtl")
    stories.set_publication(actor=SYSTEM, wanted=stories.Wanted(tagline="By the sea"), now=now)
    face = stories.publication(now=now)
    assert (face.name, face.tagline) == ("From the file", "By the sea")


def test_it_is_read_once_a_second_and_at_once_after_a_change(
    db: None, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        stories.publication(now=now)
        stories.publication(now=now + timedelta(milliseconds=999))
    with django_assert_num_queries(3):
        stories.publication(now=now + timedelta(seconds=1))
    wanted = stories.Wanted(name="The Quay", menu=MENU)
    stories.set_publication(actor=SYSTEM, wanted=wanted, now=now)
    assert stories.publication(now=now).name == "The Quay"
    with django_assert_num_queries(0):
        assert stories.known_publication().menu[0].url == "https://pod.example/"


def test_what_another_process_changed_is_seen_a_second_later(db: None, now: datetime) -> None:
    from broadsheet.stories.models import Publication

    stories.publication(now=now)
    Publication.objects.create(name="Elsewhere")
    assert stories.publication(now=now).name == "The Harbour Post"
    assert stories.publication(now=now + timedelta(seconds=1)).name == "Elsewhere"


def face(name: str) -> Face:
    return Face(name=name, language="en", direction="ltr", time_zone="UTC", currency="USD")


def test_a_reading_that_began_before_a_change_is_not_kept(now: datetime) -> None:
    keeper = Keeper()

    def read_while_somebody_saves() -> Face:
        keeper.forget()
        return face("old")

    assert keeper.get(now=now, read=read_while_somebody_saves).name == "old"
    assert keeper.get(now=now, read=lambda: face("new")).name == "new"


def test_a_clock_that_went_back_keeps_nothing(now: datetime) -> None:
    keeper = Keeper()
    keeper.get(now=now, read=lambda: face("old"))
    assert keeper.get(now=now - timedelta(hours=1), read=lambda: face("new")).name == "new"


def test_a_logo_that_cannot_be_read_is_no_error(db: None, now: datetime) -> None:
    image = make_image()
    image.file.storage.delete(image.file.name)
    image.file.storage.save(image.file.name, ContentFile(b"not a picture"))
    wanted = stories.Wanted(logo=image.pk)
    stories.set_publication(actor=SYSTEM, wanted=wanted, now=now)
    assert stories.publication(now=now).logo is None
    assert stories.logo_missing()
    assert not stories.make_logo()


def test_a_logo_whose_file_is_lost_is_made_again(db: None, now: datetime) -> None:
    image = make_image()
    stories.set_publication(actor=SYSTEM, wanted=stories.Wanted(logo=image.pk), now=now)
    assert not stories.logo_missing()
    image.renditions.all().delete()
    assert stories.logo_missing()
    assert stories.make_logo()
    assert stories.publication(now=now).logo


def test_the_menu_follows_a_section_that_moves(
    db: None, now: datetime, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    section = make_section("Town")
    rows = tuple(stories.MenuRow(url, url) for url in ("/town/", "/town/ferry/", "/townhall/"))
    stories.set_publication(actor=SYSTEM, wanted=stories.Wanted(menu=rows), now=now)
    section.slug = "city"
    with django_capture_on_commit_callbacks(execute=True):
        section.save_revision().publish()
    assert [row.url for row in stories.as_set().menu] == ["/city/", "/city/ferry/", "/townhall/"]


def test_policy_pages_say_what_they_are_and_are_linked(db: None, now: datetime) -> None:
    set_up()
    assert stories.policies() == ()
    made = stories.add_policy_pages(actor=SYSTEM, now=now, publish=True)
    assert made == ("masthead", "ethics", "corrections", "funding", "privacy")
    assert {link.kind: link.url for link in stories.policies()} == {
        "masthead": "/masthead/",
        "ethics": "/ethics/",
        "corrections": "/corrections-policy/",
        "funding": "/ownership-and-funding/",
        "privacy": "/privacy/",
    }
    front = Client().get("/").content.decode()
    for link in stories.policies():
        assert f'href="{link.url}"' in front
        page = Client().get(link.url).content.decode()
        assert "The Harbour Post" in page
        assert "<b>[To fill in: " in page
        assert "[[" not in page
        assert "$name" not in page


def test_answers_are_text_and_leave_nothing_open(db: None, now: datetime) -> None:
    from broadsheet.site.demo.policies import ANSWERS

    set_up()
    answers = ANSWERS | {"masthead": ANSWERS["masthead"] | {"editor": "<script>"}}
    stories.add_policy_pages(actor=SYSTEM, now=now, answers=answers, publish=True)
    assert [page.to_fill for page in stories.policy_pages()] == [0] * 5
    assert "&lt;script&gt;" in Client().get("/masthead/").content.decode()


def test_a_policy_that_is_there_is_left_alone(db: None, now: datetime) -> None:
    front = set_up()
    front.add_child(instance=TextPage(title="Our promise", slug="ethics", policy="ethics"))
    front.add_child(instance=TextPage(title="Quiet", slug="privacy"))
    made = stories.add_policy_pages(actor=SYSTEM, now=now, publish=True)
    assert "ethics" not in made
    urls = {link.kind: link.url for link in stories.policies()}
    assert (urls["ethics"], urls["privacy"]) == ("/ethics/", "/privacy-2/")


def test_the_pages_of_a_fresh_site_are_drafts(db: None, now: datetime) -> None:
    set_up()
    stories.add_policy_pages(actor=SYSTEM, now=now)
    assert stories.policies() == ()
    assert all(page.to_fill and not page.live for page in stories.policy_pages())


@pytest.mark.django_db(transaction=True)
def test_what_another_process_changes_is_forgotten_with_the_pages_that_show_it(
    now: datetime,
) -> None:
    Publication.objects.update_or_create(pk=1, defaults={"name": "The Old Post"})
    versions = Versions(DatabaseChanges())
    versions.subscribe(stories.forget_publication, first=True)
    versions.refresh()
    assert stories.publication(now=now).name == "The Old Post"
    Publication.objects.update(name="The New Post")
    versions.refresh()
    assert stories.publication(now=now).name == "The New Post"
