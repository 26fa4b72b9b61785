"""Images in forms and on pages: what is uploaded, how it is drawn, and who is sent the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from html import escape

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from broadsheet.discussion import queries
from broadsheet.discussion.http.limits import within_limits
from broadsheet.discussion.http.people import actor_of
from broadsheet.discussion.http.policy import policy
from broadsheet.discussion.images import files
from broadsheet.discussion.images.darkroom import develop
from broadsheet.discussion.images.shown import KeptImage, ShownImage
from broadsheet.discussion.rules.picturing import may_add
from broadsheet.discussion.rules.posting import may_write
from broadsheet.discussion.rules.texts import clean_line
from broadsheet.kit.actor import Actor
from broadsheet.kit.exposure import private, public
from broadsheet.kit.verdict import require

# About 20rem: less than a window's half, so that what was said stays in sight beside it.
MOST_HEIGHT = 320
# What a browser's own viewer needs, which fits a picture into its window by inline styles.
_ALONE = {"default-src": [CSP.NONE], "style-src": [CSP.UNSAFE_INLINE], "sandbox": ""}


@contextmanager
def image_of(request: HttpRequest, *, actor: Actor) -> Iterator[KeptImage | None]:
    """Keep the image that came with a form while its comment is written; None where none came.

    Raises RefusalError before anything is kept.
    """
    sent = request.FILES.getlist("image")
    alt = clean_line(request.POST.get("alt", ""))
    if not sent and not alt:
        yield None
        return
    chosen = policy()
    require(may_add(policy=chosen, sizes=[one.size or 0 for one in sent], alt=alt))
    if not sent or not chosen.image_mb:
        yield None
        return
    # Before the work, not after it.
    require(may_write(actor=actor))
    require(within_limits(actor=actor, verb="image"))
    with files.kept(develop(sent[0].read()), alt=alt) as kept:
        yield kept


def was_sent(request: HttpRequest) -> bool:
    """Say whether a file came with a form: a page that is drawn again cannot hold it."""
    return bool(request.FILES.get("image"))


def figure(image: ShownImage, *, number: int) -> str:
    """Draw the image of a public comment. Its place is as large before it is there as after."""
    full, small = (
        reverse(f"discussion:{name}", args=[number, image.key]) for name in ("image", "small_image")
    )
    return _figure(image, full=full, small=small)


def own_figure(image: ShownImage, *, number: int) -> str:
    """Draw the image of a comment for those who may see it whatever became of it."""
    own = reverse("discussion:own_image", args=[number, image.key])
    return _figure(image, full=own, small=own)


def _figure(image: ShownImage, *, full: str, small: str) -> str:
    shrunk = min(1.0, MOST_HEIGHT / image.height)
    width, height = (max(1, round(side * shrunk)) for side in (image.width, image.height))
    return (
        f'<figure class="pic"><a class="full" href="{full}"><img src="{small}"'
        f' alt="{escape(image.alt)}" width="{width}" height="{height}" loading="lazy"'
        ' decoding="async"></a></figure>'
    )


@public(shows=())
@csp_override(_ALONE)
def full(_request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Send the image of a comment that everybody may read."""
    return _sent(queries.public_image(number=number, key=key, ending=files.FULL))


@public(shows=())
@csp_override(_ALONE)
def small(_request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Send it as it stands among the words."""
    return _sent(queries.public_image(number=number, key=key, ending=files.SMALL))


@private
@require_safe
@csp_override(_ALONE)
def own(request: HttpRequest, number: int, key: str) -> HttpResponse:
    """Send the image of a comment to its author and to moderators, whatever became of it."""
    return _sent(queries.own_image(actor=actor_of(request), number=number, key=key))


def _sent(content: bytes | None) -> HttpResponse:
    if content is None:
        raise Http404
    # No search is to show a picture that a stranger put here as if it were the publisher's.
    headers = {"X-Robots-Tag": "noindex", "Content-Disposition": "inline"}
    return HttpResponse(content, content_type="image/webp", headers=headers)
