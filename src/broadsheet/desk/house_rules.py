"""The desk's page "House rules": the rules that comments are removed under, each save a version."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.desk.answers import SeeOther
from broadsheet.discussion import api as discussion
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for

ICON: Final = "list-ol"
EXTRA_ROWS: Final = 2
REFUSALS: Final = {
    "rules_none": gettext_lazy("Without any rule nothing could be removed. Keep at least one."),
    "rules_many": gettext_lazy("At most %(limit)s rules fit. Who reads more?"),
    "rule_title": gettext_lazy("Rule %(place)s has no title."),
    "rule_sentence": gettext_lazy("Rule %(place)s has no sentence that says what it means."),
    "rule_long": gettext_lazy(
        "Rule %(place)s is too long: a title has at most %(title)s characters, a sentence "
        "%(sentence)s."
    ),
    "rule_twice": gettext_lazy("Rule %(place)s has the title of another one."),
    "rules_changed": gettext_lazy(
        "Somebody else changed the rules meanwhile. What you typed is kept: compare it with the "
        "rules of today, then save again."
    ),
    "not_yours": gettext_lazy("Only owners and editors can do this."),
    "banned": gettext_lazy("Only owners and editors can do this."),
}


class RuleForm(forms.Form):
    """One rule; a row without title and sentence is none."""

    key = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Title"), required=False, max_length=discussion.TITLE_LIMIT
    )
    sentence = forms.CharField(
        label=gettext_lazy("What it means"),
        required=False,
        max_length=discussion.SENTENCE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    law = forms.BooleanField(
        label=gettext_lazy("The law forbids it too"),
        required=False,
        help_text=gettext_lazy("Statements of reasons then say “illegal content”."),
    )


_RuleForms = forms.formset_factory(
    RuleForm, extra=EXTRA_ROWS, max_num=discussion.MOST_RULES, validate_max=True, can_order=True
)


class RulesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(discussion.may_change_rules(actor=_actor(request)))


def menu_item() -> MenuItem:
    return RulesMenuItem(
        gettext_lazy("House rules"),
        reverse("house_rules"),
        name="house-rules",
        icon_name=ICON,
        order=332,
    )


@private
def edit(request: HttpRequest) -> HttpResponse:
    """Show the rules in force, and put others in force."""
    actor = _actor(request)
    if not discussion.may_change_rules(actor=actor):
        raise PermissionDenied
    book = discussion.current_rules()
    if request.method != "POST":
        return _page(request, _RuleForms(initial=_initial(book)), book)
    rows = _RuleForms(request.POST, initial=_initial(book))
    if not rows.is_valid():
        return _page(request, rows, book, [str(error) for error in rows.non_form_errors()])
    on = request.POST.get("on", "")
    try:
        after = discussion.change_rules(
            actor=actor,
            wanted=_wanted(rows, book),
            on=int(on) if on.isdecimal() and len(on) < 10 else 0,  # noqa: PLR2004 - a number of 32 bits
            now=utcnow(),
        )
    except RefusalError as refusal:
        said = str(REFUSALS[refusal.verdict.code]) % dict(refusal.verdict.facts)
        return _page(request, rows, discussion.current_rules(), [said])
    if after.version == book.version:
        messages.success(request, _("Nothing was changed."))
    else:
        said = _("Version %(version)s is in force.") % {"version": after.version}
        messages.success(request, said)
    return SeeOther(reverse("house_rules"))


urls: Sequence[URLPattern] = (path("house-rules/", edit, name="house_rules"),)


def _initial(book: discussion.Rulebook) -> list[dict[str, Any]]:
    return [
        {"key": rule.key, "title": rule.title, "sentence": rule.sentence, "law": rule.law}
        for rule in book.rules
    ]


def _wanted(rows: Any, book: discussion.Rulebook) -> list[discussion.HouseRule]:
    """Return the rows that say something, in their order; what is no rule any more is a new one."""
    found = []
    for form in rows.ordered_forms:
        row = {name: form.cleaned_data.get(name, "") for name in ("key", "title", "sentence")}
        title, sentence = row["title"].strip(), row["sentence"].strip()
        if title or sentence:
            key = row["key"] if book.number(row["key"]) else ""
            law = bool(form.cleaned_data.get("law"))
            found.append(discussion.HouseRule(key, title, sentence, law))
    return found


def _page(
    request: HttpRequest, rows: Any, book: discussion.Rulebook, problems: Sequence[str] = ()
) -> HttpResponse:
    title = _("House rules")
    context = {
        "page_title": title,
        "header_title": title,
        "header_icon": ICON,
        "submit_button_label": _("Save as a new version"),
        "rows": rows,
        "book": book,
        "problems": problems,
        "media": rows.media,
    }
    wrong = bool(problems) or (rows.is_bound and not rows.is_valid())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "desk/house_rules/form.html", context, status=status)


def _actor(request: HttpRequest) -> Actor:
    user: Any = request.user
    return actor_for(user)
