"""The bytes of an export as expat can take them."""

from typing import BinaryIO

from broadsheet.formats.wxr.errors import WxrError

CHUNK = 64 * 1024

_UTF8_MARK = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
# Forbidden in XML 1.0 however it is written, and common in old databases.
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r")
_FOREIGN = (
    (b"\x1f\x8b", "The file is compressed (gzip). Unpack it first."),
    (b"PK\x03\x04", "The file is a ZIP archive. Unpack it first."),
    (b"{", "This is a JSON file, not a WordPress export."),
    (b"-- ", "This is a database dump, not a WordPress export."),
)


class Source:
    """A stream without what would stop expat for no good reason.

    White space before the XML declaration (a plugin's stray blank line) is passed over and counted
    in ``first_line``; control characters that XML forbids are left out and counted.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.bytes_read = 0
        self.control_characters = 0
        self.first_line = 1
        self._first = self._open()
        # UTF-16 has zero bytes everywhere: leave it to expat as it is.
        self._clean = b"\x00" not in self._first[:4] and self._first[:2] not in (
            b"\xff\xfe",
            b"\xfe\xff",
        )

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, ``b""`` only at the end."""
        while True:
            data, self._first = self._first or self._raw(size), b""
            if not data or not self._clean:
                return data
            kept = data.translate(None, _CONTROL)
            self.control_characters += len(data) - len(kept)
            if kept:
                return kept

    def _raw(self, size: int) -> bytes:
        data = self._stream.read(size)
        self.bytes_read += len(data)
        return data

    def _open(self) -> bytes:
        data = self._raw(CHUNK)
        for start, reason in _FOREIGN:
            if data.startswith(start):
                raise WxrError(code="not_xml", reason=reason)
        text = data.removeprefix(_UTF8_MARK)
        while text and not (stripped := text.lstrip(_SPACE)):
            self.first_line += text.count(b"\n")
            text = self._raw(CHUNK)
        if not text:
            raise WxrError(code="empty", reason="The file is empty.")
        self.first_line += text[: len(text) - len(stripped)].count(b"\n")
        return stripped
