"""What must be true of quotes and their sources."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from broadsheet.discussion.models import Comment, Quote
from broadsheet.discussion.quotes.texts import quotable
from broadsheet.discussion.rules.quoting import MAX_QUOTES


def check_quotes() -> Iterator[str]:
    """Sources lie in the same thread, places are few, counts are right, words stand where told."""
    sourced = Quote.objects.filter(source__isnull=False)
    away = sourced.exclude(source__thread=F("comment__thread")) | sourced.filter(
        source=F("comment")
    )
    for number in away.values_list("pk", flat=True).iterator():
        yield f"quote {number} is of no other comment of its thread"
    for number in Quote.objects.filter(place__gte=MAX_QUOTES).values_list("pk", flat=True):
        yield f"quote {number} stands beyond the last place"
    yield from _counts()
    yield from _words()


def _counts() -> Iterator[str]:
    standing = Quote.objects.filter(comment=OuterRef("pk"), undone_at=None).order_by()
    counted = standing.values("comment").annotate(n=Count("pk")).values("n")
    wrong = (
        Comment.objects.annotate(there=Coalesce(Subquery(counted), 0))
        .exclude(quote_count=F("there"))
        .values_list("pk", "quote_count", "there")
    )
    for number, told, there in wrong.iterator():
        yield f"comment {number} says it carries {told} quotes; there are {there}"


def _words() -> Iterator[str]:
    current = Quote.objects.filter(blanked_at=None, source__revision=F("revision"))
    columns = ("pk", "exact", "start", "end", "sentence", "sentence_start", "source__html")
    for number, exact, start, end, sentence, at, html in current.values_list(*columns).iterator():
        if quotable(html).text[start:end] != exact:
            yield f"quote {number} has other words than its source at that place"
        if not sentence.startswith(exact, at):
            yield f"quote {number} does not stand in its sentence"
    blank = Quote.objects.filter(blanked_at__isnull=False)
    for number in blank.exclude(exact="", sentence="", prefix="", suffix="").values_list("pk"):
        yield f"quote {number[0]} was blanked and has words"
