"""Posting a comment, its own page, and the page on which its author sees what became of it."""

from dataclasses import replace
from http import HTTPStatus

from django.conf import settings
from django.db import OperationalError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.comments.operations import Posted, post_comment
from broadsheet.discussion.comments.operations import preview as preview_of
from broadsheet.discussion.comments.repeats import key_after_failure
from broadsheet.discussion.comments.shown import ThreadFacts
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import busy, data, refusal, see_other, wants_json
from broadsheet.discussion.http.asking import read_again
from broadsheet.discussion.http.forms import CommentForm
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of, staff_names
from broadsheet.discussion.http.picturing import image_of, was_sent
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.http.quoting import chosen_quotes, kept_cards, story_text
from broadsheet.discussion.http.sanction_words import STOPS
from broadsheet.discussion.http.sanctions import holds_here
from broadsheet.discussion.http.thread import Composer, chosen_sort, composer_context, pace_of
from broadsheet.discussion.http.told import told_since
from broadsheet.discussion.http.tools import tools_address
from broadsheet.discussion.http.waits import wait_words
from broadsheet.discussion.http.wording import rule_names, rule_sentence, sentence
from broadsheet.discussion.rules.editing import WITHDRAWN, editable_until
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded, private, public
from broadsheet.kit.verdict import ALLOWED, RefusalError, Refused, Verdict, require


@guarded
@require_POST
def post(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Take a comment: 303 to where it stands, or to the page that says it waits."""
    form = CommentForm(request.POST)
    actor = actor_of(request)
    try:
        require(shape(form))
        chosen = chosen_quotes(request.POST.getlist("quote"))
        require(within_limits(actor=actor, verb="post"))
        require(
            read_again(
                actor=actor,
                thread=thread_id,
                parent=form.cleaned_data["parent"],
                text=form.cleaned_data["body"],
                key=form.cleaned_data["key"],
                image=was_sent(request),
            )
        )
        with image_of(request, actor=actor) as image:
            posted = post_comment(
                actor=actor,
                thread_id=thread_id,
                parent_id=form.cleaned_data["parent"],
                source=form.cleaned_data["body"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                idempotency_key=form.cleaned_data["key"],
                quotes=chosen,
                story_text=story_text(),
                note_id=form.cleaned_data["note"],
                warning=form.cleaned_data["read"],
                staff_names=staff_names(actor, form.cleaned_data["name"]),
                policy=policy(),
                now=utcnow(),
                image=image,
            )
    except queries.UnknownThreadError as error:
        raise Http404 from error
    except RefusalError as error:
        return _refused(request, form, thread_id, error.verdict)
    except OperationalError as error:
        return _refused(request, form, thread_id, busy("A comment could not be written", error))
    return answered(request, posted)


@guarded
@require_POST
def preview(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Show the words as they would stand in the thread, above the form that still holds them."""
    form = CommentForm(request.POST)
    thread = queries.thread_facts(thread_id=thread_id)
    if thread is None:
        raise Http404
    try:
        require(shape(form))
        require(Refused("closed") if thread.closed or thread.hidden else ALLOWED)
        require(within_limits(actor=actor_of(request), verb="preview"))
        html = preview_of(thread_id=thread.id, source=form.cleaned_data["body"], policy=policy())
    except RefusalError as error:
        return _refused(request, form, thread_id, error.verdict)
    if wants_json(request):
        return JsonResponse({"html": html})
    composer = _typed(request, form, thread)
    context = {"composer": composer, "thread": thread, "preview": html, **composer_context()}
    return render(request, "discussion/refused.html", context)


@public(query=("after",), shows=())
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """Show one comment, what it answers and its answers."""
    page = queries.comment_page(number=number, after=request.GET.get("after", ""))
    if page is None:
        raise Http404
    canonical = settings.BROADSHEET_URL + reverse("discussion:comment", args=[number])
    context = {"comment_page": page, "canonical": canonical}
    return render(request, "discussion/comment_page.html", context)


@public(shows=())
def old_anchor(request: HttpRequest, thread_id: int, foreign_id: str) -> HttpResponse:
    """Lead from the anchor a comment had where it was imported from to the comment."""
    number = queries.number_of(thread_id=thread_id, foreign_id=foreign_id)
    if number is None:
        raise Http404
    return HttpResponsePermanentRedirect(addresses.permalink(number))


@public(shows=())
def since(_request: HttpRequest, thread_id: int, event: int) -> HttpResponse:
    """Tell an open page which comments came or changed since it was drawn."""
    told = told_since(thread_id=thread_id, event=event)
    if told is None:
        raise Http404
    more = {"more": True} if told.more else {}
    return JsonResponse({"event": told.read_to, **told.comments, **told.thread, **more})


@private
@require_safe
def mine(request: HttpRequest, thread_id: int) -> HttpResponse:
    """Tell the script what is this person's own in a thread: votes, what waits, what holds."""
    actor = actor_of(request)
    found = queries.mine_in(actor=actor, thread_id=thread_id, policy=policy(), now=utcnow())
    return JsonResponse(
        {
            "name": actor.name,
            "guest": actor.is_guest,
            "moderator": tools_address() if queries.is_moderator(actor=actor) else False,
            "writes": _writes_as(actor.name),
            "holds": holds_here(actor, thread_id),
            "votes": found.votes,
            "own": found.own,
            "editable_until": found.editable_until,
            "held": [
                {
                    "number": held.number,
                    "parent": held.parent,
                    "text": held.source,
                    "html": held.html,
                    "created_at": held.created_at,
                    "url": reverse("discussion:status", args=[held.number]),
                    "message": _message("held", held.rule),
                }
                for held in found.held
            ],
        }
    )


def _writes_as(name: str) -> str:
    return pgettext("NAME stays as it is", "You write as NAME.").replace("NAME", name)


@private
@require_safe
def my_comments(request: HttpRequest, thread_id: int) -> HttpResponse:
    """List what this person wrote in a thread: published, waiting and removed."""
    thread = queries.thread_facts(thread_id=thread_id)
    if thread is None:
        raise Http404
    found = queries.written_in(owner=actor_of(request).id, thread_id=thread_id)
    context = {"thread": thread, "comments": found, "names": rule_names(queries.current_rules())}
    return render(request, "discussion/my_comments.html", context)


def shape(form: CommentForm) -> Verdict:
    """Say whether what was sent can be a comment at all."""
    code, field = form.problem()
    return Refused(code, field=field) if code else ALLOWED


def answered(request: HttpRequest, posted: Posted) -> HttpResponse:
    """Lead to what became of a comment, or tell the script."""
    public_now = posted.state == "published"
    # Who only says what somebody said before is given no identity in place of the one they may have
    # got a moment ago.
    owner = None if posted.repeated and not posted.owner else posted.owner
    if public_now:
        url = addresses.published_at(
            number=posted.number, is_root=posted.parent is None, thread_url=posted.thread_url
        )
    else:
        url = reverse("discussion:status", args=[posted.number])
    if not wants_json(request):
        return see_other(request, url, as_id=owner)
    now, chosen = utcnow(), policy()
    until = editable_until(created_at=now, policy=chosen)
    editable = {"editable_until": until} if public_now and (until is None or until > now) else {}
    return data(
        request,
        HTTPStatus.CREATED if public_now else HTTPStatus.ACCEPTED,
        as_id=owner,
        state=posted.state,
        number=posted.number,
        parent=posted.parent,
        url=url,
        message="" if public_now else _message(posted.state, posted.rule, posted.found),
        **editable,
    )


def _message(state: str, rule: str, found: str = "") -> str:
    """Say what became of a comment that is not public; a repeated post may meet a removal."""
    names = rule_names(queries.current_rules()) if state == "removed" else {}
    said = rule_sentence(rule, names)
    why = {"why": f"{said} (“{found}”)" if found else said}
    if state == "held":
        waits = gettext("Your comment waits for a moderator: %(why)s.") % why
        return f"{waits} {wait_words()}".rstrip()
    if rule == WITHDRAWN:
        return gettext("You withdrew this comment.")
    return gettext("A moderator removed this comment: %(why)s.") % why


def _refused(
    request: HttpRequest, form: CommentForm, thread_id: int, refused: Refused
) -> HttpResponse:
    """Draw the composer again with every word that was typed."""
    thread = queries.thread_facts(thread_id=thread_id)
    if thread is None:
        raise Http404
    if thread.hidden:
        refused = Refused("hidden")
    composer = _typed(request, form, thread)
    if refused.code == "busy" and not composer.key:
        composer = replace(composer, key=key_after_failure(now=utcnow()))
    warning = int(dict(refused.facts)["limit"]) if refused.code == "limited_warn" else 0
    composer = replace(composer, problem=sentence(refused), field=refused.field, warning=warning)
    context = {"composer": composer, "thread": thread, "refused": refused, **composer_context()}
    context["stops"] = STOPS
    return refusal(request, refused, "discussion/refused.html", context)


def _typed(request: HttpRequest, form: CommentForm, thread: ThreadFacts) -> Composer:
    """Return the composer with all that was sent."""
    parent = None if thread.hidden else form.cleaned_data.get("parent")
    note = None if thread.hidden or parent else form.cleaned_data.get("note")
    target = queries.reply_target(thread_id=thread.id, number=parent) if parent else None
    return Composer(
        thread.id,
        thread.url,
        reply_to=target,
        reply_url=addresses.permalink(target.number) if target else "",
        sort=chosen_sort(request.POST.get("sort", "")),
        body=request.POST.get("body", ""),
        name=request.POST.get("name", ""),
        email=request.POST.get("email", ""),
        key=request.POST.get("key", "")[:100],
        quotes=kept_cards(
            request.POST.getlist("quote"), answered=target.number if target else None
        ),
        note=queries.note_target(thread_id=thread.id, number=note) if note else None,
        alt=request.POST.get("alt", ""),
        image_lost=was_sent(request),
        **pace_of(thread, target),
    )
