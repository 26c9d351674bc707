"""The lanes of writers: who waits for whom. On SQLite a lane is only a word, since one writer at a time is its rule."""

from typing import Literal

Lane = Literal["news", "outbox", "notices", "upkeep", "all", "none"]

LANES: dict[Lane, int] = {"news": 1, "outbox": 2, "notices": 3, "upkeep": 4}
"""In the order in which whoever wants several takes them, so that nobody waits in a circle; `all` takes each,
`none` waits for nobody: what is one statement with its own condition."""
