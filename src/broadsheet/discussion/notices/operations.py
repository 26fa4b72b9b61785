"""Taking a notice of illegal content: a report, with who sends it and under which law."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from broadsheet.discussion import waiting
from broadsheet.discussion.models import Comment, Notice, Report
from broadsheet.discussion.rules import noticing, texts
from broadsheet.discussion.rules.noticing import SENDER_KEPT, Sent
from broadsheet.discussion.threads.operations import lock_thread_of
from broadsheet.kit.ids import new_token
from broadsheet.kit.verdict import RefusalError, Refused, require


@dataclass(frozen=True, slots=True)
class Noticed:
    """`number` is what the sender is told, `token` the end of the address of their own page."""

    number: int
    token: str


def send_notice(*, comment_id: int, sent: Sent, now: datetime) -> Noticed:
    """Take a notice about a public comment. Anybody may send one, also who may not write here.

    Raises RefusalError, UnknownCommentError.
    """
    words = texts.clean_text(sent.words)
    require(noticing.is_complete(sent=sent))
    with transaction.atomic():
        thread = lock_thread_of(comment_id)
        comment = Comment.objects.only("state").get(pk=comment_id)
        if comment.state != Comment.State.PUBLISHED or thread.hidden_at is not None:
            raise RefusalError(Refused("notice_gone", field="address"))
        token = new_token()
        report = Report.objects.create(
            comment=comment,
            reporter=f"notice:{token}",
            rule=noticing.NOTICE,
            words=words,
            reported_at=now,
        )
        notice = Notice.objects.create(
            report=report,
            token=token,
            name=sent.name,
            email=sent.email,
            authority=sent.authority,
            abuse=sent.abuse,
            law=texts.clean_text(sent.law),
            sent_at=now,
        )
        waiting.refresh([comment_id])
    return Noticed(notice.pk, token)


def forget_senders(*, now: datetime) -> int:
    """Forget who sent notices that were decided long enough ago; return how many."""
    old = Notice.objects.filter(report__settled_at__lte=now - SENDER_KEPT, forgotten_at=None)
    return old.update(name="", email="", forgotten_at=now)
