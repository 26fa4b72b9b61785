"""allauth's hooks: its mail goes through our outbox, its users keep no username."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from broadsheet.kit.clock import utcnow
from broadsheet.outbox import api as outbox


class AccountAdapter(DefaultAccountAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail: a code must survive a mail server that is down for a minute."""
        message = self.render_mail(template_prefix, email, context)
        outbox.queue(
            kind=template_prefix.rpartition("/")[2],
            to=email,
            subject=message.subject,
            text=message.body,
            now=utcnow(),
        )

    def get_client_ip(self, request: Any) -> str:
        """The server has already looked behind the trusted proxies."""
        return str(request.META.get("REMOTE_ADDR", ""))

    def populate_username(self, request: Any, user: Any) -> None:
        """There is no username."""
