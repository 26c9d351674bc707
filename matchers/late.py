"""Regular expressions compiled when they are first asked: a start pays for none that no article needs."""

import re
from typing import Any, AnyStr, Generic, cast


class _Late(Generic[AnyStr]):
    """Whatever is asked of it, its expression answers."""

    def __init__(self, written: AnyStr, flags: int) -> None:
        self._given: tuple[AnyStr, int] = (written, flags)

    def __getattr__(self, name: str) -> Any:
        written, flags = self._given
        found = getattr(re.compile(written, flags), name)
        setattr(self, name, found)
        return found


def late(written: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`; an expression that cannot be read is told when it is first asked."""
    return cast("re.Pattern[AnyStr]", _Late(written, flags))
