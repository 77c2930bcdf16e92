"""copydesk in Python: cleans and tags news articles with libcopydesk.

    import copydesk
    engine = copydesk.Engine()
    article = engine.process(html, url="https://www.example.org/news/1")
    article.title, article.language.code, [s.name for s in article.subjects]

One file over the shared library, by ctypes: no compiler, no other package. Articles are ordinary Python values, copied out of the library, so they stay valid for
ever; offsets count characters, as indices into a str do. An Engine may be used from any number of threads, which then work at the same time.

The library is libcopydesk.so.0 beside this file, else as the system finds it; the environment variable COPYDESK_LIBRARY names another one."""
from __future__ import annotations

import ctypes
import datetime
import functools
import json
import os
import threading
import weakref
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple, Union

__all__ = ["Article", "Date", "Engine", "Entity", "Error", "Event", "Evidence", "Language", "Quote", "Rejected", "Rulebook", "RulebookError", "Skipped", "Source",
           "Subject", "version"]

# The binary interface this file is written for, as DESK_ABI in copydesk/version.h: the library has the same major number and no lower minor one.
_ABI_MAJOR, _ABI_MINOR = 0, 1

# --- the structs of copydesk/*.h ---------------------------------------------------------------------------------------------------------------------------------
_NO_TIME = -(1 << 63)
_NO_OFFSET = ctypes.c_size_t(-1).value
_ENRICHED, _REJECTED, _PASSED, _SKIPPED = range(4)
_FORMATS = {"auto": 0, "json": 1, "html": 2, "text": 3}
_EVIDENCE = {"brief": 0, "full": 1, "none": 2}
_LEVELS = ("error", "warning", "info", "debug")


class _Slice(ctypes.Structure):
    """Made of a bytes object, it keeps that alive, and so does every struct it is put in."""
    _fields_ = [("data", ctypes.c_char_p), ("len", ctypes.c_size_t)]

    def text(self) -> str:
        return self.bytes().decode("utf-8", "replace")

    def bytes(self) -> bytes:
        """A copy. Reading `data` itself would end at the first NUL, or beyond the slice."""
        address = ctypes.c_void_p.from_buffer(self).value
        return ctypes.string_at(address, self.len) if address and self.len else b""


class _ErrorStruct(ctypes.Structure):
    _fields_ = [("status", ctypes.c_int), ("error_class", ctypes.c_int), ("offset", ctypes.c_size_t), ("stage", ctypes.c_char * 24), ("file", ctypes.c_char * 128),
                ("line", ctypes.c_uint32), ("column", ctypes.c_uint32), ("message", ctypes.c_char * 464)]


_LogFunction = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_ErrorStruct))


class _Logger(ctypes.Structure):
    _fields_ = [("function", _LogFunction), ("context", ctypes.c_void_p), ("level", ctypes.c_int)]


class _FieldAlias(ctypes.Structure):
    _fields_ = [("field", _Slice), ("name", _Slice)]


class _EngineOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("format", ctypes.c_int), ("evidence", ctypes.c_int), ("input_bytes_max", ctypes.c_size_t),
                ("output_bytes_max", ctypes.c_size_t), ("memory_bytes_max", ctypes.c_size_t), ("json_depth_max", ctypes.c_size_t), ("work_max", ctypes.c_uint64),
                ("match_limit", ctypes.c_uint32), ("depth_limit", ctypes.c_uint32), ("aliases", ctypes.POINTER(_FieldAlias)), ("aliases_count", ctypes.c_size_t),
                ("logger", _Logger), ("without_json", ctypes.c_int)]


class _RulebookFile(ctypes.Structure):
    _fields_ = [("path", _Slice), ("content", _Slice)]


class _RulebookOptions(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("folder", ctypes.c_char_p), ("files", ctypes.POINTER(_RulebookFile)), ("files_count", ctypes.c_size_t),
                ("is_extension", ctypes.c_int), ("logger", _Logger)]


class _Header(ctypes.Structure):
    _fields_ = [("name", _Slice), ("value", _Slice)]


class _Record(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("value", _Slice), ("is_null", ctypes.c_int), ("format", ctypes.c_int), ("content_type", _Slice), ("url", _Slice),
                ("crawled_ms", ctypes.c_int64), ("topic", _Slice), ("partition", ctypes.c_int32), ("offset", ctypes.c_int64), ("timestamp_ms", ctypes.c_int64),
                ("headers", ctypes.POINTER(_Header)), ("headers_count", ctypes.c_size_t)]


class _Result(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("outcome", ctypes.c_int), ("json", _Slice), ("id", _Slice), ("url", _Slice), ("language", _Slice),
                ("source_domain", _Slice), ("top_subject", _Slice), ("error", _ErrorStruct), ("article", ctypes.c_void_p)]


def _slice(data: bytes) -> _Slice:
    return _Slice(data, len(data))


def _bytes(text: Union[str, bytes]) -> bytes:
    return text.encode() if isinstance(text, str) else bytes(text)


# --- the library -------------------------------------------------------------------------------------------------------------------------------------------------
_PROTOTYPES: Dict[str, Tuple[Any, List[Any]]] = {
    "desk_abi_check": (ctypes.c_int, [ctypes.c_uint32, ctypes.POINTER(_ErrorStruct)]),
    "desk_version": (ctypes.c_char_p, []),
    "desk_status_code": (ctypes.c_char_p, [ctypes.c_int]),
    "desk_rulebook_load": (ctypes.c_int, [ctypes.POINTER(_RulebookOptions), ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(_ErrorStruct)]),
    "desk_rulebook_release": (None, [ctypes.c_void_p]),
    "desk_rulebook_digest": (ctypes.c_char_p, [ctypes.c_void_p]),
    "desk_engine_new": (ctypes.c_int, [ctypes.c_void_p, ctypes.POINTER(_EngineOptions), ctypes.POINTER(ctypes.c_void_p), ctypes.POINTER(_ErrorStruct)]),
    "desk_engine_free": (None, [ctypes.c_void_p]),
    "desk_engine_process": (ctypes.c_int, [ctypes.c_void_p, ctypes.POINTER(_Record), ctypes.POINTER(_Result), ctypes.POINTER(_ErrorStruct)]),
}


def _library_path() -> str:
    name = f"libcopydesk.so.{_ABI_MAJOR}"
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    return os.environ.get("COPYDESK_LIBRARY") or (beside if os.path.exists(beside) else name)


@functools.lru_cache(maxsize=None)
def _library() -> Any:
    """Loaded at the first use, so that importing this module never fails."""
    path = _library_path()
    try:
        library = ctypes.CDLL(path)
        for name, (result, arguments) in _PROTOTYPES.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except OSError as reason:
        raise ImportError(f"libcopydesk cannot be loaded; install it, or set COPYDESK_LIBRARY to its path: {reason}") from None
    except AttributeError as reason:
        raise ImportError(f"{path} is too old for this copydesk.py, or no libcopydesk: {reason}") from None
    error = _ErrorStruct()
    if library.desk_abi_check(_ABI_MAJOR << 16 | _ABI_MINOR, ctypes.byref(error)):
        raise ImportError(error.message.decode())
    return library


def version() -> str:
    """The version of the library, for example "0.1.0"."""
    return str(_library().desk_version().decode())


# --- errors ------------------------------------------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Event:
    """What the library has to say: a mistake of a rulebook, why a record was rejected, what a stage complains of."""
    level: str
    """error, warning, info or debug"""
    message: str
    code: str
    """as in docs/errors.md, for example "invalid-rulebook"; "ok" when it is no error"""
    stage: str = ""
    file: str = ""
    line: int = 0
    column: int = 0


class Error(Exception):
    """The library refused. `code` is stable (docs/errors.md), str(error) is for people."""

    def __init__(self, message: str, code: str, stage: str = "", offset: Optional[int] = None) -> None:
        super().__init__(message)
        self.code = code
        self.stage = stage
        self.offset = offset
        """bytes into the raw value, where it is known"""


class Rejected(Error):
    """The record cannot become an article: `code` says why ("no-text", "invalid-json" ...)."""


class Skipped(Error):
    """A loaded stage dropped the record."""


class RulebookError(Error):
    """The rulebook has mistakes: `mistakes` names each of them with its place, not only the first."""

    def __init__(self, message: str, code: str, mistakes: List[Event]) -> None:
        super().__init__(message, code)
        self.mistakes = mistakes


def _code(status: int) -> str:
    return str(_library().desk_status_code(status).decode())


def _text(data: bytes) -> str:
    """A cut message may end inside a character."""
    return data.decode("utf-8", "replace")


def _error(kind: type, error: _ErrorStruct) -> Any:
    offset = None if error.offset == _NO_OFFSET else error.offset
    return kind(_text(error.message), _code(error.status), _text(error.stage), offset)


def _event(level: int, error: _ErrorStruct) -> Event:
    name = _LEVELS[level] if 0 <= level < len(_LEVELS) else "unknown"
    return Event(name, _text(error.message), _code(error.status), _text(error.stage), _text(error.file), error.line, error.column)


def _logger(listen: Optional[Callable[[Event], None]], level: str = "warning") -> _Logger:
    """The struct keeps the callback alive."""
    if not listen:
        return _Logger()
    if level not in _LEVELS:
        raise ValueError(f"level is one of {', '.join(_LEVELS)}, not {level!r}")
    return _Logger(_LogFunction(lambda context, number, error: listen(_event(number, error.contents))), None, _LEVELS.index(level))


# --- the rulebook ------------------------------------------------------------------------------------------------------------------------------------------------
class Rulebook:
    """Everything editable that decides cleaning and tagging, compiled once; any number of engines may share it.

    Rulebook()                                              the built-in one
    Rulebook(folder="rules")                                a folder
    Rulebook(files={"residue/own.yaml": text}, extend=True) files of one's own over the built-in ones

    Raises RulebookError for mistakes, Error when the folder cannot be read. `warnings` are what is probably not meant."""

    def __init__(self, folder: Union[str, "os.PathLike[str]", None] = None, files: Optional[Mapping[str, Union[str, bytes]]] = None, extend: bool = False) -> None:
        library, heard, error, handle = _library(), [], _ErrorStruct(), ctypes.c_void_p()  # type: Any, List[Event], _ErrorStruct, ctypes.c_void_p
        items = [_RulebookFile(_slice(_bytes(path)), _slice(_bytes(content))) for path, content in (files or {}).items()]
        array = (_RulebookFile * max(len(items), 1))(*items)
        options = _RulebookOptions(size=ctypes.sizeof(_RulebookOptions), folder=os.fsencode(folder) if folder is not None else None,
                                   files=array if files is not None else None, files_count=len(items), is_extension=extend, logger=_logger(heard.append, "warning"))
        if library.desk_rulebook_load(ctypes.byref(options), ctypes.byref(handle), ctypes.byref(error)):
            mistakes = [event for event in heard if event.level == "error"]
            raise RulebookError(_text(error.message), _code(error.status), mistakes) if mistakes else _error(Error, error)
        self.warnings: List[Event] = heard
        self._handle = handle
        weakref.finalize(self, library.desk_rulebook_release, handle)

    @property
    def digest(self) -> str:
        """32 hex digits over all files, as in every record's provenance."""
        return str(_library().desk_rulebook_digest(self._handle).decode())

    def __repr__(self) -> str:
        return f"<copydesk.Rulebook {self.digest}>"


# --- articles ----------------------------------------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Evidence:
    """Why a tag was given: `text` stands at `offset` of the article's `field` (title, description or body)."""
    rule: str
    text: str
    field: str
    offset: int
    weight: float


@dataclass(frozen=True)
class Language:
    """BCP 47 code ("und" when undecided) and how sure it is, 0..1."""
    code: str
    confidence: float


@dataclass(frozen=True)
class Source:
    """The outlet, as far as it is known."""
    domain: str = ""
    name: str = ""
    country: str = ""
    language: str = ""
    type: str = ""


@dataclass(frozen=True)
class Subject:
    """What the article is about, an IPTC Media Topic as a rule, 0..1."""
    uri: str
    name: str
    confidence: float
    creator: str
    evidence: List[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Entity:
    """A person, organisation, place, or whom the text cites (then `kind` says what it is)."""
    name: str
    count: int
    kind: str = ""
    country: str = ""
    uri: str = ""
    evidence: List[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Quote:
    """What somebody is quoted with: body[offset:offset + length]."""
    text: str
    offset: int
    length: int
    speaker: str = ""


@dataclass(frozen=True)
class Date:
    """A date the body names: `text` stands at `offset`, `date` is ISO 8601 (a day, week, month or year)."""
    text: str
    date: str
    offset: int


def _make(kind: Any, values: Mapping[str, Any]) -> Any:
    """A value of a record; what a newer library adds is in Article.record only."""
    known = {name: values[name] for name in kind.__dataclass_fields__ if name in values}
    if "evidence" in known:
        known["evidence"] = [_make(Evidence, item) for item in known["evidence"]]
    return kind(**known)


class Article:
    """An enriched article. Every field is there; what is unknown is "", an empty list or None.

    `json` is the record itself, byte for byte as `copydesk` publishes it; `record` is the same as a dict (docs/record.md)."""

    def __init__(self, encoded: bytes) -> None:
        self.json: str = encoded.decode()

    @functools.cached_property
    def record(self) -> Dict[str, Any]:
        """The whole record; do not change it."""
        return dict(json.loads(self.json))

    def _text(self, key: str) -> str:
        return str(self.record.get(key, ""))

    def _texts(self, key: str) -> List[str]:
        return list(self.record.get(key, []))

    def _list(self, key: str, kind: Any) -> List[Any]:
        return [_make(kind, item) for item in self.record.get(key, [])]

    @property
    def id(self) -> str:
        """The input's, else a fingerprint of URL or body."""
        return self._text("id")

    @property
    def url(self) -> str:
        """As given."""
        return self._text("url")

    @property
    def canonical_url(self) -> str:
        """Without tracking parameters, fragments and the like."""
        return self._text("canonical_url")

    @property
    def title(self) -> str:
        """The headline."""
        return self._text("title")

    @property
    def description(self) -> str:
        """Summary or lead."""
        return self._text("description")

    @property
    def body(self) -> str:
        """The text, paragraphs separated by a blank line."""
        return self._text("body")

    @property
    def authors(self) -> List[str]:
        """Names, in the page's order."""
        return self._texts("authors")

    @property
    def section(self) -> str:
        """The page's own."""
        return self._text("section")

    @property
    def keywords(self) -> List[str]:
        """The page's own."""
        return self._texts("keywords")

    @property
    def image(self) -> str:
        """URL of the main picture."""
        return self._text("image")

    @property
    def word_count(self) -> int:
        """Words of the body."""
        return int(self.record["word_count"])

    @property
    def published_at(self) -> str:
        """RFC 3339, or the day alone."""
        return self._text("published_at")

    @property
    def updated_at(self) -> str:
        """RFC 3339, or the day alone."""
        return self._text("updated_at")

    @property
    def crawled_at(self) -> str:
        """RFC 3339, or the day alone."""
        return self._text("crawled_at")

    @functools.cached_property
    def language(self) -> Optional[Language]:
        """None where there is no text."""
        return _make(Language, self.record["language"]) if "language" in self.record else None

    @functools.cached_property
    def source(self) -> Source:
        """The outlet."""
        return _make(Source, self.record.get("source", {}))  # type: ignore[no-any-return]

    @functools.cached_property
    def subjects(self) -> List[Subject]:
        """Most confident first."""
        return self._list("subjects", Subject)

    @functools.cached_property
    def people(self) -> List[Entity]:
        """Most often named first."""
        return self._list("people", Entity)

    @functools.cached_property
    def organisations(self) -> List[Entity]:
        """Most often named first."""
        return self._list("organisations", Entity)

    @functools.cached_property
    def places(self) -> List[Entity]:
        """Most often named first."""
        return self._list("places", Entity)

    @functools.cached_property
    def attributions(self) -> List[Entity]:
        """Whom the text cites."""
        return self._list("attributions", Entity)

    @functools.cached_property
    def quotes(self) -> List[Quote]:
        """In the order of the body."""
        return self._list("quotes", Quote)

    @functools.cached_property
    def dates(self) -> List[Date]:
        """In the order of the body."""
        return self._list("dates", Date)

    @property
    def is_reprint(self) -> bool:
        """Traces of syndication show that it first appeared elsewhere."""
        return bool(self.record["reprint"]["is_reprint"])

    @property
    def extra(self) -> Dict[str, Any]:
        """Fields of the input that have no meaning to copydesk."""
        return dict(self.record.get("extra", {}))

    def __repr__(self) -> str:
        return f"<copydesk.Article {self.title or self.id!r}>"


# --- the engine --------------------------------------------------------------------------------------------------------------------------------------------------
Headers = Union[Mapping[str, Union[str, bytes, None]], Iterable[Tuple[str, Union[str, bytes, None]]]]
Value = Union[str, bytes, bytearray, memoryview, Mapping[str, Any], None]


class _Pool:
    """The idle engines of one Engine: a C engine serves one thread at a time."""

    def __init__(self, make: Callable[[], ctypes.c_void_p]) -> None:
        self.make = make
        self.lock = threading.Lock()
        self.idle: List[ctypes.c_void_p] = []
        self.is_closed = False

    def take(self) -> ctypes.c_void_p:
        with self.lock:
            if self.is_closed:
                raise ValueError("the copydesk.Engine is closed")
            if self.idle:
                return self.idle.pop()
        return self.make()

    def give(self, engine: ctypes.c_void_p) -> None:
        with self.lock:
            if not self.is_closed:
                self.idle.append(engine)
                return
        _library().desk_engine_free(engine)

    def close(self) -> None:
        with self.lock:
            engines, self.idle, self.is_closed = self.idle, [], True
        for engine in engines:
            _library().desk_engine_free(engine)


class Engine:
    """Turns raw records into articles. One may be used from any number of threads.

    rulebook  a Rulebook; the built-in one when left out
    format    "auto", "json", "html" or "text": how values are read
    evidence  "brief" (the three heaviest of each tag), "full" or "none"
    fields    what keys of JSON input mean: {"text": ["content"], "title": ["hl"]}
    limits    input_bytes_max, output_bytes_max, memory_bytes_max, json_depth_max, work_max, match_limit, depth_limit (copydesk/engine.h)
    log       called with an Event for each record that is rejected, and for what stages say; log_level: error, warning, info or debug"""

    def __init__(self, rulebook: Optional[Rulebook] = None, *, format: str = "auto", evidence: str = "brief",
                 fields: Optional[Mapping[str, Union[str, Iterable[str]]]] = None, limits: Optional[Mapping[str, int]] = None,
                 log: Optional[Callable[[Event], None]] = None, log_level: str = "info") -> None:
        self.rulebook = rulebook or Rulebook()
        options = _EngineOptions(size=ctypes.sizeof(_EngineOptions), format=_choice("format", format, _FORMATS),
                                 evidence=_choice("evidence", evidence, _EVIDENCE), logger=_logger(log, log_level))
        for name, limit in (limits or {}).items():
            if name not in _LIMITS:
                raise ValueError(f"limits has no {name!r}; there are {', '.join(_LIMITS)}")
            if limit < 0:
                raise ValueError(f"{name} is negative")
            setattr(options, name, limit)
            if getattr(options, name) != limit:
                raise ValueError(f"{name} is too large")
        aliases = [_FieldAlias(_slice(_bytes(meaning)), _slice(_bytes(name))) for meaning, names in (fields or {}).items()
                   for name in ([names] if isinstance(names, str) else names)]
        array = (_FieldAlias * max(len(aliases), 1))(*aliases)
        options.aliases, options.aliases_count = array, len(aliases)
        self._pool = _Pool(functools.partial(_new_engine, self.rulebook, options))
        self._pool.give(self._pool.take())  # mistakes of options show here, not at the first article
        self._finalizer = weakref.finalize(self, self._pool.close)

    def process(self, value: Value, *, url: Optional[str] = None, content_type: Optional[str] = None, format: str = "auto",
                crawled_at: Union[datetime.datetime, int, None] = None, headers: Optional[Headers] = None) -> Optional[Article]:
        """One record to an Article.

        value         the page, text or JSON as bytes or str; a dict is written as JSON; None is a tombstone, which gives None
        url           where it was fetched, where the value does not say
        content_type  for example "text/html; charset=windows-1251"; a str needs no charset
        crawled_at    when: a datetime with its zone, or milliseconds since the Unix epoch; what "yesterday" means in an article without a date
        headers       of HTTP or Kafka: a mapping or pairs

        Raises Rejected (with its code) for a record that cannot become an article, Skipped when a stage drops it, Error when the library cannot work."""
        record = _record(value, content_type, url, headers)
        record.format = _choice("format", format, _FORMATS)
        record.crawled_ms = _milliseconds(crawled_at)
        engine = self._pool.take()
        try:
            return _process(engine, record)
        finally:
            self._pool.give(engine)

    def close(self) -> None:
        """Frees the engine's memory now rather than when it is collected. Articles stay as they are."""
        self._finalizer()

    def __enter__(self) -> "Engine":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


_LIMITS = ("input_bytes_max", "output_bytes_max", "memory_bytes_max", "json_depth_max", "work_max", "match_limit", "depth_limit")


def _choice(name: str, value: str, choices: Mapping[str, int]) -> int:
    if value not in choices:
        raise ValueError(f"{name} is one of {', '.join(choices)}, not {value!r}")
    return choices[value]


def _new_engine(rulebook: Rulebook, options: _EngineOptions) -> ctypes.c_void_p:
    engine, error = ctypes.c_void_p(), _ErrorStruct()
    if _library().desk_engine_new(rulebook._handle, ctypes.byref(options), ctypes.byref(engine), ctypes.byref(error)):
        raise _error(Error, error)
    return engine


def _milliseconds(moment: Union[datetime.datetime, int, None]) -> int:
    if moment is None:
        return _NO_TIME
    if isinstance(moment, int):
        if not _NO_TIME < moment < 2 ** 63:
            raise ValueError("crawled_at is not milliseconds since 1970")
        return moment
    if moment.tzinfo is None:
        raise ValueError("crawled_at has no time zone; use datetime.now(timezone.utc), for example")
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(milliseconds=1)


def _encode(value: Value, content_type: Optional[str]) -> Tuple[bytes, str]:
    """The bytes of a value and what their content type is then: a str has no charset but ours, whatever a page says of itself."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value), content_type or ""
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass"), (content_type or "").split(";")[0] + "; charset=utf-8"
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), "application/json"
    raise TypeError(f"value is str, bytes, a mapping or None, not {type(value).__name__}")


def _record(value: Value, content_type: Optional[str], url: Optional[str], headers: Optional[Headers]) -> _Record:
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers or [])
    items = [_Header(_slice(_bytes(name)), _Slice() if text is None else _slice(_bytes(text))) for name, text in pairs]
    array = (_Header * max(len(items), 1))(*items)
    data, kind = (b"", "") if value is None else _encode(value, content_type)
    if isinstance(value, str) and not content_type:
        kind = _media_type(pairs) + kind
    return _Record(size=ctypes.sizeof(_Record), value=_slice(data), is_null=value is None, content_type=_slice(_bytes(kind)), url=_slice(_bytes(url or "")),
                   partition=-1, offset=-1, timestamp_ms=_NO_TIME, headers=array, headers_count=len(items))


def _media_type(pairs: Iterable[Tuple[str, Union[str, bytes, None]]]) -> str:
    """Of the last content-type header, without its charset, which was true of the bytes and is not of the str."""
    kind: Union[str, bytes] = ""
    for name, text in pairs:
        kind = text or "" if name.lower() == "content-type" else kind
    return (kind.decode("latin-1") if isinstance(kind, bytes) else kind).split(";")[0]


def _process(engine: ctypes.c_void_p, record: _Record) -> Optional[Article]:
    """Everything is copied out of the engine before another thread may take it."""
    result, error = _Result(size=ctypes.sizeof(_Result)), _ErrorStruct()
    if _library().desk_engine_process(engine, ctypes.byref(record), ctypes.byref(result), ctypes.byref(error)):
        raise _error(Error, error)
    if result.outcome == _ENRICHED:
        return Article(result.json.bytes())
    if result.outcome == _PASSED:
        return None
    raise _error(Skipped if result.outcome == _SKIPPED else Rejected, result.error)
