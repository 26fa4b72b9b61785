"""A form that could not be taken, as one that can be sent again."""

from dataclasses import dataclass

from django.http import HttpRequest

from broadsheet.discussion.api import key_after_failure
from broadsheet.kit.clock import utcnow
from broadsheet.site.middleware.exposure import TYPED, may_be_sent_again, sent

# By it a form that is sent twice is taken once.
KEY = "key"


@dataclass(frozen=True, slots=True)
class Field:
    """A field with what was sent in it; `is_shown` where people write into it."""

    name: str
    value: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class FormAgain:
    """Where it goes, what was in it, and the names of files, which no page can hold."""

    action: str
    fields: tuple[Field, ...]
    files: tuple[str, ...]


def form_again(request: HttpRequest) -> FormAgain | None:
    """Return the form of a public page that failed; None where there is none that may be shown.

    What another site made a browser send is never shown as ours: one press would send it.
    """
    if not may_be_sent_again(request):
        return None
    form = sent(request)
    fields = [
        Field(name, value, is_shown=name in TYPED)
        for name, values in form.lists()
        for value in values
        if name != KEY
    ]
    if KEY in form:
        key = str(form[KEY]) or key_after_failure(now=utcnow())
        fields.append(Field(KEY, key, is_shown=False))
    return FormAgain(request.get_full_path(), tuple(fields), tuple(request.FILES))
