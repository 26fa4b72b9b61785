"""The file as a stream of events, in memory that does not grow with the file.

expat is driven directly: bytes go in by the chunk, and what a chunk completed comes out. Nothing
is kept of an element after its event, and an item is sent before its first comment (or, where its
type and status come later, after a bounded wait), so neither a file of gigabytes nor a thread of
100,000 comments is ever in memory.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NoReturn
from xml.parsers import expat

from broadsheet.formats.wxr import records
from broadsheet.formats.wxr.errors import WxrError, explain
from broadsheet.formats.wxr.grammar import (
    FIELD,
    GRAMMAR,
    RECORDS,
    SKIP,
    is_export_namespace,
    prefix_of,
)
from broadsheet.formats.wxr.model import Comment, Event, Finished, Meta
from broadsheet.formats.wxr.records import Record
from broadsheet.formats.wxr.source import CHUNK, Source

# WordPress nests six deep; plugins add one or two.
MAX_DEPTH = 32
# Characters in one value. A novel has 1 million; the largest page-builder blobs seen have 3.
MAX_VALUE = 8 * 1024 * 1024
# Characters in one item or comment with all its meta, each entry counted with its overhead.
MAX_RECORD = 32 * 1024 * 1024
_ENTRY_OVERHEAD = 256
# WordPress writes an item's comments last; some other writers put its type and status behind them.
# Comments wait for those two, up to this many characters.
MAX_HELD = 4 * 1024 * 1024
_NEEDED = ("wp:post_type", "wp:status")
# Bytes of one tag or XML comment: expat has to hold those whole.
MAX_TOKEN = 4 * 1024 * 1024

type Progress = Callable[[int], None]


def read(path: Path, *, progress: Progress | None = None) -> Iterator[Event]:
    """Read an export: ``Site``, then authors, terms, items and comments, then ``Finished``.

    The order is the file's. Comments follow their ``Item``; an ``ItemRest`` follows the comments
    if the file has something there. ``progress`` is told the number of bytes read so far.
    Raises ``WxrError`` where the file can't be read on, and ``OSError``; events of the part
    before may already have been sent, so read a file to its end once before writing anything.
    """
    with path.open("rb") as stream:
        yield from read_stream(stream, progress=progress)


def read_stream(stream: BinaryIO, *, progress: Progress | None = None) -> Iterator[Event]:
    """Like ``read``, from a stream of bytes that stands at the beginning of the export."""
    source = Source(stream)
    handler = _Handler(first_line=source.first_line)
    while chunk := source.read(CHUNK):
        handler.feed(chunk)
        yield from handler.take()
        if progress:
            progress(source.bytes_read)
    handler.finish(control_characters=source.control_characters)
    yield from handler.take()


class _Handler:
    """expat's callbacks, and the place in the grammar that they have reached."""

    def __init__(self, *, first_line: int) -> None:
        self._line_offset = first_line - 1
        self._events: deque[Event] = deque()
        self._contexts = [""]
        self._records: list[Record] = []
        self._names: dict[str, str] = {}
        self._text: list[str] = []
        self._text_size = 0
        self._field = ""
        self._attributes: Mapping[str, str] = {}
        self._head: Record | None = None
        self._head_sent = self._item_sent = self._is_export = False
        self._held: list[Comment] = []
        self._held_size = 0
        self._items = self._comments = 0
        self._fed = 0
        self._tail = b""
        self._parser = self._make_parser()

    def _make_parser(self) -> expat.XMLParserType:
        # A local name holds no space, so whatever stands before the last one is the whole URI.
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = CHUNK
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        return parser

    # -- bytes in, events out ------------------------------------------------------------------

    def feed(self, data: bytes) -> None:
        self._parse(data, final=False)
        self._fed += len(data)
        self._tail = data[-2:]
        if self._fed - self._parser.CurrentByteIndex > MAX_TOKEN:
            self._refuse("too_large", "A single tag or remark in this file is absurdly long.")

    def finish(self, *, control_characters: int) -> None:
        self._parse(b"", final=True)
        self._send_head()
        lines = self._parser.CurrentLineNumber + self._line_offset
        self._events.append(Finished(self._items, self._comments, lines, control_characters))

    def take(self) -> Iterator[Event]:
        while self._events:
            yield self._events.popleft()

    def _parse(self, data: bytes, *, final: bool) -> None:
        try:
            self._parser.Parse(data, final)
        except expat.ExpatError as error:
            at = self._parser.ErrorByteIndex - self._fed + len(self._tail)
            around = (self._tail + data)[max(0, at - 2) : at + 3]
            code, reason = explain(
                message=expat.ErrorString(error.code), nested_cdata=b"]]>" in around
            )
            line, column = error.lineno + self._line_offset, error.offset + 1
            raise WxrError(code=code, reason=reason, line=line, column=column) from error
        except (LookupError, ValueError) as error:  # Python's own answer to odd encodings
            reason = f"The file's encoding can't be read ({error}). Convert it to UTF-8."
            raise WxrError(code="encoding", reason=reason, line=1, column=1) from error

    # -- expat's callbacks ---------------------------------------------------------------------

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        contexts = self._contexts
        if len(contexts) > MAX_DEPTH:
            self._refuse("too_deep", f"Tags are nested more than {MAX_DEPTH} deep here.")
        key = self._names.get(name) or self._name(name)
        context = GRAMMAR[contexts[-1]].get(key, SKIP)
        if len(contexts) == 1 and context == SKIP:
            self._wrong_root(name)
        contexts.append(context)
        if context == FIELD:
            self._field, self._attributes = key, attributes
            self._text, self._text_size = [], 0
        elif context in RECORDS or context == "channel":
            self._open(context)

    def _characters(self, data: str) -> None:
        if self._contexts[-1] == FIELD:
            self._text_size += len(data)
            if self._text_size > MAX_VALUE:
                self._refuse("too_large", f"A single value is longer than {MAX_VALUE} characters.")
            self._text.append(data)

    def _end(self, _name: str) -> None:
        context = self._contexts.pop()
        if context == FIELD:
            self._store("".join(self._text).strip())
            self._text = []
        elif context in RECORDS:
            self._close(self._records.pop())

    def _namespace(self, _prefix: str | None, uri: str | None) -> None:
        self._is_export = self._is_export or is_export_namespace(uri or "")

    def _doctype(self, name: str, *_: object) -> None:
        if name.lower() == "html":
            self._refuse("not_wxr", "This is a web page, not a WordPress export.")
        self._refuse(
            "doctype",
            "The file declares a document type (DOCTYPE). WordPress never writes one, and such "
            "declarations are used to attack programs, so the file is not read.",
        )

    def _entity(self, *_: object) -> NoReturn:
        self._refuse("doctype", "The file declares entities. WordPress never does.")

    # -- records -------------------------------------------------------------------------------

    def _open(self, kind: str) -> None:
        if kind == "channel":
            self._head = self._head or Record(kind, self._line())
            self._records = [self._head]
            return
        if kind == "comment":
            if all(name in self._records[-1].fields for name in _NEEDED):
                self._send_item(self._records[-1])
        elif kind == "item":
            self._items += 1
            self._item_sent = False
        self._records.append(Record(kind, self._line()))

    def _store(self, value: str) -> None:
        record = self._records[-1]
        self._grow(record, len(value))
        if record.kind == "item" and self._field == "category":
            label = records.label(attributes=self._attributes, name=value)
            if label:
                record.labels.append(label)
        elif self._field == "wp:post_password":
            record.fields.setdefault(self._field, "set" if value else "")
        else:
            # The first one counts, as in WordPress: a second id can't replace it.
            record.fields.setdefault(self._field, value)

    def _close(self, record: Record) -> None:
        if record.kind == "meta":
            key, value = (record.fields.get(f"wp:meta_{part}", "") for part in ("key", "value"))
            self._records[-1].meta.append(Meta(key, value))
            self._grow(self._records[-1], record.size)
        elif record.kind == "item":
            self._close_item(record)
        elif record.kind == "comment":
            self._close_comment(record)
        else:
            self._send_head()
            make = records.author if record.kind == "author" else records.term
            self._events.append(make(record))

    def _close_comment(self, record: Record) -> None:
        self._comments += 1
        comment = records.comment(record, number=self._comments, item=self._items)
        if self._item_sent:
            self._events.append(comment)
            return
        self._held.append(comment)
        self._held_size += record.size
        if self._held_size > MAX_HELD:
            self._send_item(self._records[-1])

    def _close_item(self, record: Record) -> None:
        if not self._item_sent:
            self._send_item(record)
            return
        rest = records.item_rest(record, item=self._items)
        if rest:
            self._events.append(rest)

    def _send_item(self, record: Record) -> None:
        if self._item_sent:
            return
        if not self._is_export:
            self._refuse(
                "not_wxr",
                "This is a news feed, not a WordPress export: in WordPress choose Tools → Export.",
            )
        self._send_head()
        self._events.append(records.item(record, number=self._items))
        self._item_sent = True
        self._events.extend(self._held)
        self._held, self._held_size = [], 0
        record.fields, record.labels, record.meta, record.size = {}, [], [], 0

    def _send_head(self) -> None:
        if not self._head_sent:
            self._events.append(records.site(self._head or Record("channel", self._line())))
            self._head_sent = True

    def _grow(self, record: Record, size: int) -> None:
        record.size += size + _ENTRY_OVERHEAD
        if record.size > MAX_RECORD:
            self._refuse("too_large", f"A single item holds more than {MAX_RECORD} characters.")

    # -- helpers -------------------------------------------------------------------------------

    def _name(self, name: str) -> str:
        uri, _, local = name.rpartition(" ")
        key = prefix_of(uri) + local
        # Names are the file's to choose: remember only those of the vocabulary.
        if any(key in children for children in GRAMMAR.values()):
            self._names[name] = key
        return key

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._line_offset

    def _wrong_root(self, name: str) -> NoReturn:
        local = name.rpartition(" ")[2][:40]
        if local.lower() == "html":
            self._refuse("not_wxr", "This is a web page, not a WordPress export.")
        self._refuse(
            "not_wxr",
            f"This is an XML file, but no WordPress export: it begins with <{local}>, not <rss>.",
        )

    def _refuse(self, code: str, reason: str) -> NoReturn:
        column = self._parser.CurrentColumnNumber + 1
        raise WxrError(code=code, reason=reason, line=self._line(), column=column)
