"""PHP's ``serialize`` format, read without ever running anything.

WordPress stores arrays in meta values this way: ``a:1:{s:4:"like";i:3;}``. Lengths of strings
count bytes of UTF-8. Objects and references are refused, and so is anything over the bounds.
"""

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 16
MAX_VALUES = 10_000
_MAX_DIGITS = 19  # of PHP's 64-bit integers
_MAX_FLOAT = 40

type PhpValue = str | int | float | bool | dict[int | str, PhpValue] | None


class PhpSerializeError(ValueError):
    """The text is not in the format, holds an object, or goes over a bound."""


def loads(text: str) -> PhpValue:
    """Return the value that ``text`` describes; an array becomes a dict, in its order.

    Raises ``PhpSerializeError`` for everything else, with the byte at which it gave up.
    XML turns CR LF into LF, which makes the lengths of old multi-line values wrong: such a value
    is refused rather than guessed at.
    """
    try:
        data = text.strip().encode()
    except UnicodeEncodeError as error:
        reason = "not Unicode"
        raise PhpSerializeError(reason) from error
    if len(data) > MAX_BYTES:
        reason = f"longer than {MAX_BYTES} bytes"
        raise PhpSerializeError(reason)
    parser = _Parser(data)
    value = parser.value(depth=0)
    if parser.at != len(data):
        raise parser.error("something follows the value")
    return value


class _Parser:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._values = 0
        self.at = 0

    def value(self, *, depth: int) -> PhpValue:
        self._values += 1
        if self._values > MAX_VALUES or depth > MAX_DEPTH:
            raise self.error("too many values or too deep")
        kind = self._data[self.at : self.at + 2]
        if kind == b"N;":
            self.at += 2
            return None
        self.at += 2
        match kind:
            case b"i:":
                return self._integer(b";")
            case b"b:":
                return self._boolean()
            case b"d:":
                return self._float()
            case b"s:":
                return self._string()
            case b"a:":
                return self._array(depth=depth)
        raise self.error("an object, a reference or an unknown type")

    def error(self, reason: str) -> PhpSerializeError:
        return PhpSerializeError(f"{reason} (byte {self.at})")

    def _until(self, end: bytes, *, limit: int) -> bytes:
        stop = self._data.find(end, self.at, self.at + limit + 1)
        if stop < 0:
            raise self.error(f"no {end.decode()!r} where one must stand")
        found, self.at = self._data[self.at : stop], stop + 1
        return found

    def _integer(self, end: bytes) -> int:
        digits = self._until(end, limit=_MAX_DIGITS + 1)
        if not digits.removeprefix(b"-").isdigit():
            raise self.error("not an integer")
        return int(digits)

    def _boolean(self) -> bool:
        word = self._until(b";", limit=1)
        if word not in (b"0", b"1"):
            raise self.error("not a boolean")
        return word == b"1"

    def _float(self) -> float:
        word = self._until(b";", limit=_MAX_FLOAT)
        # Python's float() also takes "1_0" and surrounding space, which PHP never writes.
        if not word.strip(b"+-.0123456789eE") or word in (b"INF", b"-INF", b"NAN"):
            try:
                return float(word)
            except ValueError:
                pass
        raise self.error("not a number")

    def _string(self) -> str:
        length = self._integer(b":")
        start = self.at + 1
        stop = start + length
        frame = self._data[self.at : start], self._data[stop : stop + 2]
        if length < 0 or frame != (b'"', b'";'):
            raise self.error("the length of a string is wrong")
        self.at = stop + 2
        try:
            return self._data[start:stop].decode()
        except UnicodeDecodeError as error:
            reason = "the length of a string cuts a character"
            raise self.error(reason) from error

    def _array(self, *, depth: int) -> PhpValue:
        count = self._integer(b":")
        if count < 0 or self._data[self.at : self.at + 1] != b"{":
            raise self.error("not an array")
        self.at += 1
        found: dict[int | str, PhpValue] = {}
        for _ in range(min(count, MAX_VALUES + 1)):
            key = self.value(depth=depth + 1)
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise self.error("a key that is neither an integer nor a string")
            found[key] = self.value(depth=depth + 1)
        if self._data[self.at : self.at + 1] != b"}":
            raise self.error("an array does not end where it must")
        self.at += 1
        return found
