"""What the demonstration's newsroom writes into the places of its policy pages."""

from datetime import datetime
from typing import Final

from broadsheet.kit.actor import system
from broadsheet.stories import api as stories

_CONTACT: Final = "newsroom@harbourpost.example, or 4 Quay Street, Orrin, up one flight of stairs"
ANSWERS: Final = {
    "masthead": {
        "editor": "Henning Roe is the editor and answers for all that is published here.",
        "publisher": "The Harbour Post Association, 4 Quay Street, Orrin; register of "
        "associations, number 118.",
        "staff": "Ines Halloran covers the harbour and the council, Piers Okonjo work, schools and "
        "money. Noor Idris looks after the discussion and the corrections. Signe Aune draws. "
        "Ada Holm is the publisher and keeps the books.",
        "contact": f"{_CONTACT}. What must stay between us is put through the slot in the door.",
    },
    "ethics": {
        "interests": "Ada Holm is a member of the rowing club. Nobody on the staff belongs to a "
        "party or owns a share in a firm that we report on.",
        "gifts": "We pay for our tickets and our ferry rides. A coffee is taken and returned.",
        "automation": "No software writes anything here. Translations are made by people.",
    },
    "corrections": {
        "contact": f"Write to {_CONTACT}.",
        "answer": "We answer within two working days. Whoever does not agree with the answer turns "
        "to the board of the association, whose letter is published unedited.",
    },
    "funding": {
        "owner": "The Harbour Post Association owns it. It has 214 members with one vote each and "
        "no other business.",
        "income": "There is no advertising. The Orrin Library Fund paid 1,500 for the scanner "
        "that our documents come from; nothing was agreed in return.",
        "large_gifts": "Whoever gives more than 500 in a year is named here. We take nothing from "
        "the town, from parties, or from firms that bid for its contracts.",
        "spending": "Two wages at half time, one room, printing on Fridays, one server.",
    },
    "privacy": {
        "publisher": "the Harbour Post Association, 4 Quay Street, Orrin",
        "logs": "Neither it nor its host keeps access logs.",
        "payments": "Transfers are handled by the savings bank of Orrin; cash is counted by two.",
        "retention": "Comments stay as long as the story. Accounts stay until you ask us to delete "
        "them. Mails are deleted from our server a month after they were sent.",
        "contact": f"Write to {_CONTACT}.",
        "authority": "You may complain to the data protection office of the county.",
    },
}


def publish_policies(*, now: datetime) -> None:
    """Publish all policy pages; the footer links them."""
    stories.add_policy_pages(actor=system(name="demo"), now=now, answers=ANSWERS, publish=True)
