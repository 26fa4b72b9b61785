"""Every setting there is: its name, its default, what it may be, and what it is for.

`broadsheet init`, the reference and the error messages are made from this table, so that none can
be missing from the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from broadsheet.site import parse


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. `parse` turns text (or a TOML value) into the value, or raises ValueError."""

    name: str
    default: Any
    parse: Callable[[Any], Any]
    doc: str
    variable: str = ""

    @property
    def env(self) -> str:
        return self.variable or f"BROADSHEET_{self.name.upper()}"


URL: Final = Setting(
    "url",
    "http://127.0.0.1:8000",
    parse.url,
    "The address readers type, without a path. Links, feeds and the check of where a form came "
    "from are made from it. Left out, it is this machine with the port that is listened on.",
)

SETTINGS: Final = (
    Setting(
        "name",
        "The Harbour Post",
        parse.some_text,
        "The name of the publication, until the desk's page Site gives it another.",
    ),
    URL,
    Setting(
        "language",
        "en",
        parse.language,
        "The language of the interface, as a code; the page Site goes before it. Broadsheet speaks "
        "`en`, `de` and `ar`. Of another language it knows dates, figures and what its libraries "
        "say; its own words are English then.",
    ),
    Setting(
        "time_zone",
        "UTC",
        parse.zone,
        "The publisher's time zone; a campaign's month begins in it. The page Site goes before it.",
    ),
    Setting(
        "currency",
        "USD",
        parse.currency,
        "The currency of the meter, as a code of ISO 4217; the page Site goes before it.",
    ),
    Setting(
        "database_url",
        "",
        parse.database,
        "Where the data lives: empty for SQLite in the data folder, or "
        "postgres://user:password@host/name.",
        variable="DATABASE_URL",
    ),
    Setting("host", "127.0.0.1", parse.some_text, "The address `broadsheet serve` listens on."),
    Setting(
        "port",
        8000,
        parse.number(1, 65535),
        "The port `broadsheet serve` listens on.",
        variable="PORT",
    ),
    Setting(
        "threads",
        8,
        parse.number(1, 64),
        "How many requests are worked on at once, beside static files.",
    ),
    Setting(
        "page_store_mb",
        64,
        parse.number(1, 65_536),
        "The memory in which finished public pages are kept, in megabytes.",
    ),
    Setting(
        "purge_url",
        "",
        parse.cache,
        "Where a cache in front of Broadsheet (Varnish, nginx, a delivery network) is told which "
        "pages are old: it gets PURGE with a header Surrogate-Key. Empty without one.",
    ),
    Setting(
        "shared_cache_seconds",
        0,
        parse.number(0, 31_536_000),
        "For how long such a cache may keep a page without asking (s-maxage). What it is told with "
        "purge_url goes at once; without that, pages are as old as this. 0 for not at all.",
    ),
    Setting(
        "request_limit_mb",
        20,
        parse.number(1, 1024),
        "The largest request that is taken, in megabytes (a photograph, for instance).",
    ),
    Setting(
        "live_streams",
        5000,
        parse.number(0, 100_000),
        "How many open pages are told at once what is new; 40 KB of memory each. Others ask now "
        "and then.",
    ),
    Setting(
        "trusted_proxies",
        (),
        parse.networks,
        "Networks of the proxies in front of Broadsheet. X-Forwarded-For is believed only from "
        "these.",
    ),
    Setting(
        "mail",
        "console",
        parse.mail,
        'How mail leaves: "console" prints it, "mailbox" keeps it on a local page (demonstration '
        'only), or "smtp://user:password@host:587" / "smtps://…:465".',
    ),
    Setting(
        "mail_from",
        "newsroom@localhost",
        parse.some_text,
        "The sender of mail to readers and staff.",
    ),
    Setting(
        "contact",
        "",
        parse.contact,
        "Where programs and researchers reach you: an e-mail address, or the address of a page. It "
        "stands in /trust.txt and /.well-known/security.txt; without it the second does not exist.",
    ),
    Setting(
        "training",
        False,
        parse.flag,
        "Whether /trust.txt allows that models are trained on what you publish.",
    ),
    Setting(
        "comment_length",
        5000,
        parse.number(100, 10_000),
        "The longest comment, in characters.",
    ),
    Setting(
        "hold_all",
        False,
        parse.flag,
        "Whether every comment waits for a moderator, and every change of one: for days on which "
        "nobody can watch.",
    ),
    Setting(
        "hold_first_comment",
        True,
        parse.flag,
        "Whether somebody's first comment waits for a moderator.",
    ),
    Setting(
        "hold_links",
        True,
        parse.flag,
        "Whether a comment with a link, or with an image, waits for a moderator.",
    ),
    Setting(
        "comment_images",
        False,
        parse.flag,
        "Whether readers may add an image to a comment. Switched off again, no more are taken; "
        "those that are there stay.",
    ),
    Setting(
        "votes",
        "both",
        parse.one_of("both", "counted", "up"),
        'What readers can say of a comment: "both" useful and not useful, where only the first is '
        'counted in sight; "counted" shows both counts; "up" takes useful alone. Votes that were '
        "cast stay and count.",
    ),
    Setting(
        "fold_below",
        0,
        parse.number(-10_000, 0),
        "Fold comments whose net votes are below this into a line that opens them; 0 for none. The "
        "larger camp can fold the smaller one's comments with it.",
    ),
    Setting(
        "invitation",
        "What do you know about this, or want to know?",
        parse.text,
        "The line that invites to the discussion at a story's end, once somebody has read that "
        "far; empty for none.",
    ),
    Setting(
        "bubble",
        "line",
        parse.one_of("line", "floating", "off"),
        'How the invitation is shown: "line" at the story\'s end, "floating" in a corner where the '
        'window is wide enough to have one beside the text, or "off".',
    ),
    Setting(
        "edit_minutes",
        15,
        parse.number(-1, 525_600),
        "For how many minutes people may change a comment of theirs; 0 for not at all, -1 for as "
        "long as its discussion is open. Once somebody answered, voted, quoted or reported, the "
        "earlier words stay open to all. Taking a comment back is always possible.",
    ),
    Setting(
        "reader_notes",
        False,
        parse.flag,
        "Whether readers may begin at words of a story themselves, beside the questions that the "
        "newsroom asks there. What they write follows the rules of comments.",
    ),
    Setting(
        "close_after_days",
        0,
        parse.number(0, 36_500),
        "After how many days a discussion is closed, counted from when it was opened; 0 for never. "
        "One that a moderator opens again stays open.",
    ),
    Setting(
        "demonstration",
        False,
        parse.flag,
        "Whether visitors may sign in as anybody of the demonstration's cast; written by "
        '`broadsheet demo`, in force only with mail = "mailbox". Never on a real site.',
    ),
    Setting("log_format", "console", parse.one_of("console", "json"), "How log lines are written."),
    Setting(
        "log_level",
        "INFO",
        parse.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "Which log lines are written.",
    ),
    Setting(
        "debug",
        False,
        parse.flag,
        "Django's debug pages, for development. Never on a site that others reach.",
    ),
)
