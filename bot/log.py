"""Log lines: an event and its fields, on stderr, never a secret."""

import logging
import sys

from bot.delivery.redact import Redact

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_CHATTY = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio")


class _Events(logging.Formatter):
    """`2026-11-24 08:00:00 info poll feed=cnil outcome=ok`: the message, then every field given in `extra`."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        fields = [f"{name}={value}" for name, value in vars(record).items() if name not in _STANDARD]
        when = self.formatTime(record, "%Y-%m-%d %H:%M:%S")
        return " ".join([when, record.levelname.lower(), record.name, record.getMessage(), *fields])


def configure(level: str, secrets: tuple[str, ...] = ()) -> None:
    """Send every log line to stderr; `secrets` are struck out wherever they stand, tracebacks included."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redact(_Events(), secrets))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in _CHATTY:  # httpx prints the Bot API address, token included, at INFO
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that overlaps the next is no news
