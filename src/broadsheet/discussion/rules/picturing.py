"""Whether an image may come with a comment."""

from typing import Final

from broadsheet.discussion.rules.policy import Policy
from broadsheet.kit.verdict import ALLOWED, Refused, Verdict

# A photograph of a telephone has 2 to 6; the publisher's bound on requests may allow less.
MOST_MB: Final = 10
ALT_LIMIT: Final = 300
MB: Final = 1024 * 1024

_OFF: Final = Refused("images_off")
_MISSING: Final = Refused("image_missing", field="image")
_NO_ALT: Final = Refused("image_alt", field="alt")


def may_add(*, policy: Policy, sizes: list[int], alt: str) -> Verdict:
    """Say whether files of these `sizes`, in bytes, may come with a comment, described by `alt`.

    Words without the image they describe are refused too: a form that was refused once has lost
    its file, and a comment would appear without it.
    """
    if not policy.image_mb:
        return _OFF if sizes else ALLOWED
    if not sizes:
        return _MISSING if alt else ALLOWED
    if len(sizes) > 1:
        return Refused("image_many", field="image")
    if sizes[0] > policy.image_mb * MB:
        facts = (("size", -(-sizes[0] // MB)), ("limit", policy.image_mb))
        return Refused("image_large", facts=facts, field="image")
    return _is_described(alt)


def _is_described(alt: str) -> Verdict:
    if len(alt) > ALT_LIMIT:
        facts = (("length", len(alt)), ("limit", ALT_LIMIT))
        return Refused("image_alt_long", facts=facts, field="alt")
    return ALLOWED if alt else _NO_ALT
