"""How a command ends: its exit code, and the one line that says why it could not go on."""

FINE, FAILED, WRONG = 0, 1, 2
"""Exit codes: done · could not do it · the configuration or the call is wrong."""


_BLANKS = "\u00a0\u202f"  # French typography has them


class Stop(Exception):
    """End the command with one line on stderr, in French, and this exit code; `more` lines each tell one of several
    problems. A name that was given, or a strange file, may hold what breaks a line or turns it round."""

    def __init__(self, code: int, line: str, *more: str) -> None:
        super().__init__("\n".join(map(_one_line, (line, *more))))
        self.code = code


def _one_line(said: str) -> str:
    if said.isprintable():
        return said
    return "".join(sign if sign.isprintable() or sign in _BLANKS else "?" for sign in said)


class CannotRun(Stop):
    """It can't be done here and now; the line says why and what to do."""

    def __init__(self, line: str) -> None:
        super().__init__(FAILED, line)
