"""The shape of what is sent: types and lengths. What it means is for the rules."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from broadsheet.discussion.rules.deciding import FROM
from broadsheet.discussion.rules.marking import MARKS
from broadsheet.discussion.rules.noting import CLOSES, REMOVES, REOPENS, RESTORES
from broadsheet.discussion.rules.spotting import KEY
from broadsheet.discussion.rules.texts import EMAIL_LIMIT, clean_text

LARGEST_NUMBER = 2**63 - 1
_DIGITS = 18
_MOST_CHOSEN = 100
# What the queue does beside bringing a comment from state to state, and marking it.
_BESIDE = (
    *("dismiss", "uphold", "remove_branch", "blank_image", "hold_author", "free_author"),
    *("take", "ask", "release"),
)


class WordsField(forms.CharField):
    """Words of any length and kind, as they can be kept: the rules say what is too long."""

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class Unchanging(dict[str, forms.Field]):
    """The fields of a form that no instance changes: they need not be copied for each."""

    def __deepcopy__(self, _memo: Mapping[int, Any]) -> "Unchanging":
        return self


def unchanging[F: forms.Form](form: type[F]) -> type[F]:
    """Let all instances of a form share its fields; copying them is most of what a form costs."""
    form.base_fields = Unchanging(form.base_fields)
    return form


@unchanging
class CommentForm(forms.Form):
    """A comment. `website` is a trap: people do not see it, programs fill it in."""

    body = forms.CharField(required=False, strip=False)
    name = forms.CharField(required=False, max_length=200)
    email = forms.EmailField(required=False, max_length=EMAIL_LIMIT)
    parent = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    key = forms.CharField(required=False, max_length=100)
    note = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    read = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    website = forms.CharField(required=False)

    def problem(self) -> tuple[str, str]:
        """Return the code and the field of what is wrong with the shape, or two empty strings."""
        if not self.is_valid():
            return ("email", "email") if set(self.errors) == {"email"} else ("form", "")
        return ("trap", "website") if self.cleaned_data["website"] else ("", "")


@unchanging
class PhraseForm(CommentForm):
    """Words of the story, and a question about them or a comment on them.

    `before` and `after` are what stands on either side, where a browser said so; `start` chooses
    one of several places of the same words.
    """

    phrase = forms.CharField(required=False, max_length=4_000)
    before = forms.CharField(required=False, max_length=1_000, strip=False)
    after = forms.CharField(required=False, max_length=1_000, strip=False)
    start = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    question = forms.CharField(required=False, max_length=10_000)
    opened = forms.BooleanField(required=False)


class NoteForm(forms.Form):
    """A decision about a note."""

    note = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER)
    verb = forms.ChoiceField(
        choices=[(verb, verb) for verb in (CLOSES, REOPENS, REMOVES, RESTORES)]
    )
    reason = WordsField(required=False)


@unchanging
class VoteForm(forms.Form):
    value = forms.IntegerField(min_value=-1, max_value=1)


@unchanging
class EditForm(forms.Form):
    """Other words for a comment; `seen` is the mark of those that the form was drawn with."""

    body = forms.CharField(required=False, strip=False)
    seen = forms.CharField(required=False, max_length=40)


class ReportForm(forms.Form):
    rule = forms.CharField(required=False, max_length=40)
    words = forms.CharField(required=False, max_length=10_000)


class BlankForm(forms.Form):
    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    reason = WordsField(required=False)


class ClosingForm(forms.Form):
    verb = forms.ChoiceField(choices=[("close", "close"), ("reopen", "reopen")])
    reason = WordsField(required=False)


class DecisionForm(forms.Form):
    """A decision about a comment, or a claim on it.

    "dismiss" lets one stand that is reported, "blank_image" takes its image away, MARKS are about
    its marks.
    """

    number = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER)
    verb = forms.ChoiceField(choices=[(verb, verb) for verb in (*FROM, *_BESIDE, *MARKS)])
    seen = forms.CharField(required=False, max_length=40)
    rule = forms.CharField(required=False, max_length=40)
    reason = WordsField(required=False)


class FiltersForm(forms.Form):
    """All filters as they are typed: lists by lines, numbers; with `tried` what was tried."""

    hold_words = forms.CharField(required=False, max_length=200_000)
    refuse_words = forms.CharField(required=False, max_length=200_000)
    hold_patterns = forms.CharField(required=False, max_length=20_000)
    refuse_patterns = forms.CharField(required=False, max_length=20_000)
    hold_hosts = forms.CharField(required=False, max_length=200_000)
    refuse_hosts = forms.CharField(required=False, max_length=200_000)
    allow_hosts = forms.CharField(required=False, max_length=200_000)
    most_links = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    repeat_hours = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    repeat_people = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    removals = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    removal_days = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    house_rule = forms.CharField(required=False, max_length=40)
    reason = WordsField(required=False)
    tried = forms.CharField(required=False, max_length=500)


class LimitForm(forms.Form):
    """What is to hold for the author of a comment; without `days` it has no end."""

    number = forms.IntegerField(min_value=1, max_value=LARGEST_NUMBER)
    kind = forms.CharField(required=False, max_length=20)
    days = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    minutes = forms.IntegerField(required=False, min_value=-10_000, max_value=10_000)
    mail = forms.BooleanField(required=False)
    network = forms.BooleanField(required=False)
    rule = forms.CharField(required=False, max_length=40)
    reason = WordsField(required=False)

    @classmethod
    def read(cls, sent: MultiValueDict[str, str]) -> "LimitForm":
        """Read the form, whose button names the rule; of several reasons the one that is there."""
        names = ("number", "kind", "days", "minutes", "mail", "network")
        values = {name: sent.get(name, "") for name in names}
        values["rule"] = str(sent.get("does", "")).partition(" ")[2]
        values["reason"] = next(filter(str.strip, map(str, sent.getlist("reason"))), "")
        return cls(values)


class BatchForm(forms.Form):
    """One decision about each of several.

    With `whole` it is about all that waits of an author, or that an entry of a filter stopped.
    """

    does = forms.RegexField(r"^(approve|remove)( [a-z_]{1,40})?$", max_length=60)
    author = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
    match = forms.RegexField(KEY, required=False, max_length=16)
    whole = forms.BooleanField(required=False)
    reason = WordsField(required=False)

    @staticmethod
    def chosen(values: Sequence[str]) -> dict[int, str]:
        """Return what was ticked, with the mark of the words that were read: "214-0123abcd"."""
        found = {}
        for value in values[:_MOST_CHOSEN]:
            number, _, seen = value.partition("-")
            if number.isdecimal() and len(number) <= _DIGITS:
                found[int(number)] = seen
        return found
