"""Strikes secrets out of log lines, tracebacks included."""

import logging
import re
from urllib.parse import quote

STRUCK = "<secret>"
_TOKEN = re.compile(r"\d{6,}(?::|%3A)[\w-]{30,}", re.IGNORECASE)


def redact(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without these secrets, in plain or percent-encoded form, nor anything shaped like a bot token."""
    for secret in filter(None, secrets):
        text = text.replace(secret, STRUCK).replace(quote(secret, safe=""), STRUCK)
    return _TOKEN.sub(STRUCK, text)


class Redact(logging.Formatter):
    """Wraps a formatter: what it makes of a record, exception text and fields included, leaves without secrets."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._inner = inner
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        return redact(self._inner.format(record), self._secrets)
