"""What the settings of an installation must allow for stories; they are read before any model."""

from broadsheet.stories.document_types import TYPES as DOCUMENT_TYPES
from broadsheet.stories.embeds import FRAME_HOSTS

__all__ = ["DOCUMENT_TYPES", "FRAME_HOSTS"]
