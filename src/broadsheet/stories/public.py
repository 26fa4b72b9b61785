"""Which stories readers may see: live, published, and behind no restriction."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, QuerySet
from wagtail.models import Page, PageViewRestriction

from broadsheet.stories.models import StoryPage


def public_stories() -> QuerySet[StoryPage]:
    """Return the stories that readers may see, restrictions included, in the query it is used in.

    Wagtail's `public()` asks once more; this is for pages that count.
    """
    found: QuerySet[StoryPage] = StoryPage.objects.live().filter(
        ~restricted(), first_published_at__isnull=False
    )
    return found


def restricted() -> Exists:
    """Return the condition that a page is restricted: a restriction holds for all below it too."""
    path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
    # Not a join: a database without figures for an empty table begins it with all pages.
    closed = Page.objects.filter(pk__in=PageViewRestriction.objects.values("page"))
    return Exists(closed.annotate(of=path).filter(of__startswith=F("path")))
