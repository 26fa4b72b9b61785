"""The one refusal of the reader, and the sentences that explain XML's mistakes to a publisher."""

from xml.parsers.expat import errors

_INCOMPLETE = "The file ends too early. It is incomplete: export or download it again."
_BAD_CHARACTER = (
    "The file holds something here that is not allowed in XML: a stray “<” or “&”, a character "
    "that does not fit the file's encoding, or a file that is not an export at all."
)
_CDATA = (
    "The characters “]]>” stand inside a text and end it too early (a CDATA section in another "
    "one). Whatever wrote this file did not split them. Correct this line, or export again."
)

_REASONS: dict[str, tuple[str, str]] = {
    errors.XML_ERROR_NO_ELEMENTS: ("incomplete", _INCOMPLETE),
    errors.XML_ERROR_UNCLOSED_TOKEN: ("incomplete", _INCOMPLETE),
    errors.XML_ERROR_UNCLOSED_CDATA_SECTION: ("incomplete", _INCOMPLETE),
    errors.XML_ERROR_PARTIAL_CHAR: ("incomplete", _INCOMPLETE),
    errors.XML_ERROR_TAG_MISMATCH: (
        "mismatched_tag",
        "A closing tag does not match the tag that was opened. The file was cut or edited by hand.",
    ),
    errors.XML_ERROR_INVALID_TOKEN: ("not_well_formed", _BAD_CHARACTER),
    errors.XML_ERROR_SYNTAX: ("not_well_formed", _BAD_CHARACTER),
    errors.XML_ERROR_UNDEFINED_ENTITY: (
        "undefined_entity",
        "XML does not know this named character (such as “&nbsp;”). Write the character itself.",
    ),
    errors.XML_ERROR_UNBOUND_PREFIX: (
        "unbound_prefix",
        "A tag uses a prefix that the file never declares. The first lines of the export are lost.",
    ),
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: (
        "not_well_formed",
        "Something follows the end of the export. Are these two files in one? Import them apart.",
    ),
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: (
        "not_well_formed",
        "A tag carries the same attribute twice.",
    ),
    errors.XML_ERROR_UNKNOWN_ENCODING: (
        "encoding",
        "The file says that it is in an encoding that can't be read. Convert it to UTF-8.",
    ),
    errors.XML_ERROR_INCORRECT_ENCODING: (
        "encoding",
        "The encoding named in the first line is not the one of the file. Convert it to UTF-8.",
    ),
}


class WxrError(Exception):
    """The file is refused as a whole.

    ``code`` is a stable word for programs, ``reason`` one or two English sentences for the
    publisher, ``line`` and ``column`` count from 1 (0: the reason concerns no place in the file).
    """

    def __init__(self, *, code: str, reason: str, line: int = 0, column: int = 0) -> None:
        self.code = code
        self.reason = reason
        self.line = line
        self.column = column
        where = f"line {line}, column {column}: " if line else ""
        super().__init__(where + reason)


def explain(*, message: str, nested_cdata: bool) -> tuple[str, str]:
    """Code and reason for expat's ``message``; ``nested_cdata`` if ``]]>`` stands at the place."""
    if nested_cdata:
        return "nested_cdata", _CDATA
    return _REASONS.get(
        message, ("not_well_formed", f"The file is not well-formed XML: {message}.")
    )
