from django.db import models


class Lease(models.Model):
    """Who may do a thing that must not be done twice at once, and until when."""

    name = models.CharField(max_length=60, primary_key=True)
    holder = models.CharField(max_length=120)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.holder}"
