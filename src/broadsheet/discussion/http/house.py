"""The house rules for everybody: those in force, and each version there was."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from broadsheet.discussion import queries
from broadsheet.discussion.rules.house import Rulebook, changes
from broadsheet.kit.exposure import public

TEMPLATE = "discussion/house_rules.html"


@public(shows=())
def rules(request: HttpRequest) -> HttpResponse:
    """Show the house rules in force, what changed last, and the versions before."""
    return _page(request, queries.versions_of_rules(), None)


@public(shows=())
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version of the house rules, as decisions name it."""
    book = queries.rules_of_version(version=number)
    if book is None:
        raise Http404
    return _page(request, queries.versions_of_rules(), book)


def _page(
    request: HttpRequest, versions: tuple[Rulebook, ...], asked: Rulebook | None
) -> HttpResponse:
    now = versions[0]
    book = asked or now
    before = queries.rules_of_version(version=book.version - 1) if book.version > 1 else None
    context = {
        "book": book,
        "now": now,
        "versions": versions,
        "one": asked is not None,
        "changes": changes(before=before, after=book) if before else (),
    }
    return render(request, TEMPLATE, context)
