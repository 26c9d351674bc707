"""Log lines: an event and its fields, on stderr, never a secret."""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import quote

from storage.failure import StoreError

STRUCK = "<secret>"
_TOKEN = re.compile(r"(?<!\d)\d{6,}+(?::|%3A)[\w-]{30,}", re.IGNORECASE)
# In an address: what Apprise and its like read secrets from, who logs in, a password by its name
_OTHERS = re.compile(
    r"(?<![\w/.-])((?!https?:|postgres|file:|feed:)[a-z][a-z\d+.-]{1,20}:/{1,2})(?=[^\s/])[^\s«»\"]+", re.IGNORECASE
)
_LOGIN = re.compile(  # a password may hold a slash or a space
    r"(?<!\w)(https?:/{1,2})"
    r"(?:[^\s/?#«»\"]{1,300}|[^\s/?#@:«»]{1,100}:(?!\d+(?:[/?#\s]|$))[^\s«»\"]{1,200}(?: [^\s«»\"@:]{1,100})?)@",
    re.IGNORECASE,
)
_BARE_LOGIN = re.compile(  # « any:[@hdh] » and « title:"@hdh » name an entity
    r"(?<![\w/:.+-])(?!mailto:)[\w.+-]{1,100}:(?!/|\d+/|[\[({\"'=~]+@)[^\s@«»]{1,200}@(?=[\w\[])", re.IGNORECASE
)
_PASSWORD = re.compile(r"(postgres\w{0,9}:/{1,2}[^\s/?#@:«»]{0,100}:)[^\s«»]{1,200}@", re.IGNORECASE)
_NAMED = re.compile(
    r"([?&;#](?:[\w.-]{0,40}[_.-])?(?:(?:access|auth|api|app)?token|(?:api)?key|secret|passw?(?:or)?d|passphrase|pass|pwd?"
    r"|sig|signature|auth|jeton|mdp|motdepasse|clef?|sid|session|jwt|otp|code)(?:[_.-]\w{1,9})?=)[^&#\s«»\"]+",
    re.IGNORECASE,
)
_HOOK = re.compile(r"(https?:/{1,2}hooks\.[^/\s]+/|/(?:web)?hooks?\w{0,2}/)[^\s«»\"]+", re.IGNORECASE)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CHATTY = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio")


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without these secrets, in plain or percent-encoded form, nor anything shaped like a bot token, nor what an
    address in it bears for nobody else: a name and password, `token=`, all of an address of Apprise."""
    for secret in filter(None, secrets):
        text = text.replace(secret, STRUCK).replace(quote(secret, safe=""), STRUCK)
    for shape in (_OTHERS, _LOGIN, _PASSWORD, _NAMED, _HOOK):
        text = shape.sub(_struck, text)
    return _TOKEN.sub(STRUCK, _BARE_LOGIN.sub(f"{STRUCK}@", text))


def _struck(found: re.Match[str]) -> str:
    return f"{found[1]}{STRUCK}{'@' if found[0].endswith('@') else ''}"


class Redact(logging.Formatter):
    """Wraps a formatter: what it makes of a record, exception text and fields included, leaves without secrets."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), self._secrets)


def _seen(text: str) -> str:
    """`text` on one line: what would break it, move a cursor or turn the direction is written as its code."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    """Everything given in `extra`."""
    return {name: value for name, value in vars(record).items() if name not in _STANDARD}


class _Lines(logging.Formatter):
    """One JSON object a line, for who collects logs; values JSON does not know are written as text."""

    def format(self, record: logging.LogRecord) -> str:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        shown = {"time": when, "level": record.levelname.lower(), "logger": record.name, "event": record.getMessage()}
        if record.exc_info:
            shown["exception"] = self.formatException(record.exc_info)
        return _seen(json.dumps(_fields(record) | shown, ensure_ascii=False, default=str))


class _Events(logging.Formatter):
    """`2026-11-24 08:00:00 info poll feed=cnil outcome=ok`: the message, then every field given in `extra`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        fields = [f"{name}={_seen(str(value))}" for name, value in _fields(record).items()]
        when = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        return " ".join([when, record.levelname.lower(), record.name, _seen(record.getMessage()), *fields])

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        """Every line of it is set in: no line that a stranger's words begin looks like one of ours."""
        return "\n".join(f"    {_seen(line)}" for line in super().formatException(ei).split("\n"))


def _brief(record: logging.LogRecord) -> bool:
    """What a base refuses is known, and said in one line: where we were when it did helps nobody."""
    if record.exc_info and isinstance(problem := record.exc_info[1], StoreError):
        record.problem, record.exc_info, record.exc_text = str(problem), None, None
    return True


def configure(level: str, secrets: tuple[str, ...] = (), form: Literal["console", "json"] = "console") -> None:
    """Send every log line to stderr; `secrets` are struck out wherever they stand, tracebacks included."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redact(_Lines() if form == "json" else _Events(), secrets))
    handler.addFilter(_brief)
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _CHATTY:  # httpx prints the Bot API address, token included, at INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that overlaps the next is no news
