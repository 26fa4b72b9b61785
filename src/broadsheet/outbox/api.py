"""The door of `outbox`: queue a message; the hallway's worker delivers it."""

from broadsheet.outbox.letters import Carrier, Delivery, Letter, UndeliverableError
from broadsheet.outbox.mail import mail_carrier
from broadsheet.outbox.operations import deliver_due, forget_old, queue
from broadsheet.outbox.queries import latest, waiting_since
from broadsheet.outbox.wake import queued

__all__ = [
    "Carrier",
    "Delivery",
    "Letter",
    "UndeliverableError",
    "deliver_due",
    "forget_old",
    "latest",
    "mail_carrier",
    "queue",
    "queued",
    "waiting_since",
]
