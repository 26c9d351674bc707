"""How a command ends: its exit code, and the one line that says why it could not go on."""

FINE, FAILED, WRONG = 0, 1, 2
"""Exit codes: done · could not do it · the configuration or the call is wrong."""


class Stop(Exception):
    """End the command with one line on stderr, in French, and this exit code."""

    def __init__(self, code: int, line: str) -> None:
        super().__init__(line)
        self.code = code


class CannotRun(Stop):
    """It can't be done here and now; the line says why and what to do."""

    def __init__(self, line: str) -> None:
        super().__init__(FAILED, line)
