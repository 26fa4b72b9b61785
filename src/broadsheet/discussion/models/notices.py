from typing import ClassVar

from django.db import models
from django.db.models import Q

from broadsheet.discussion.models.reports import Report


class Notice(models.Model):
    """A notice of illegal content (Art. 16 of the Digital Services Act): a report with more to it.

    Its words and what came of it stand in the report. `token` is the address at which whoever sent
    it reads that; `law` is what it breaks, in their words. Name and e-mail may be missing where it
    is about abuse of children (`abuse`), and are emptied when nobody has to be answered any more:
    then there is a `forgotten_at`.
    """

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="notice")
    token = models.CharField(max_length=22, unique=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    authority = models.BooleanField(default=False)
    abuse = models.BooleanField(default=False)
    law = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(abuse=True)
                | Q(forgotten_at__isnull=False)
                | (~Q(name="") & ~Q(email="")),
                name="notice_has_a_sender",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"
