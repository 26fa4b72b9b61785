"""Who is asking. The hallway knows accounts and devices; its setting names the functions."""

from collections.abc import Collection, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from broadsheet.discussion.rules.deciding import MODERATORS
from broadsheet.kit.actor import STAFF, Actor, Role


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor behind a request, by the function that BROADSHEET_ACTOR names."""
    actor = import_string(settings.BROADSHEET_ACTOR)(request)
    if not isinstance(actor, Actor):
        raise TypeError(
            f"{settings.BROADSHEET_ACTOR} returned {type(actor).__name__}, not an Actor"
        )
    return actor


def staff_names(actor: Actor, name: str) -> Collection[str]:
    """Return the names that a guest may not seem to have, by what BROADSHEET_STAFF_NAMES names.

    Nobody else types a name: then nothing is asked.
    """
    if not (actor.is_guest and name.strip()):
        return ()
    names: Collection[str] = import_string(settings.BROADSHEET_STAFF_NAMES)()
    return names


def names_of(actor_ids: Iterable[str]) -> Mapping[str, str]:
    """Return what colleagues are called, by the function that BROADSHEET_NAMES_OF names."""
    names: Mapping[str, str] = import_string(settings.BROADSHEET_NAMES_OF)(actor_ids=actor_ids)
    return names


def is_alone(actor: Actor) -> bool:
    """Say whether nobody else here may decide about comments; asked of an owner alone."""
    return actor.has(Role.OWNER) and not has_colleagues(actor)


def ids_of_staff() -> frozenset[str]:
    """Return the actor ids of all who work here, by what BROADSHEET_IDS_OF_STAFF names."""
    ids: Collection[str] = import_string(settings.BROADSHEET_IDS_OF_STAFF)(roles=STAFF)
    return frozenset(ids)


def has_colleagues(actor: Actor) -> bool:
    """Say whether somebody else may decide here, who could confirm what the actor decides."""
    others: Collection[str] = import_string(settings.BROADSHEET_IDS_OF_STAFF)(roles=MODERATORS)
    return bool(set(others) - {actor.id})


def remembered(
    request: HttpRequest, response: HttpResponse, *, as_id: str | None = ""
) -> HttpResponse:
    """Return the answer to a form that was taken, with what the device needs to be known again.

    `as_id` is the id of the guest that a newcomer turned out to be, None if nobody can tell. A
    refused form earns no identity: identities would be free.
    """
    if as_id is None:
        return response
    module, _, _ = settings.BROADSHEET_ACTOR.rpartition(".")
    import_string(f"{module}.remember_device")(request, response, as_id=as_id)
    return response
