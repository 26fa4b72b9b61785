"""The verbs of publishing that are ours, not Wagtail's: each may run again without harm."""

from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Role, system
from broadsheet.stories import filing, kept
from broadsheet.stories.addresses import below_host, url_of
from broadsheet.stories.models import Byline, FrontPage, Person, SectionPage, StoryPage
from broadsheet.stories.queries import shown_without_story, without_thread
from broadsheet.stories.records.operations import just_published, record_story, unrecorded
from broadsheet.stories.records.queries import edition_of, text_of_edition, versions_url
from broadsheet.stories.streams import image_ids
from broadsheet.stories.workflow import ensure_workflow

NEWSROOM = system(name="stories")
# What each role may do with pages and pictures. A reporter changes what is their own.
ALL_PAGE_RIGHTS = (
    "add_page",
    "change_page",
    "publish_page",
    "lock_page",
    "unlock_page",
    "bulk_delete_page",
)
PAGE_RIGHTS = {
    Role.OWNER: ALL_PAGE_RIGHTS,
    Role.EDITOR: ALL_PAGE_RIGHTS,
    Role.REPORTER: ("add_page",),
}
# Wagtail asks for the rights to its own models, whatever model takes their place. Who may add may
# change what they added.
OWN_MEDIA_RIGHTS = ("add_image", "choose_image", "add_document", "choose_document")
ALL_MEDIA_RIGHTS = (*OWN_MEDIA_RIGHTS, "change_image", "change_document")
MEDIA_RIGHTS = {
    Role.OWNER: ALL_MEDIA_RIGHTS,
    Role.EDITOR: ALL_MEDIA_RIGHTS,
    Role.REPORTER: OWN_MEDIA_RIGHTS,
}
# People, topics and series: who writes names whom and what a story is about.
SUBJECT_RIGHTS = tuple(
    f"{verb}_{kind}" for kind in ("person", "series", "topic") for verb in ("add", "change", "view")
)


@transaction.atomic
def set_up_site(*, name: str, url: str) -> FrontPage:
    """Make the front page, staff groups, workflow and Wagtail's site row; change nothing there is.

    Wagtail's row follows `url` at every call, because the setting is the truth.
    """
    front = FrontPage.objects.first() or _first_front_page(name)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    Site.objects.exclude(root_page=front.pk).delete()
    Site.objects.update_or_create(
        root_page_id=front.pk,
        defaults={
            "hostname": parts.hostname,
            "port": port,
            "site_name": name,
            "is_default_site": True,
        },
    )
    for role in (Role.OWNER, Role.EDITOR, Role.REPORTER, Role.MODERATOR):
        _set_up_group(role, front)
    ensure_workflow(front=front)
    return front


@transaction.atomic
def open_discussion(*, story: StoryPage, site: str, now: datetime) -> int:
    """Open the thread of a story, or bring it up to date with the story; returns its id."""
    edition, editions_url = edition_of(story=story)
    thread_id = discussion.open_thread(
        site=site,
        key=str(story.uuid),
        url=url_of(story),
        title=story.title,
        language=story.language,
        edition=edition,
        editions_url=editions_url,
        now=now,
    )
    discussion.carry_notes(site=site, key=str(story.uuid), story_text=text_of_edition)
    if story.discussion_open:
        discussion.reopen_thread(actor=NEWSROOM, thread_id=thread_id, now=now)
    else:
        discussion.close_thread(actor=NEWSROOM, thread_id=thread_id, now=now)
    return thread_id


def bring_up_to_date(*, story: StoryPage, site: str, now: datetime) -> None:
    """Let all that hangs on a live story follow it: its lists, its records, its thread."""
    filing.file_story(story_id=story.pk)
    record_story(story_id=story.pk, now=now)
    open_discussion(story=story, site=site, now=now)


def show_versions(*, section: SectionPage, site: str) -> None:
    """Let discussions of a section lead to earlier versions of its stories, or no more."""
    urls = {
        str(story.uuid): versions_url(story=story) if section.show_versions else ""
        for story in StoryPage.objects.live().child_of(section).only("uuid")
    }
    discussion.lead_to_editions(site=site, urls=urls)


def threads_follow(*, section: SectionPage, site: str, now: datetime) -> None:
    """Let the threads of a section that was renamed or moved follow its stories, in batches.

    Where it went may be restricted, or may have been: then they are hidden, or shown again.
    """
    below = StoryPage.objects.live().child_of(section)
    stories = {str(uuid): pk for uuid, pk in below.values_list("uuid", "pk")}
    public = {
        str(uuid): below_host(url_path=path)
        for uuid, path in below.public().values_list("uuid", "url_path")
    }
    discussion.move_threads(site=site, urls=public)
    shown = discussion.shown_keys(site=site, keys=list(stories))
    wrong = [pk for key, pk in stories.items() if (key in public) != (key in shown)]
    for story in StoryPage.objects.filter(pk__in=wrong).order_by("pk"):
        if str(story.uuid) in public:
            bring_up_to_date(story=story, site=site, now=now)
        else:
            hide_discussion(story=story, site=site, now=now)


def hide_discussion(*, story: StoryPage, site: str, now: datetime) -> None:
    """Take the thread of a story that is not public any more out of sight."""
    discussion.hide_thread(site=site, key=str(story.uuid), now=now)


def preset_byline(*, story: StoryPage) -> None:
    """Put its writer's byline on a new story, if the account belongs to a person; saves nothing."""
    person = Person.objects.filter(user=story.owner).first() if story.owner else None
    if person and not story.bylines.all():
        story.bylines.add(Byline(person=person))


def pictures_of(story: StoryPage) -> set[int]:
    """Return the ids of all images that a story's page or its authors' pages show."""
    lead = {story.lead_image_id} if story.lead_image_id else set()
    photos = Person.objects.filter(
        pk__in=[byline.person_id for byline in story.bylines.all()], photo__isnull=False
    ).values_list("photo_id", flat=True)
    return lead | image_ids(story.body) | set(photos)


def _first_front_page(name: str) -> FrontPage:
    root = Page.get_first_root_node()
    # Wagtail's own "Welcome" page has the slug we need, and nothing below it.
    for welcome in root.get_children():
        if welcome.specific_class is Page and welcome.numchild == 0:
            welcome.delete()
    root = Page.objects.get(pk=root.pk)
    front: FrontPage = root.add_child(instance=FrontPage(title=name, slug="home"))
    return front


def _set_up_group(role: Role, front: FrontPage) -> None:
    group, _ = Group.objects.get_or_create(name=str(role))
    if group.permissions.exists():
        # Set up before; the publisher may have changed what a role may do.
        return
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    )
    for codename in PAGE_RIGHTS.get(role, ()):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.create(group=group, page=front, permission=permission)
    if role in PAGE_RIGHTS:
        root = Collection.get_first_root_node()
        for permission in Permission.objects.filter(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"),
            codename__in=MEDIA_RIGHTS[role],
        ):
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission
            )
        group.permissions.add(
            *Permission.objects.filter(
                content_type__app_label="stories",
                codename__in=SUBJECT_RIGHTS,
            )
        )


def repair(*, site: str, now: datetime) -> int:
    """Mend what a crash between publishing and our handler left.

    Threads not open, or not hidden; stories on wrong lists, or without a record of what readers
    have. Returns how many were mended. For the scheduler; `selfcheck` reports the same rows.
    """
    misfiled = filing.mend()
    missing = {*without_thread(site=site), *unrecorded()}
    for pk in sorted(missing.union(just_published(now=now))):
        bring_up_to_date(story=StoryPage.objects.get(pk=pk), site=site, now=now)
    showing = set(shown_without_story(site=site))
    for story in StoryPage.objects.filter(pk__in=showing).order_by("pk"):
        hide_discussion(story=story, site=site, now=now)
    return misfiled + len(missing) + len(showing) + kept.mend(now=now)
