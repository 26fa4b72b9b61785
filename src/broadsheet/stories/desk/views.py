"""Wagtail's editor for stories: what was typed is saved first, then comes the step that was asked.

Wagtail gives each page type views of its own through a `PageViewSet`.
"""

import json
from collections.abc import Callable
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.revisions import RevisionsRevertView
from wagtail.admin.views.pages.workflow import WorkflowActionView
from wagtail.admin.viewsets.pages import PageViewSet

from broadsheet.kit.clock import utcnow
from broadsheet.kit.verdict import Refused
from broadsheet.stories import rules
from broadsheet.stories.desk import steps, wording
from broadsheet.stories.desk.panels import FindingsSidePanel
from broadsheet.stories.desk.situation import situation_of
from broadsheet.stories.desk.steps import Verb
from broadsheet.stories.models import StoryPage
from broadsheet.stories.publishing import EmbargoError


class Steps:
    """Takes the place of Wagtail's own publish and submit; `_keep` saves what was typed."""

    request: HttpRequest
    page: StoryPage
    run_hook: Callable[..., HttpResponse | None]
    redirect_away: Callable[[], HttpResponse]
    after_hook: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Read and write times in the publisher's zone, whatever Wagtail has set for the person."""
        with timezone.override(wording.zone()):
            response: Any = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]  # Wagtail's
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        return cast("HttpResponse", response)

    def publish_action(self) -> HttpResponse:
        self._keep()
        response = self.run_hook("before_publish_page", self.request, self.page)
        return response or self._take(Verb.PUBLISH, "after_publish_page")

    def submit_action(self) -> HttpResponse:
        self._keep()
        return self._take(Verb.SUBMIT)

    def _keep(self) -> None:
        raise NotImplementedError

    def _take(self, verb: Verb, hook: str = "") -> HttpResponse:
        answer = steps.take(self.request, story=self.page, verb=verb, now=utcnow())
        if answer is not None:
            return answer
        for name in filter(None, (hook, self.after_hook)):
            response = self.run_hook(name, self.request, self.page)
            if response:
                return response
        return self.redirect_away()


class EditSteps(Steps, EditView):
    """The same in edit and revert; an approval is a step too."""

    after_hook = "after_edit_page"

    def perform_workflow_action(self) -> HttpResponse:
        if self.workflow_action == "reject":
            # Wagtail's own sentence says only that something was saved.
            self.add_save_confirmation_message = self._say_returned
        if self.workflow_action != "approve":
            answer: HttpResponse = super().perform_workflow_action()
            return answer
        if self.has_content_changes:
            self._keep()
        steps.keep_comment(self.request, story=self.page, comment=_comment(self.request))
        return self._take(Verb.APPROVE)

    def _say_returned(self) -> None:
        words = _("“%(title)s” is back with whoever wrote it, and they have been told.")
        messages.success(self.request, words % {"title": self.page.title})

    def _keep(self) -> None:
        """Save what was typed as the newest draft, as Wagtail does before it publishes."""
        self.page = self.form.save(commit=not self.page.live)
        self.subscription.save()
        revision = self.page.save_revision(
            user=self.request.user, log_action=True, previous_revision=self.previous_revision
        )
        if self.has_content_changes and "comments" in self.form.formsets:
            changes = self.get_commenting_changes()
            self.log_commenting_changes(changes, revision)
            self.send_commenting_notifications(changes)


class StoryEditView(EditSteps):
    partials_template_name = "stories/desk/edit_partials.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (self.expects_json_response or self.hydrate_create_view):
            for notice in _notices(self.page, scheduled=self.scheduled_revision is not None):
                messages.warning(request, notice)
            if returned := _returned(self.page):
                messages.info(request, returned)
        answer: HttpResponse = super().get(request, *args, **kwargs)
        return answer

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        return MediaContainer([*panels, FindingsSidePanel(self.page, self.request)])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        step = rules.next_step(
            situation=situation_of(page=self.page, user=self.request.user), now=utcnow()
        )
        return context | {"next_step_label": wording.label(step)}


class StoryRevertView(EditSteps, RevisionsRevertView):
    pass


class StoryCreateView(Steps, CreateView):
    """A story is written down as a draft before anything is asked of it: never live at once."""

    after_hook = "after_create_page"

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().form_valid(form)
        except ValidationError as error:
            # Another was quicker with this address: perhaps this very form, which saves itself.
            form.add_error(None, error.messages)
            answer = self.form_invalid(form)
        return answer

    def get_side_panels(self) -> Any:
        panels = super().get_side_panels()
        return MediaContainer([*panels, FindingsSidePanel(self.page, self.request)])

    def _keep(self) -> None:
        self.page = self.form.save(commit=False)
        self.page.live = False
        self.parent_page.add_child(instance=self.page)
        self.set_default_privacy_setting()
        self.page.save_revision(user=self.request.user, log_action=True)
        self.subscription.page = self.page
        self.subscription.save()


class StoryWorkflowActionView(WorkflowActionView):
    """Approval from a list, without the editor: an embargo is said in words, not as an error."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except EmbargoError as error:
            messages.warning(request, wording.explain(error.verdict))
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                done = {"step": "success", "redirect": self.redirect_url}
                answer = self.render_modal_json(request, done)
            else:
                answer = redirect(self.redirect_url)
        return answer


class StoryViewSet(PageViewSet):
    model = StoryPage
    add_view_class = StoryCreateView
    edit_view_class = StoryEditView
    revisions_revert_view_class = StoryRevertView
    workflow_action_view_class = StoryWorkflowActionView


def _notices(page: StoryPage, *, scheduled: bool) -> list[str]:
    """What whoever opens the editor must not overlook."""
    now, notices = utcnow(), []
    if page.embargo_until and page.embargo_until > now:
        verdict = rules.may_publish(
            embargo_until=page.embargo_until, go_live_at=page.go_live_at, now=now
        )
        when = wording.moment(page.embargo_until)
        notices.append(
            wording.explain(verdict)
            if isinstance(verdict, Refused)
            else _("Under embargo until %(when)s.") % {"when": when}
        )
    unpublished = not page.live or page.has_unpublished_changes
    if page.go_live_at and rules.is_forgotten_schedule(
        go_live_at=page.go_live_at,
        was_public=page.first_published_at is not None,
        unpublished=unpublished,
        scheduled=scheduled,
        now=now,
    ):
        words = _(
            "A time is set, %(when)s, and nothing is scheduled: it goes out by itself only after "
            "somebody who may publish has pressed the button that says so."
        )
        notices.append(words % {"when": wording.moment(page.go_live_at)})
    return notices


def _returned(page: StoryPage) -> str:
    """What an editor wants changed, and who says so; empty unless one has asked."""
    state = page.current_workflow_state
    if not state or state.status != state.STATUS_NEEDS_CHANGES:
        return ""
    asked = state.current_task_state
    said = asked.comment.strip()
    if not said:
        return _("An editor asks for changes.")
    words = _("%(editor)s asks for changes: “%(said)s”")
    return words % {"editor": asked.finished_by or _("An editor"), "said": said}


def _comment(request: HttpRequest) -> str:
    """What an editor wrote into the dialog of "approve with comment"."""
    try:
        data = json.loads(request.POST.get("workflow-action-extra-data", "{}"))
        return str(data.get("comment", ""))
    except (ValueError, AttributeError):
        return ""
