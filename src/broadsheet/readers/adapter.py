"""allauth's hooks: its mail goes through our outbox, its users keep no username."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.urls import reverse

from broadsheet.kit.clock import utcnow
from broadsheet.kit.hosts import host_of
from broadsheet.outbox import api as outbox


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a code must survive a mail server that is down for a minute.

        What it names and links is of the settings, whatever the request said about its host.
        """
        url = settings.BROADSHEET_URL
        site = {"name": str(settings.PUBLICATION_NAME), "domain": host_of(url), "url": url}
        ours = {
            "email": email,
            "current_site": site,
            "login_url": url + reverse("account_login"),
            "signup_url": url + reverse("account_signup"),
        }
        message = self.render_mail(template_prefix, email, context | ours)
        outbox.queue(
            kind=template_prefix.rpartition("/")[2],
            to=email,
            subject=message.subject,
            text=message.body,
            now=utcnow(),
        )

    def send_account_already_exists_mail(self, email: str) -> None:
        """Allauth's own would offer to reset a password, and there is none."""
        self.send_mail("account/email/account_already_exists", email, {})

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.PUBLICATION_NAME}: {subject}"

    def get_client_ip(self, request: Any) -> str:
        """The server has already looked behind the trusted proxies."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def populate_username(self, request: Any, user: Any) -> None:
        """There is no username."""
