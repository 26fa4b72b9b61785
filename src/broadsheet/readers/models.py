"""Accounts of people: readers who sign in, and staff."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Accounts are known by their e-mail, folded to lower case: one person, one account."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


# Wagtail's untyped models point here; their reverse managers cannot be resolved.
class User(AbstractUser):  # type: ignore[django-manager-missing]
    """An account. The rooms that keep no accounts know it as `account:<uuid>`."""

    username = None  # type: ignore[assignment]  # Django's own way to drop the inherited field
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name shown to readers"), max_length=80, blank=True)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]  # known by e-mail

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta(AbstractUser.Meta):
        swappable = "AUTH_USER_MODEL"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lower_case",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["is_superuser"],
                name="user_superusers",
                condition=models.Q(is_superuser=True),
            )
        ]

    def __str__(self) -> str:
        return self.shown_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """A banned account has no permission, whatever its groups say, superusers included."""
        return not hasattr(self, "ban") and super().has_perm(perm, obj)

    def get_full_name(self) -> str:
        """Return the name that the desk's lists and histories say."""
        return self.name or super().get_full_name()

    def get_short_name(self) -> str:
        """Return the name that letters begin with."""
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.get_full_name() or self.email.partition("@")[0]


class Ban(models.Model):
    """An account that may read and not write: who decided, when and why."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="ban")
    reason = models.CharField(_("reason"), max_length=300)
    banned_by = models.CharField(max_length=80)
    banned_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"


class DecisionHead(models.Model):
    """One row: the end of the chain of decisions on accounts. Its lock orders them."""

    ONLY = 1

    sequence = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"decision {self.sequence}"


class StandingDecision(models.Model):
    """Somebody limited an account, or let it write again. Written once; outlives the account."""

    sequence = models.BigIntegerField(unique=True)
    verb = models.CharField(max_length=10)
    account = models.UUIDField(db_index=True)
    reason_digest = models.CharField(max_length=64, blank=True)
    decided_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField()
    previous = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(decided_by=""), name="standing_decided_by_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.verb} {self.account}"
