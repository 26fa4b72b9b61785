"""The papers of Orrin's council and harbour office, printed by the browser that draws the scenes."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

STYLE: Final = """
@page { size: A4; margin: 24mm 22mm }
body { font: 11pt/1.5 "Source Serif 4", Georgia, serif; color: #12161c }
h1 { font-size: 17pt; line-height: 1.2; margin: 0 0 4mm } h2 { font-size: 12pt; margin: 7mm 0 2mm }
header { display: flex; justify-content: space-between; border-bottom: 1.5pt solid #12161c;
  padding-bottom: 2mm; margin-bottom: 9mm; font-size: 9pt; letter-spacing: .06em }
table { border-collapse: collapse; width: 100%; margin: 4mm 0 } th { text-align: left }
td, th { border-bottom: .5pt solid #888; padding: 1.6mm 3mm 1.6mm 0 }
.small { font-size: 6pt; line-height: 1.4 } .page { break-before: page } .hand { color: #1846c2; font-style: italic }
"""


def _row(*cells: str, tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"


def _table(*rows: tuple[str, ...]) -> str:
    body = "".join(_row(*row) for row in rows[1:])
    return f"<table><thead>{_row(*rows[0], tag='th')}</thead><tbody>{body}</tbody></table>"


COUNCIL: Final = f"""
<header><span>TOWN OF ORRIN · TRANSPORT COMMITTEE</span><span>PAPER 22/114</span></header>
<h1>Late crossing: options and costs</h1>
<p>1. The committee asked for the ways in which the Eastside may be reached after 19:30, and their costs.</p>
<p>2. Use of the late crossing had fallen to 11 a night when it was withdrawn.<sup>1</sup></p>
{
    _table(
        ("Option", "Cost a year", "People a night"),
        ("A. Late ferry with connecting bus", "$824,000", "25–34"),
        ("B. Shared minibus to the bridge terminal", "$190,000", "not estimated"),
        ("C. Taxi vouchers", "$260,000", "not estimated"),
        ("D. As now", "$0", "0"),
    )
}
<p>3. Option A may be tried for six months at $412,000. Officers suggest that the trial be held to have passed if
the boat carries 25 people a night on average.</p>
<p>4. Option B ends at the bridge terminal, from which there is a short onward leg of two miles.</p>
<p>5. Option C depends on there being taxis.</p>
<div class="page"></div>
<header><span>TOWN OF ORRIN · TRANSPORT COMMITTEE</span><span>PAPER 22/114 · ANNEX</span></header>
<h2>Where the money may come from</h2>
<p>6. A levy of $1.20 on each night in a hotel, guesthouse or rented room would have brought in $405,600 last year.</p>
{
    _table(
        ("Kind of house", "Houses", "Nights", "Levy"),
        ("Hotels", "5", "221,000", "$265,200"),
        ("Guesthouses", "9", "74,000", "$88,800"),
        ("Rented rooms", "about 60", "43,000", "$51,600"),
    )
}
<p>7. The committee is asked to say which of the options it wishes to lay before the council.</p>
<p class="small">1 From 1 July of that year the connecting bus left the Eastside landing at 22:07, and from October no bus met the
boat, which arrived at 22:55. Counts before and after that date are not comparable.</p>
"""

COUNTS: Final = f"""
<header><span>ORRIN HARBOUR OFFICE</span><span>LATE CROSSING, 22:40</span></header>
<h1>Passengers a night, by month</h1>
<p>Counted on the gangway by the mate. Average of all sailings of the month.</p>
{
    _table(
        ("Month", "People a night", "Remarks of the mate"),
        ("January", "28", ""),
        ("February", "27", "Ice. They came."),
        ("March", "30", ""),
        ("April", "30", ""),
        ("May", "31", "Regatta"),
        ("June", "29", ""),
        ("July", "14", "<span class=hand>Bus gone when we land. Wrote to office.</span>"),
        ("August", "13", "<span class=hand>As above.</span>"),
        ("September", "12", "<span class=hand>As above. Nobody answers.</span>"),
        ("October", "11", "<span class=hand>Nine of them I know by name.</span>"),
        ("November", "11", ""),
        ("December", "11", "<span class=hand>Last sailing. Full. They came to say goodbye.</span>"),
    )
}
"""

LETTER: Final = """
<header><span>QUAY HOTEL · ORRIN</span><span>TO THE COUNCIL</span></header>
<h1>The room levy</h1>
<p>Dear councillors,</p>
<p>we have read in the agenda of your next meeting that our guests are to pay $1.20 a night towards the late ferry.</p>
<p>I am not against the boat. My night porter takes it, or would. I am against reading about my own money in somebody
else’s agenda. So are the eight houses that sign below.</p>
<p>We ask for three things: that the sum be fixed for two years; that what it is spent on be printed every quarter; and
that the next time somebody rings. The number is 4096.</p>
<p>Yours faithfully,<br>Henrik Moe, Quay Hotel</p>
<p>with: Sound View · The Anchor · Hotel Brandt · Tar Lane House · Lamplighter’s · The Old Customs · Harbour Rooms ·
Moss’s Guesthouse</p>
"""

QUESTIONS: Final = """
<header><span>TOWN OF ORRIN · COUNCIL</span><span>PUBLIC QUESTIONS, AS SPOKEN</span></header>
<h1>The late crossing</h1>
<p><b>Sunniva Dahl, Eastside Residents’ Association:</b> Paper 22/114 says that eleven people a night used the boat.
You cannot take away the bus, then count the people who stopped coming. Hardly anyone used it by the end, because by
then the bus left 48 minutes before the boat came in. Who decided that, and when were we told?</p>
<p><b>Councillor Brandt:</b> The timetable of the N4 is not made in this room.</p>
<p><b>Sunniva Dahl:</b> In which room is it made?</p>
<p><b>The chair:</b> That will be answered in writing.</p>
<p><b>Henrik Moe, Quay Hotel:</b> I have a question about page 12.</p>
<p><b>The chair:</b> The time for questions is over. I am sorry, Mr Moe.</p>
<p class="small">Taken down by the clerk. Corrections within seven days, in writing, to the town hall.</p>
"""

PAPERS: Final = {
    "council-22-114": COUNCIL,
    "passenger-counts": COUNTS,
    "hotels-letter": LETTER,
    "public-questions": QUESTIONS,
}


def print_all(page: Page, folder: Path) -> None:
    for name, body in PAPERS.items():
        page.set_content(
            f"<!doctype html><html lang=en><title>{name}</title><style>{STYLE}</style><body>{body}"
        )
        data = page.pdf(prefer_css_page_size=True, tagged=True)
        (folder / f"{name}.pdf").write_bytes(data)
        print(f"{name}: {len(data)} bytes")
