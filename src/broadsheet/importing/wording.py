"""The words of the report. English, like everything else on the command line."""

from enum import StrEnum
from typing import Final

LONGEST_TITLE: Final = 60


class Part(StrEnum):
    CHANGED = "changed"
    NOT_CARRIED = "not_carried"
    LOOK_AT = "look_at"


PARTS: Final = {
    Part.CHANGED: "What was changed on the way",
    Part.NOT_CARRIED: "What could not be carried",
    Part.LOOK_AT: "What you may want to look at",
}

KINDS: Final = {
    "section": "Sections",
    "person": "Authors",
    "story": "Stories",
    "page": "Pages",
    "picture": "Pictures in the library",
    "image": "Images in texts",
    "document": "Other files",
    "comment": "Comments",
    "votes": "Comments with votes",
    "pinned": "Pinned comments",
    "quotation": "Typed quotations",
    "question": "Inline questions",
    "answer": "Answers to inline questions",
    "address": "Old addresses",
}

OUTCOMES: Final = {
    "live": "public",
    "scheduled": "scheduled",
    "draft": "as drafts, not public",
    "published": "public",
    "held": "waiting for a moderator",
    "new": "new here",
    "updated": "brought up to date",
    "same": "already here",
    "adopted": "were here under the same name",
    "edited": "left alone because they were edited here since",
    "deleted": "left out because they were deleted here since",
    "kept": "kept for later",
    "tied": "tied to the words they are on",
    "failed": "failed",
}

NOTES: Final[dict[str, tuple[Part, str]]] = {
    # -- changed
    "shortcode": (Part.CHANGED, "the shortcode [{detail}] was taken away, the text in it kept"),
    "kept_html": (Part.CHANGED, "cleaned HTML kept as it was, because no block fits: {detail}"),
    "removed": (Part.CHANGED, "left out of a text: {detail}"),
    "embed": (
        Part.CHANGED,
        "an embedded {detail} became a link or a player to start",
    ),
    "divider": (Part.CHANGED, "a dividing line between paragraphs was left out"),
    "page_break": (Part.CHANGED, "the pages of one post were joined"),
    "link_removed": (
        Part.CHANGED,
        "a link that can't be followed was taken away, its text kept: {detail}",
    ),
    "heading_link": (Part.CHANGED, "a heading lost the link or the emphasis in it"),
    "heading_long": (Part.CHANGED, "a heading of more than 200 characters became bold text"),
    "title_made": (Part.CHANGED, "a title was missing and was made from the text"),
    "title_cut": (Part.CHANGED, "a title was too long and was cut"),
    "standfirst_cut": (Part.CHANGED, "an excerpt was too long for a standfirst and was cut"),
    "slug_changed": (
        Part.CHANGED,
        "another address than in WordPress, because that one is taken: {detail}",
    ),
    "category_tag": (Part.CHANGED, "a further category of a story became its tag"),
    "section_flat": (
        Part.CHANGED,
        "a category under another one becomes a section of its own",
    ),
    "default_section": (Part.CHANGED, "a story without a category goes to the section “News”"),
    "page_flat": (Part.CHANGED, "a page whose parent page is not carried went to the top"),
    "page_deep": (Part.CHANGED, "pages lay too deep within each other"),
    "date_missing": (Part.CHANGED, "no date of publication: the time of this import was taken"),
    "comment_date": (Part.CHANGED, "a comment without a date took that of its story"),
    "comment_parent": (
        Part.CHANGED,
        "an answer to a comment that is not in the file stands on its own",
    ),
    "comment_moved_up": (
        Part.CHANGED,
        "an answer to a comment that is not carried moved up a level",
    ),
    "comment_cycle": (
        Part.CHANGED,
        "comments that answer each other in a circle: one stands on its own",
    ),
    "comment_twice": (
        Part.CHANGED,
        "the number of a comment is used twice: the second one got another ({detail})",
    ),
    "control": (Part.CHANGED, "a control character that no text may hold was left out"),
    # -- not carried
    "address_long": (Part.NOT_CARRIED, "an address that is too long to be led on: {detail}"),
    "type": (Part.NOT_CARRIED, "an entry of the type {detail}"),
    "file": (
        Part.NOT_CARRIED,
        "a file of a kind that is not taken here ({detail}); links to it lead to the old site",
    ),
    "trash": (Part.NOT_CARRIED, "a story or page in the trash"),
    "auto_draft": (Part.NOT_CARRIED, "an empty draft that WordPress made by itself"),
    "twice": (Part.NOT_CARRIED, "the same entry a second time in the file"),
    "pictures_not_asked": (
        Part.NOT_CARRIED,
        "a picture of a text, which became a link: run again with --media or --download",
    ),
    "lead_not_asked": (
        Part.NOT_CARRIED,
        "a lead image: run again with --media or --download",
    ),
    "picture_failed": (Part.NOT_CARRIED, "a picture ({detail})"),
    "files_not_asked": (
        Part.NOT_CARRIED,
        "a file that is no picture stays at the old site: run again with --media or --download",
    ),
    "file_failed": (
        Part.NOT_CARRIED,
        "a file that is no picture stays at the old site ({detail})",
    ),
    "image_removed": (Part.NOT_CARRIED, "a picture without a usable address: {detail}"),
    "dynamic_block": (
        Part.NOT_CARRIED,
        "a block that WordPress filled whenever it was shown: {detail}",
    ),
    "pingback": (Part.NOT_CARRIED, "a pingback or trackback"),
    "comment_trash": (Part.NOT_CARRIED, "a comment in the trash or marked as spam"),
    "comment_type": (Part.NOT_CARRIED, "a comment of a type that is not public: {detail}"),
    "comment_empty": (Part.NOT_CARRIED, "a comment without a word"),
    "comment_long": (Part.NOT_CARRIED, "a comment of more than 100,000 characters"),
    "comment_elsewhere": (Part.NOT_CARRIED, "a comment on something that is not carried"),
    "late_field": (
        Part.NOT_CARRIED,
        "an element behind the comments of its post, where nobody looks: {detail}",
    ),
    "refused": (Part.NOT_CARRIED, "a story or page that could not be written: {detail}"),
    "too_many": (Part.NOT_CARRIED, "more kinds of things than are listed in one text"),
    # -- to look at
    "password": (Part.LOOK_AT, "a story or page with a password: a draft here, not public"),
    "private": (Part.LOOK_AT, "a private story or page: a draft here"),
    "draft": (Part.LOOK_AT, "a draft"),
    "pending": (Part.LOOK_AT, "a story or page that waited for review: a draft here"),
    "scheduled": (Part.LOOK_AT, "a scheduled story or page: scheduled here too"),
    "overdue": (
        Part.LOOK_AT,
        "a story or page whose hour has passed since the export: a draft here",
    ),
    "status": (Part.LOOK_AT, "a story or page of unknown status: a draft here"),
    "sticky": (Part.LOOK_AT, "a story that WordPress kept at the top of its front page"),
    "comment_status": (Part.LOOK_AT, "a comment of unknown status: it waits for a moderator"),
    "comment_hidden": (
        Part.LOOK_AT,
        "a comment on a story or page that is not public: it waits for a moderator",
    ),
    "comment_on_page": (
        Part.LOOK_AT,
        "a comment on a page: it can be read under the page, in a discussion that is closed",
    ),
    "comment_closed": (Part.LOOK_AT, "a comment that wpDiscuz closed to answers: kept for later"),
    "thread_closed": (Part.LOOK_AT, "a story whose discussion is closed"),
    "votes_net": (Part.LOOK_AT, "votes of which only the difference is known"),
    "edited": (Part.LOOK_AT, "edited here since the last import and therefore left alone"),
    "deleted": (Part.LOOK_AT, "deleted here since the last import and therefore left out"),
    "gone": (Part.LOOK_AT, "imported earlier, and no longer public in WordPress ({detail})"),
    "no_address": (
        Part.LOOK_AT,
        "a category that is the first one of no story: its old address leads nowhere",
    ),
}
