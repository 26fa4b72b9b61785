"""From a request to an Actor: accounts by session, guests by a signed token on their device."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import HttpRequest, HttpResponse

from broadsheet.kit.actor import Actor, Role
from broadsheet.kit.ids import new_token
from broadsheet.kit.netaddr import network_prefix
from broadsheet.readers import api as readers

DEVICE_SALT = "broadsheet.device"
DEVICE_SECONDS = 2 * 365 * 24 * 60 * 60
_ATTRIBUTE = "broadsheet_actor"


def device_cookie() -> str:
    return "__Host-device" if settings.HTTPS else "device"


def actor_of(request: HttpRequest) -> Actor:
    """Return who is asking. A guest without a token gets one, kept by `remember_device`."""
    known = getattr(request, _ATTRIBUTE, None)
    if isinstance(known, Actor):
        return known
    actor = _read(request)
    setattr(request, _ATTRIBUTE, actor)
    return actor


def remember_device(request: HttpRequest, response: HttpResponse, *, as_id: str = "") -> None:
    """Keep a newcomer's token on the device, as a signed cookie that scripts cannot read.

    `as_id` is the guest they turned out to be, where that is somebody known.
    """
    actor = actor_of(request)
    if not actor.newcomer:
        return
    response.set_cookie(
        device_cookie(),
        signing.dumps((as_id or actor.id).partition(":")[2], salt=DEVICE_SALT),
        max_age=DEVICE_SECONDS,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> Actor:
    network = network_prefix(request.META.get("REMOTE_ADDR", ""))
    user = getattr(request, "user", None)
    if isinstance(user, get_user_model()) and user.is_authenticated:
        account = readers.actor_for(user)
        return Actor(
            id=account.id,
            roles=account.roles,
            standing=account.standing,
            name=account.name,
            email=account.email,
            network=network,
        )
    token = _token(request)
    return Actor(
        id=f"device:{token or new_token()}",
        roles=frozenset({Role.GUEST}),
        network=network,
        newcomer=not token,
    )


def _token(request: HttpRequest) -> str:
    try:
        return str(
            signing.loads(
                request.COOKIES.get(device_cookie(), ""), salt=DEVICE_SALT, max_age=DEVICE_SECONDS
            )
        )
    except signing.BadSignature:
        return ""
