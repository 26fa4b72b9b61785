"""Refusals of what stands beside a comment: quotations, an image, words of the story."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: Final[Mapping[str, Promise]] = {
    "quote_form": _("A quotation was damaged on its way. Quote the words again; yours are kept."),
    "quote_too_many": _("At most %(limit)s quotations fit on a comment. Leave one out."),
    "quote_gone": _(
        "What you quote cannot be read here any more. Leave that quotation out, and post the rest."
    ),
    "quote_not_found": _(
        "The words you quote are not, in one place, in what you quote as it is now. Look at it "
        "again and quote anew, or leave the quotation out; what you wrote is kept."
    ),
    "quote_too_long": _("That is too long for a quotation. Quote fewer words."),
    "quote_chosen": _(
        "These words were chosen by whoever quotes them; only what was found by matching is undone."
    ),
    "quote_undone": _("This was undone already."),
    "images_off": _(
        "No images are taken with comments here. Your words are kept: post them without it."
    ),
    "image_missing": _(
        "You say what is to be seen in an image, and none came with it. Choose the image, or empty "
        "that field."
    ),
    "image_many": _("One image fits on a comment. Choose one."),
    "image_large": _(
        "The image has %(size)s MB, and at most %(limit)s MB are taken. Make it smaller, or send a "
        "picture of your screen of it."
    ),
    "image_pixels": _(
        "The image has more than %(limit)s million pixels, which is more than is taken. Make it "
        "smaller and send it again."
    ),
    "image_kind": _(
        "This file is %(kind)s, which is not taken. Send the image as JPEG, PNG, WebP, HEIC or GIF."
    ),
    "image_broken": _(
        "This file is damaged, or it is no image. Send it as JPEG, PNG, WebP, HEIC or GIF."
    ),
    "image_alt": _("Say in a few words what is to be seen in the image: not everybody can see it."),
    "image_alt_long": _(
        "What is to be seen takes %(length)s characters, and at most %(limit)s fit. Shorten it."
    ),
    "question_missing": _("Write what you want to ask readers."),
    "question_long": _("At most %(limit)s characters fit on a question. Shorten it."),
    "asked_enough": _(
        "The newsroom asks %(limit)s questions on this story already. Take one away first."
    ),
    "notes_by_newsroom": _(
        "Here only the newsroom asks about words of a story. You can quote them in a comment."
    ),
    "notes_enough": _(
        "Readers have begun at many places of this story already. Quote the words in a comment "
        "instead; what you wrote is kept."
    ),
    "note_gone": _(
        "The question was taken away meanwhile. Your words are kept: post them on their own."
    ),
    "note_closed": _(
        "No more answers are taken to this question. Your words are kept: post them on their own."
    ),
    "note_decided": _("Somebody decided about this question meanwhile. Look at it again below."),
    "phrase_empty": _("Copy the words from the story that this is about."),
    "phrase_missing": _(
        "These words are not in the story as it is now. Copy them from the story itself, letter by "
        "letter."
    ),
    "phrase_twice": _(
        "These words are in the story more than once. Choose below which ones are meant."
    ),
    "phrase_long": _("At most %(limit)s characters can be marked. Choose fewer words."),
    "phrase_paragraphs": _("Choose words of one paragraph; these go over its end."),
    "phrase_nowhere": _("The words of this story are not known here, so none can be marked."),
}
