"""The desk's page "Site": the publication's face, its menus and its policy pages."""

from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.desk.answers import SeeOther
from broadsheet.desk.publication_forms import FaceForm, link_forms, rows_of
from broadsheet.kit.actor import Actor
from broadsheet.kit.clock import utcnow
from broadsheet.kit.colour import DARK_GROUNDS, LIGHT_GROUNDS, ColourError, accent, contrast
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers.api import actor_for
from broadsheet.stories import api as stories

ICON: Final = "site"
FACE: Final = (
    *("name", "tagline", "logo", "accent", "footer", "language", "time_zone", "currency"),
)
REFUSALS: Final = {
    "publication.owner_only": gettext_lazy("Only owners change this; editors change the menus."),
    "publication.not_yours": gettext_lazy("Only owners and editors can do this."),
    "publication.currency_in_books": gettext_lazy(
        "There is a campaign, and its books are kept in %(currency)s. Amounts that were given "
        "cannot become another money."
    ),
    "publication.link_address": gettext_lazy("A link leads to a page or to a whole address."),
}


class SiteMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(stories.may_change_menus(actor=_actor(request)))


def menu_item() -> MenuItem:
    return SiteMenuItem(
        gettext_lazy("Site"), reverse("publication"), name="site", icon_name=ICON, order=330
    )


@private
def edit(request: HttpRequest) -> HttpResponse:
    """Show the publication's face and put another one in force."""
    actor = _allowed(request)
    whole = bool(stories.may_change_face(actor=actor))
    stored = stories.as_set()
    forms = _forms(request, stored, whole=whole)
    if request.method == "POST" and all(form.is_valid() for form in forms.values()):
        try:
            changed = stories.set_publication(
                actor=actor, wanted=_wanted(forms, stored), now=utcnow()
            )
        except RefusalError as refusal:
            sentence = REFUSALS[refusal.verdict.code] % dict(refusal.verdict.facts)
            form, field = _place_of(forms, refusal.verdict.field)
            form.add_error(field, sentence)
        else:
            _say(request, changed)
            return SeeOther(reverse("publication"))
    return _page(request, forms)


@private
@require_POST
def add_policies(request: HttpRequest) -> HttpResponse:
    """Make the policy pages that are missing, as drafts."""
    actor = _allowed(request)
    made = stories.add_policy_pages(actor=actor, now=utcnow())
    if made:
        sentence = ngettext(
            "%(count)s page was made as a draft. Fill in its marked places, then publish it.",
            "%(count)s pages were made as drafts. Fill in their marked places, then publish them.",
            len(made),
        )
        messages.success(request, sentence % {"count": len(made)})
    else:
        messages.success(request, _("There is a page for every policy already."))
    return SeeOther(reverse("publication"))


urls: Sequence[URLPattern] = (
    path("site/", edit, name="publication"),
    path("site/policies/", add_policies, name="publication_policies"),
)


def _forms(request: HttpRequest, stored: stories.Wanted, *, whole: bool) -> dict[str, Any]:
    data = request.POST if request.method == "POST" else None
    sections = [(link.url, link.title) for link in stories.sections()]
    forms: dict[str, Any] = {}
    if whole:
        initial = {name: getattr(stored, name) for name in FACE}
        defaults = stories.publication_by_file()
        forms["face"] = FaceForm(data, initial=initial, defaults=defaults)
    for prefix in ("menu", "footer_links"):
        rows = getattr(stored, prefix)
        forms[prefix] = link_forms(data, prefix=prefix, rows=rows, sections=sections)
    return forms


def _wanted(forms: dict[str, Any], stored: stories.Wanted) -> stories.Wanted:
    wanted = replace(
        stored, menu=rows_of(forms["menu"]), footer_links=rows_of(forms["footer_links"])
    )
    if "face" in forms:
        data = {name: forms["face"].cleaned_data[name] for name in FACE}
        data["logo"] = data["logo"].pk if data["logo"] else None
        wanted = replace(wanted, **data)
    return wanted


def _place_of(forms: dict[str, Any], field: str) -> tuple[Any, str | None]:
    """Return where a refusal is shown: at its field, or above all."""
    form = forms.get("face") or forms["menu"].forms[0]
    return form, field if field in form.fields else None


def _say(request: HttpRequest, changed: tuple[str, ...]) -> None:
    if not changed:
        messages.success(request, _("Nothing was changed."))
        return
    messages.success(request, _("The site is changed, for everybody within a second."))
    colour = stories.as_set().accent
    if "accent" in changed and colour and (made := accent(colour)).was_adjusted:
        facts = {"chosen": made.chosen, "light": made.light}
        messages.warning(
            request,
            _("%(chosen)s could not be read on the page, so it is shown as %(light)s.") % facts,
        )


def _page(request: HttpRequest, forms: dict[str, Any]) -> HttpResponse:
    wrong = any(not form.is_valid() for form in forms.values() if form.is_bound)
    face = forms.get("face")
    title = _("Site")
    policies = stories.policy_pages()
    context = {
        "page_title": title,
        "header_title": title,
        "header_icon": ICON,
        "submit_button_label": _("Save"),
        "face": face,
        "menus": [
            (forms["menu"], _("Menu"), _("Without any link, the sections are the menu.")),
            (forms["footer_links"], _("Footer links"), _("They stand before the plain pages.")),
        ],
        "accent": _shown_accent(face),
        "policies": policies,
        "policies_missing": any(policy.page is None for policy in policies),
        "media": sum((form.media for form in forms.values()), start=Media()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "desk/publication/form.html", context, status=status)


def _shown_accent(face: Any) -> dict[str, Any] | None:
    """Return the colour of the form as readers will see it, with its contrast; None without one."""
    if face is None:
        return None
    try:
        made = accent(str(face["accent"].value() or ""))
    except ColourError:
        return None
    return {
        "made": made,
        "grounds": [
            (made.light, LIGHT_GROUNDS[0], f"{contrast(made.light, LIGHT_GROUNDS[0]):.1f}"),
            (made.dark, DARK_GROUNDS[0], f"{contrast(made.dark, DARK_GROUNDS[0]):.1f}"),
        ],
        "before": f"{contrast(made.chosen, LIGHT_GROUNDS[0]):.1f}",
    }


def _actor(request: HttpRequest) -> Actor:
    user: Any = request.user
    return actor_for(user)


def _allowed(request: HttpRequest) -> Actor:
    """Let owners and editors pass. Wagtail answers the others, with a word of why."""
    actor = _actor(request)
    if not stories.may_change_menus(actor=actor):
        raise PermissionDenied
    return actor
