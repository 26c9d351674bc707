"""What a folder of configuration holds, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.config.yamlfile import ConfigProblem
from matchers.engine.engine import Engine
from matchers.model import Problem

if TYPE_CHECKING:  # who only matches reads neither destinations nor feeds
    from bot.config.destinations import Outside
    from storage.feeds.model import Feed


@dataclass(frozen=True, slots=True)
class ProvenFile:
    """A file that was read and found right: the text it was made from, in digest, and what was doubtful in it."""

    digest: bytes
    model: Any
    doubts: tuple[ConfigProblem, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What matching needs of a folder. `sheets` are its files, by name.

    `problems` are the warnings on how they are written, `warnings` those on what they say: `placed` finds the lines.
    """

    engine: Engine
    entities: int
    examples: int
    problems: tuple[ConfigProblem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    sheets: Mapping[str, ProvenFile] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Configuration:
    """A folder that may be used. `problems` holds warnings only; `places` are those of destinations.yaml."""

    folder: Path
    feeds: "tuple[Feed, ...]"
    rules: Rules
    problems: tuple[ConfigProblem, ...] = ()
    places: "tuple[Outside, ...]" = ()

    @property
    def engine(self) -> Engine:
        return self.rules.engine
