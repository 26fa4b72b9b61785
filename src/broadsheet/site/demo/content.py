"""What the demonstration shows: Orrin, a harbour town that does not exist, and its newspaper."""

from dataclasses import dataclass, field

SECTION = ("Town", "What happens between the quay and the Eastside.")

HOW_TO_GIVE = """\
Transfer any amount to The Harbour Post, Orrin Savings Bank, account 00 1120 5000, \
with the word "gift".

Or bring it to the office at 4 Quay Street, Monday to Friday, nine to five. You get a receipt.

Every gift is entered in the books the day it arrives and counts in the month it was given."""

STEPS = ((250_000, "pays both reporters"), (500_000, "also pays the court service and the printer"))
GOAL = 500_000
# 40 gifts and a refund: 1,120.00 in all. Minor units.
GIFTS = (
    *(2500, 4000, 1000, 1500, 5000, 2000, 1000, 10000, 2500, 3000, 500, 2500, 5000, 1000),
    *(2000, 2500, 7500, 1000, 1500, 2500, 5000, 1000, 2000, 500, 2500, 6000, 1000, 3000),
    *(2500, 1500, 5000, 1000, 2000, 2500, 1000, 4000, 2500, 5000, 1500, 5000),
)
REFUND = 1000


@dataclass(frozen=True, slots=True)
class DemoStory:
    headline: str
    standfirst: str
    byline: str
    hours_ago: int
    slug: str
    blocks: tuple[tuple[str, object], ...]
    tags: tuple[str, ...] = ()
    lead: bool = False


@dataclass(frozen=True, slots=True)
class DemoComment:
    """A comment and its replies. `by` is a guest's name, empty for a nameless one."""

    by: str
    text: str
    minutes_ago: int
    up: int = 0
    down: int = 0
    removed: str = ""
    replies: tuple["DemoComment", ...] = field(default=())


LEAD_CAPTION = (
    "<p>The <i>Greta Marie</i> on the 17:10 crossing. "
    "The boat has tied up at 19:30 every night since 2023.</p>"
)
LEAD_ALT = (
    "A lit passenger ferry passes the harbour light at dusk, its windows reflected in still water."
)
LEAD_CREDIT = "The Harbour Post (illustration)"

STORIES = (
    DemoStory(
        headline="The last ferry is coming back. Now it has to earn its place.",
        slug="the-last-ferry-is-coming-back",
        standfirst="Orrin’s council voted 7 to 4 to restore the 22:40 crossing for six months, paid for by a "
        "room levy that hotel owners say nobody discussed with them.",
        byline="Ines Halloran",
        hours_ago=8,
        lead=True,
        tags=("Ferry", "Council"),
        blocks=(
            (
                "paragraph",
                "<p>The 22:40 ferry between Orrin quay and the Eastside will sail again from 5 January, three "
                "winters after it was cut, on terms that give it six months to show it is needed.</p>"
                "<p>Councillors agreed on Tuesday night to spend $412,000 on the trial, according to the meeting "
                "papers. It covers one crew shift, fuel and a connecting bus that meets the boat.</p>"
                "<p>The late crossing carried 31 people a night in its last full year, most of them cleaners, "
                "kitchen staff and hospital workers finishing late shifts, a 2022 passenger survey found.</p>",
            ),
            (
                "quote",
                {
                    "text": "<p>You cannot take away the bus, then count the people who stopped coming.</p>",
                    "speaker": "Sunniva Dahl",
                    "role": "Eastside Residents’ Association",
                    "source_title": "Council meeting, public questions",
                    "source_url": "",
                },
            ),
            (
                "paragraph",
                "<p>The question in the chamber was less whether those people matter than who should pay for "
                "them. The money comes from a levy of $1.20 on each hotel night, which Councillor Aksel Brandt "
                "called “the only pot left in the building”.</p>"
                "<p>Hotel owners said they learned of the levy from the agenda. “We may well have agreed to it,” "
                "said Henrik Moe, who runs the Quay Hotel. “Nobody rang.”</p>",
            ),
            ("heading", {"text": "What counts as success", "level": "2"}),
            (
                "paragraph",
                "<p>The trial passes if the boat averages 25 passengers by the end of May. A shared minibus to "
                "the bridge terminal would cost $190,000 a year, a 2024 options paper says, but it would stop "
                "two miles short of the Eastside.</p>"
                "<p>The weekly counts will be kept by the harbour office, which said it had no plan to publish "
                "them. The Post has asked for them under the public records act.</p>",
            ),
        ),
    ),
    DemoStory(
        headline="Three bids for the old rope works, and one of them is a school",
        slug="three-bids-for-the-old-rope-works",
        standfirst="The town sells the longest building in Orrin. A maker of sails, a row of flats and a school "
        "without a roof of its own all want it.",
        byline="Piers Okonjo",
        hours_ago=31,
        tags=("Council", "Housing"),
        blocks=(
            (
                "paragraph",
                "<p>The rope works on Tar Lane is 190 metres long, eleven wide, and has stood empty since the "
                "last walk was laid in 2009. By Friday noon the town had three sealed bids for it.</p>",
            ),
            ("heading", {"text": "Who wants it, and for what", "level": "2"}),
            (
                "list",
                "<ul><li>Brandvik Sails would move its loft from the Eastside and keep the floor.</li>"
                "<li>Moe &amp; Daughters would build 34 flats behind the brick front.</li>"
                "<li>The Tar Lane School would lease half of it for its upper classes.</li></ul>",
            ),
            (
                "paragraph",
                "<p>The council decides on 8 December, on price and on what it calls public use. The weights of "
                "the two have not been published.</p>",
            ),
        ),
    ),
    DemoStory(
        headline="The harbour office will count its seals again",
        slug="the-harbour-office-will-count-its-seals",
        standfirst="After a gap of four winters, volunteers take the first boat of the day and a clicker each.",
        byline="Ines Halloran",
        hours_ago=55,
        tags=("On the water",),
        blocks=(
            (
                "paragraph",
                "<p>On the last Sunday of the month, at first light, eleven people will stand on the stern of "
                "the pilot boat and press a button for every grey head they see.</p>"
                "<p>The count was given up in 2022 when the harbour’s biologist retired. The new one, Lotte "
                "Sand, is 26 and wants the old figures to mean something again.</p>",
            ),
            (
                "quote",
                {
                    "text": "<p>A number from one year is gossip. A number from thirty is knowledge.</p>",
                    "speaker": "Lotte Sand",
                    "role": "harbour biologist",
                    "source_title": "in conversation with the Post",
                    "source_url": "",
                },
            ),
        ),
    ),
)

THREAD = (
    DemoComment(
        by="Maren Oduya",
        minutes_ago=420,
        up=24,
        down=2,
        text="I clean offices on the far side and finish at ten. Since the 22:40 went I pay a taxi twice a week "
        "or sleep at my sister’s. Thirty-one people a night sounds small until you are one of them.",
        replies=(
            DemoComment(
                by="Piet Rasmussen",
                minutes_ago=400,
                up=13,
                down=7,
                text="I believe you, and it is still $412,000. A shared night minibus over the bridge would cost "
                "a third of that. Has anyone priced it?",
                replies=(
                    DemoComment(
                        by="Yusuf Karaca",
                        minutes_ago=371,
                        up=21,
                        text="It is in the story: **$190,000 a year**, and it stops two miles short of where she "
                        "works.",
                        replies=(
                            DemoComment(
                                by="Piet Rasmussen",
                                minutes_ago=362,
                                up=12,
                                text="Thank you. That is a smaller gap than I assumed.",
                            ),
                        ),
                    ),
                    DemoComment(
                        by="",
                        minutes_ago=355,
                        up=1,
                        down=9,
                        removed="It attacked a person, not an argument.",
                        text="People like you have never worked a night in their lives.",
                    ),
                ),
            ),
        ),
    ),
    DemoComment(
        by="Tomas Quill",
        minutes_ago=330,
        up=6,
        down=15,
        text="> hardly anyone used it by the end\n\nSo the paper admits nobody used it. Why is this even news?",
        replies=(
            DemoComment(
                by="Sunniva Dahl",
                minutes_ago=301,
                up=27,
                down=1,
                text="That is half of my sentence, and you have stopped it before the verb that matters. People "
                "left because the bus left.",
                replies=(
                    DemoComment(
                        by="Tomas Quill",
                        minutes_ago=290,
                        up=14,
                        text="Fair, I read past the second half. The 48 minutes is a scheduling failure and "
                        "somebody should answer for it.",
                    ),
                ),
            ),
        ),
    ),
    DemoComment(
        by="A. Venn",
        minutes_ago=250,
        up=11,
        down=6,
        text="The hotels’ point deserves more room. A levy set without asking the people who collect it is a bad "
        "habit even when the cause is good.",
        replies=(
            DemoComment(
                by="Lotte Brandvik",
                minutes_ago=238,
                up=9,
                text="It was in the budget consultation in March, page 12. I only know because I run a guesthouse "
                "and read the thing.",
            ),
        ),
    ),
    DemoComment(
        by="",
        minutes_ago=180,
        up=8,
        text="Could the Post publish the weekly passenger counts during the trial? Then in May we argue about "
        "numbers and not about each other.",
        replies=(
            DemoComment(
                by="ليلى حدّاد",
                minutes_ago=160,
                up=5,
                text="أوافق. والمشكلة كانت في الحافلة، لا في العبّارة (22:40).",
            ),
        ),
    ),
)
