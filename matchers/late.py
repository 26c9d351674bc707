"""Regular expressions compiled when they are first asked: a start pays for none that no article needs."""

import re
from typing import Any, cast


class _Late:
    """Whatever is asked of it, its expression answers."""

    def __init__(self, written: str, flags: int) -> None:
        self._given = (written, flags)

    def __getattr__(self, name: str) -> Any:
        written, flags = self._given
        found = getattr(re.compile(written, flags), name)
        setattr(self, name, found)
        return found


def late(written: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`; an expression that cannot be read is told when it is first asked."""
    return cast("re.Pattern[str]", _Late(written, flags))
