"""Undoing a quotation that was found by matching: a page that says what it is, and its form."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.discussion import queries
from broadsheet.discussion.http import addresses
from broadsheet.discussion.http.answers import refusal, see_other
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.quotes.operations import UnknownQuoteError, undo_quote
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import guarded
from broadsheet.kit.verdict import RefusalError


@guarded
def undo(request: HttpRequest, number: int, quote_id: int) -> HttpResponse:
    """Undo it (POST), or show what would be undone, to whoever asks (GET)."""
    if request.method != "POST":
        return render(request, "discussion/undo_quote.html", _context(number, quote_id))
    try:
        undo_quote(actor=actor_of(request), comment_id=number, quote_id=quote_id, now=utcnow())
    except (queries.UnknownCommentError, UnknownQuoteError) as error:
        raise Http404 from error
    except RefusalError as error:
        context = _context(number, quote_id)
        return refusal(request, error.verdict, "discussion/undo_quote.html", context)
    return see_other(request, addresses.permalink(number))


def _context(number: int, quote_id: int) -> dict[str, Any]:
    page = queries.comment_page(number=number)
    if page is None or not page.comment.is_public:
        raise Http404
    found = [quote for quote in page.comment.quotes if quote.id == quote_id]
    if not found:
        raise Http404
    return {"comment": page.comment, "quote": found[0], "thread": page.thread}
