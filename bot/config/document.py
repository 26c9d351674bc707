"""A configuration file being checked: its values against a model, and every problem at its place, in French."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.yamlfile import ConfigProblem, Loaded, Spot, load

_M = TypeVar("_M", bound=BaseModel)


def near(written: str, known: Iterable[str]) -> str:
    """The end of a message that proposes the nearest known word, "" where none is near."""
    found = get_close_matches(written, tuple(known), n=1, cutoff=0.6)
    return f" ; vouliez-vous « {found[0]} » ?" if found else ""


def is_refused(problems: Iterable[ConfigProblem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def open_document(path: Path, name: str, problems: list[ConfigProblem]) -> "CheckedFile | None":
    """The document, or None once `problems` says why not."""
    match load(path, name):
        case Loaded() as loaded:
            return CheckedFile(name, loaded)
        case refused:
            problems += refused
            return None


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A document being checked: places, and the problems found so far."""

    name: str
    loaded: Loaded
    problems: list[ConfigProblem] = field(default_factory=list)

    def line(self, spot: Spot) -> int:
        return self.loaded.line_of(spot)[0]

    def add(self, spot: Spot, message: str, severity: Literal["error", "warning"] = "error") -> None:
        self.problems.append(ConfigProblem(self.name, message, *self.loaded.line_of(spot), severity=severity))

    def warn(self, spot: Spot, message: str) -> None:
        self.add(spot, message, "warning")

    def validate(self, model: type[_M], data: Any, under: Spot = ()) -> _M | None:
        """The model made from `data`, which stands at `under` in the document; None once its errors are noted."""
        try:
            return model.model_validate(data)
        except ValidationError as invalid:
            for found in sorted(_french(invalid, data, model), key=lambda found: self.line((*under, *found.spot))):
                spot = (*under, *found.spot)
                self.add(spot, (None if found.about_key else self._surprise(spot)) or found.message)
            return None

    def _surprise(self, spot: Spot) -> str | None:
        """YAML read something else than the text that was meant: say what, and the way out."""
        written = self.loaded.unquoted.get(spot)
        value = _at(self.loaded.data, spot)
        if written is None or (isinstance(value, int | float) and not isinstance(value, bool) and spot[-1] in _NUMBERS):
            return None
        if not written:
            return "il manque une valeur ici : remplissez-la, ou retirez la ligne"
        return f'« {written} » est lu par YAML comme {_read_as(value)} : mettez des guillemets, "{written}"'


_NUMBERS = ("threshold", "within", "n", "every")


def _read_as(value: Any) -> str:
    match value:
        case bool():
            return "vrai" if value else "faux"
        case None:
            return "« rien »"
        case int() | float():
            return f"le nombre {value}"
        case _:
            return "une date"


def _at(data: Any, spot: Spot) -> Any:
    for part in spot:
        if not _holds(data, part):
            return None
        data = data[part]
    return data


def _holds(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


@dataclass(frozen=True, slots=True)
class _Found:
    """One error, in French. `about_key`: a key is unknown or missing, whatever its value."""

    spot: Spot
    message: str
    about_key: bool


def _french(invalid: ValidationError, data: Any, model: type[BaseModel]) -> list[_Found]:
    """One line per spot. Where a union tried several shapes, the errors that went deepest speak for it."""
    found: dict[Spot, _Found] = {}
    for error in invalid.errors(include_url=False):
        spot = _spot(data, error["loc"], error["type"])
        if spot not in found or error["type"] in ("extra_forbidden", "value_error"):
            about_key = error["type"] in ("extra_forbidden", "missing")
            found[spot] = _Found(spot, _message(error, model), about_key)
    return [each for each in found.values() if not _covered(each.spot, found)]


def _covered(spot: Spot, found: Iterable[Spot]) -> bool:
    return spot != () and any(len(other) > len(spot) and other[: len(spot)] == spot for other in found)


def _spot(data: Any, loc: tuple[str | int, ...], kind: str) -> Spot:
    """Where in the data an error stands: pydantic's path without the names of models and union members in it."""
    spot: list[str | int] = []
    missing = kind == "missing"
    for part in loc[:-1] if missing else loc:
        if _holds(data, part):
            spot.append(part)
            data = data[part]
    return tuple(spot)


def _message(error: Any, model: type[BaseModel]) -> str:
    name = str(error["loc"][-1]) if error["loc"] else ""
    context = error.get("ctx", {})
    match error["type"]:
        case "extra_forbidden":
            return f"clé « {name} » inconnue{near(name, _keys(model))}"
        case "missing":
            return f"il manque « {name} »"
        case "value_error":
            return str(context["error"])
        case "literal_error" | "enum":
            known = tuple(re.findall(r"'([^']*)'", str(context["expected"])))
            return f"« {error['input']} » inconnu : {', '.join(known)}{near(str(error['input']), known)}"
        case kind:
            return _SHAPES.get(kind, "valeur inattendue ici").format(**context)


_SHAPES = {
    "string_type": "un texte est attendu",
    "string_too_short": "ce texte est vide",
    "string_too_long": "ce texte dépasse {max_length} signes",
    "string_pattern_mismatch": "forme inattendue : lettres, chiffres et traits d’union seulement",
    "bool_type": "« true » ou « false » est attendu",
    "int_type": "un nombre entier est attendu",
    "int_from_float": "un nombre entier est attendu",
    "list_type": "une liste est attendue : une ligne par élément, chacune précédée de « - »",
    "tuple_type": "une liste est attendue : une ligne par élément, chacune précédée de « - »",
    "dict_type": "des lignes « clé: valeur » sont attendues",
    "model_type": "des lignes « clé: valeur » sont attendues",
    "model_attributes_type": "des lignes « clé: valeur » sont attendues",
    "too_short": "il en faut au moins {min_length}",
    "too_long": "pas plus de {max_length}",
    "greater_than_equal": "au moins {ge} est attendu",
    "greater_than": "plus de {gt} est attendu",
    "less_than_equal": "au plus {le} est attendu",
    "date_type": "une date comme 2027-06-30 est attendue",
    "date_parsing": "une date comme 2027-06-30 est attendue",
    "date_from_datetime_parsing": "une date comme 2027-06-30 est attendue",
}


def _keys(model: type[BaseModel]) -> tuple[str, ...]:
    """Every key that a file of this kind may hold, at any level."""
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return tuple({key for part in parts for key in part.get("properties", {})})
