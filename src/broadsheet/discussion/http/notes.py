"""Asking about words of the story: the form for whoever marks them, and the moderators' list."""

from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from broadsheet.discussion import queries
from broadsheet.discussion.comments.operations import post_comment
from broadsheet.discussion.comments.shown import ThreadFacts
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import busy, refusal, see_other, unless_moderator
from broadsheet.discussion.http.comments import answered, shape
from broadsheet.discussion.http.forms import NoteForm, PhraseForm
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of, staff_names
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.quoting import story_text
from broadsheet.discussion.http.thread import composer_context, pace_of
from broadsheet.discussion.notes.operations import UnknownNoteError, ask, decide_note
from broadsheet.discussion.rules import noting
from broadsheet.discussion.rules.noting import Phrase
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, require

_KEPT = ("phrase", "before", "after", "start", "question", "opened", "body", "name", "email")


@guarded
def new(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Show the form for words of a story (GET), and take it: a question, or a reader's note."""
    actor = actor_of(request)
    thread = queries.thread_facts(thread_id=thread_id)
    if thread is None or thread.hidden:
        raise Http404
    asks = queries.is_moderator(actor=actor)
    if request.method != "POST":
        may_begin = noting.may_start(actor=actor, policy=policy())
        other = None if asks or may_begin else unless_moderator(request, actor)
        return other or _page(request, thread, asks=asks)
    form = PhraseForm(request.POST)
    try:
        require(shape(form))
        does = _asked if asks else _begun
        return does(request, actor, thread, form)
    except RefusalError as error:
        return _page(request, thread, asks=asks, refused=error.verdict)
    except OperationalError as error:
        refused = busy("A note could not be written", error)
        return _page(request, thread, asks=asks, refused=refused)


@guarded
def listed(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Show the notes of a discussion to moderators (GET); decide about one (POST)."""
    actor = actor_of(request)
    if (other := unless_moderator(request, actor)) is not None:
        return other
    if request.method != "POST":
        return _list(request, thread_id)
    form = NoteForm(request.POST)
    try:
        require(ALLOWED if form.is_valid() else Refused("unknown_verb"))
        number = form.cleaned_data["note"]
        if queries.thread_of_note(number=number) != thread_id:
            raise Http404
        verb, reason = form.cleaned_data["verb"], form.cleaned_data["reason"]
        decide_note(actor=actor, note_id=number, verb=verb, reason=reason, now=utcnow())
    except UnknownNoteError as error:
        raise Http404 from error
    except RefusalError as error:
        return _list(request, thread_id, error.verdict)
    return see_other(request, reverse("discussion:notes", args=[thread_id]) + f"#note-{number}")


def _asked(
    request: HttpRequest, actor: Actor, thread: ThreadFacts, form: PhraseForm
) -> HttpResponse:
    number = ask(
        actor=actor,
        thread_id=thread.id,
        phrase=_phrase(form),
        question=form.cleaned_data["question"],
        opened=form.cleaned_data["opened"],
        story_text=story_text(),
        now=utcnow(),
    )
    return see_other(request, addresses.note_beside(number, thread_url=thread.url))


def _begun(
    request: HttpRequest, actor: Actor, thread: ThreadFacts, form: PhraseForm
) -> HttpResponse:
    require(within_limits(actor=actor, verb="post"))
    posted = post_comment(
        actor=actor,
        thread_id=thread.id,
        source=form.cleaned_data["body"],
        name=form.cleaned_data["name"],
        email=form.cleaned_data["email"],
        phrase=_phrase(form),
        story_text=story_text(),
        staff_names=staff_names(actor, form.cleaned_data["name"]),
        warning=form.cleaned_data["read"],
        policy=policy(),
        now=utcnow(),
    )
    return answered(request, posted)


def _phrase(form: PhraseForm) -> Phrase:
    sent = form.cleaned_data
    return Phrase(sent["phrase"], sent["before"], sent["after"], sent["start"])


def _page(
    request: HttpRequest, thread: ThreadFacts, *, asks: bool, refused: Refused | None = None
) -> HttpResponse:
    """Draw the form, with what was chosen on the story's page or typed before."""
    given = request.POST if request.method == "POST" else request.GET
    typed = {name: given.get(name, "")[:20_000] for name in _KEPT}
    context: dict[str, Any] = {"thread": thread, "asks": asks, "typed": typed, **composer_context()}
    context |= pace_of(thread)
    context["question_limit"] = noting.QUESTION_LIMIT
    if refused is None:
        return render(request, "discussion/new_note.html", context)
    if refused.code == "phrase_twice":
        context["places"] = queries.phrase_places(
            thread_id=thread.id, words=typed["phrase"], story_text=story_text()
        )
    return refusal(request, refused, "discussion/new_note.html", context)


def _list(request: HttpRequest, thread_id: int, refused: Refused | None = None) -> HttpResponse:
    thread = queries.thread_facts(thread_id=thread_id)
    if thread is None:
        raise Http404
    context: dict[str, Any] = {"thread": thread, "notes": queries.note_lines(thread_id=thread_id)}
    if refused is None:
        return render(request, "discussion/notes.html", context)
    context |= {"again": request.POST.get("note", ""), "reason": request.POST.get("reason", "")}
    return refusal(request, refused, "discussion/notes.html", context)
