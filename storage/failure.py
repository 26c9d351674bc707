"""The store that can't do what was asked: one line, for whoever runs Vigie."""


class StoreError(Exception):
    """The store cannot be used; the message is one line for the operator, in French.

    `passing` is True where waiting may help (another program holds the file, the disk is full, the server restarts).
    """

    def __init__(self, message: str, *, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Superseded(StoreError):
    """A newer version of Vigie has this base, or waits for it: this one can only leave."""
