"""The desk's page "Staff": who works here, in which role."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from broadsheet.desk.answers import SeeOther
from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.clock import utcnow
from broadsheet.kit.exposure import private
from broadsheet.kit.verdict import RefusalError
from broadsheet.readers import api as readers

ICON: Final = "group"
NAMES: Final = {
    Role.REPORTER: gettext_lazy("Reporter"),
    Role.EDITOR: gettext_lazy("Editor"),
    Role.MODERATOR: gettext_lazy("Moderator"),
    Role.OWNER: gettext_lazy("Owner"),
}
DOES: Final = {
    Role.REPORTER: gettext_lazy("Reporter: writes stories and hands them in"),
    Role.EDITOR: gettext_lazy("Editor: edits everybody's stories, publishes, moderates"),
    Role.MODERATOR: gettext_lazy("Moderator: decides on comments, stops readers from writing"),
    Role.OWNER: gettext_lazy("Owner: all of it, and the money, the site and who works here"),
}
REFUSALS: Final = {
    "not_owner": gettext_lazy("Only the owner decides who works here."),
    "own_ownership": gettext_lazy(
        "You cannot give up your own ownership; another owner can take it from you."
    ),
    "email_taken": gettext_lazy("Another account has this address."),
    "banned_staff": gettext_lazy("This account is banned. Let it write again first."),
}


class StaffMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(readers.may_staff(actor=_actor(request)))


def menu_item() -> MenuItem:
    return StaffMenuItem(
        gettext_lazy("Staff"), reverse("staff"), name="staff", icon_name=ICON, order=325
    )


class ColleagueForm(forms.Form):
    required_css_class: ClassVar = "required"

    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("They sign in with it: a code is sent there."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Stands over their comments and in the histories of stories."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=[(str(role), words) for role, words in DOES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Several may be held. Without any, somebody is a reader again."),
    )


class NewColleagueForm(ColleagueForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = True
        self.fields["roles"].help_text = _("Several may be held.")


@private
def listing(request: HttpRequest) -> HttpResponse:
    """List who works here."""
    _owner(request)
    rows = [
        (one, [str(words) for role, words in NAMES.items() if role in one.roles])
        for one in readers.staff()
    ]
    context = {"page_title": _("Staff"), "header_title": _("Staff"), "header_icon": ICON}
    return render(request, "desk/staff/listing.html", context | {"rows": rows})


@private
def add(request: HttpRequest) -> HttpResponse:
    """Give somebody a role: a reader, or who has no account yet."""
    actor = _owner(request)
    form = NewColleagueForm(request.POST if request.method == "POST" else None)
    return _handled(request, actor, form, _("Add a colleague"), uuid=None)


@private
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change somebody's name and roles; without any they are a reader again."""
    actor = _owner(request)
    one = next((each for each in readers.staff() if each.uuid == uuid), None)
    if one is None:
        raise Http404
    stored = {"email": one.email, "name": one.name, "roles": [str(role) for role in one.roles]}
    form = ColleagueForm(request.POST if request.method == "POST" else None, initial=stored)
    return _handled(request, actor, form, one.name, uuid=uuid)


def _handled(
    request: HttpRequest, actor: Actor, form: forms.Form, title: str, *, uuid: UUID | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            one = readers.appoint(
                actor=actor,
                uuid=uuid,
                email=data["email"],
                name=data["name"],
                roles={Role(role) for role in data["roles"]},
                now=utcnow(),
            )
        except RefusalError as refusal:
            form.add_error(refusal.verdict.field or None, REFUSALS[refusal.verdict.code])
        else:
            messages.success(request, _said(one))
            return SeeOther(reverse("staff"))
    context = {
        "page_title": title,
        "header_title": title,
        "header_icon": ICON,
        "form": form,
        "submit_button_label": _("Save"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "desk/staff/form.html", context, status=status)


def _said(one: readers.Colleague) -> str:
    if not one.roles:
        return _("%(name)s is a reader now.") % {"name": one.name}
    if one.seen_at is None:
        told = {"name": one.name, "email": one.email}
        return _("%(name)s was written to at %(email)s how to sign in.") % told
    return _("%(name)s was changed.") % {"name": one.name}


def _actor(request: HttpRequest) -> Actor:
    user: Any = request.user
    return readers.actor_for(user)


def _owner(request: HttpRequest) -> Actor:
    actor = _actor(request)
    if not readers.may_staff(actor=actor):
        raise PermissionDenied
    return actor


urls: Sequence[URLPattern] = (
    path("staff/", listing, name="staff"),
    path("staff/new/", add, name="staff_add"),
    path("staff/<uuid:uuid>/", edit, name="staff_edit"),
)
