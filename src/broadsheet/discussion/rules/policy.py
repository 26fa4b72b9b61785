"""What the publisher chose, handed to the operations by whoever reads the settings."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What holds here for whoever writes.

    `max_length` is in characters; `hold_first` and `hold_links` say whether a first comment, or one
    with a link or an image, waits to be read. For `edit_minutes` people may change what they wrote:
    0 for never, `rules.editing.ALWAYS` for as long as the discussion is open. With `reader_notes`
    they may begin a note at a phrase of the story. `guest_name` is what a guest without a name is
    called, with NUMBER in place of the number; empty where such guests cannot be mentioned. With a
    comment may come an image of at most `image_mb` megabytes; with 0 none. `hold_all` lets every
    comment wait. With `up_only` nobody votes a comment down. With `keep_network` a comment keeps
    for some days a digest of the network that it came from.
    """

    max_length: int = 5000
    hold_first: bool = True
    hold_links: bool = True
    edit_minutes: int = 15
    reader_notes: bool = False
    guest_name: str = ""
    image_mb: int = 0
    hold_all: bool = False
    up_only: bool = False
    keep_network: bool = False
