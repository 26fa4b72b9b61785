"""The door of the room: pure readers of what other systems export."""

from broadsheet.formats.php_serialize import PhpSerializeError, PhpValue
from broadsheet.formats.php_serialize import loads as php_loads
from broadsheet.formats.wordpress_html.blocks import (
    AttachedImages,
    Block,
    Finding,
    FindingKind,
    Heading,
    Image,
    InlineFeedback,
    ListBlock,
    Paragraph,
    Quote,
    RawHtml,
    StoryContent,
)
from broadsheet.formats.wordpress_html.comments import comment_text
from broadsheet.formats.wordpress_html.post import story_content
from broadsheet.formats.wordpress_html.texts import plain_text
from broadsheet.formats.wordpress_media import (
    file_address,
    is_upload,
    original_address,
    uploads_path,
)
from broadsheet.formats.wpdiscuz import (
    VoteTally,
    feedback_form_id,
    guest_email,
    is_closed,
    is_pinned,
    votes,
)
from broadsheet.formats.wxr.errors import WxrError
from broadsheet.formats.wxr.model import (
    Author,
    Comment,
    CommentKind,
    CommentState,
    Event,
    Finished,
    Item,
    ItemRest,
    Label,
    Meta,
    Site,
    Term,
)
from broadsheet.formats.wxr.reader import read as read_wxr
from broadsheet.formats.wxr.reader import read_stream as read_wxr_stream

__all__ = [
    "AttachedImages",
    "Author",
    "Block",
    "Comment",
    "CommentKind",
    "CommentState",
    "Event",
    "Finding",
    "FindingKind",
    "Finished",
    "Heading",
    "Image",
    "InlineFeedback",
    "Item",
    "ItemRest",
    "Label",
    "ListBlock",
    "Meta",
    "Paragraph",
    "PhpSerializeError",
    "PhpValue",
    "Quote",
    "RawHtml",
    "Site",
    "StoryContent",
    "Term",
    "VoteTally",
    "WxrError",
    "comment_text",
    "feedback_form_id",
    "file_address",
    "guest_email",
    "is_closed",
    "is_pinned",
    "is_upload",
    "original_address",
    "php_loads",
    "plain_text",
    "read_wxr",
    "read_wxr_stream",
    "story_content",
    "uploads_path",
    "votes",
]
