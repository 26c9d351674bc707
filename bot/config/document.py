"""A configuration file being checked: its values against a model, and every problem at its place, in French."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError

from bot.config.yamlfile import GLUED_DASH, OTHER_DASH, ConfigProblem, Loaded, Spot, hashtags, load

_M = TypeVar("_M", bound=BaseModel)
_V = TypeVar("_V")

YES = ("1", "true", "yes", "oui")  # what turns a setting on
_UNSEEN = "\u00a0\u202f\u200b\u200e\u200f\u2060\ufeff"  # what French typing or a copy leaves on a key


def near(written: str, known: Iterable[str]) -> str:
    """The end of a message that proposes the nearest known word, "" where none is near."""
    found = get_close_matches(written, tuple(known), n=1, cutoff=0.6)
    return f" ; vouliez-vous « {found[0]} » ?" if found else ""


_FRENCH_KEYS: Mapping[str, tuple[str, ...]] = {
    "nom": ("name",), "titre": ("title", "name"), "intitule": ("name",), "sujet": ("question",),
    "mots": ("words", "any"), "mot": ("any",), "termes": ("terms", "any"), "terme": ("any",), "cles": ("any",),
    "mots-cles": ("any",), "motscles": ("any",), "ou": ("any",), "un": ("any",), "et": ("all",), "tous": ("all",),
    "toutes": ("all",), "tout": ("all",), "sauf": ("none", "not"), "aucun": ("none",), "pas": ("none", "not"),
    "exclure": ("none", "not"), "exclus": ("none", "not"), "au-moins": ("at_least",), "proche": ("near",),
    "proches": ("near",), "distance": ("within",), "ecart": ("within",), "ordre": ("ordered",), "phrase": ("sentence",),
    "requete": ("query",), "recherche": ("query",), "niveau": ("level",), "rythme": ("every", "level"),
    "frequence": ("every", "level"), "seuil": ("threshold",), "bonus": ("boost",), "exemples": ("examples",),
    "garder": ("match",), "retenir": ("match",), "oui": ("match",), "ignorer": ("ignore",), "laisser": ("ignore",),
    "non": ("ignore",), "chapo": ("summary",), "resume": ("summary",), "texte": ("text",), "actualite": ("news",),
    "nouvelles": ("news",), "faits": ("facts", "news"), "personnes": ("people",), "officiel": ("official",),
    "relire": ("review",), "revision": ("review",), "alias": ("aliases",), "noms": ("aliases",), "type": ("kind",),
    "sorte": ("kind",), "genre": ("kind",), "contexte": ("context",), "ambigu": ("ambiguous",), "note": ("note",),
    "remarque": ("note",), "adresse": ("url",), "lien": ("url",), "liens": ("links",), "langue": ("language",),
    "categorie": ("category",), "lecture": ("reading",), "actif": ("enabled",), "sources": ("feeds",),
    "flux": ("feeds",), "selecteur": ("selector",), "licence": ("permission",), "reseau": ("network",),
}  # fmt: skip
_FRENCH_VALUES: Mapping[str, str] = {
    "hebdo": "weekly", "hebdomadaire": "weekly", "semaine": "weekly", "quotidien": "daily", "quotidienne": "daily",
    "jour": "daily", "journalier": "daily", "alerte": "flash", "urgent": "flash", "immediat": "flash",
    "oui": "true", "non": "false", "vrai": "true", "faux": "false", "resume": "summary", "chapo": "summary",
    "flux": "feed", "plan": "sitemap", "prive": "private", "public": "public", "courriel": "email",
}  # fmt: skip


def _meant(written: str, table: Mapping[str, _V]) -> _V | None:
    letters = unicodedata.normalize("NFD", written.lower()).encode("ascii", "ignore").decode()
    return table.get(letters.strip().replace("_", "-").replace(" ", "-"))


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

    def remarks(self) -> None:
        """Warn of each word that « # » took away."""
        for word, place in hashtags(self.loaded):
            message = f"« {word} » est lu comme une remarque : des guillemets, ou une espace après « # »"
            self.problems.append(ConfigProblem(self.name, message, *place, severity="warning"))

    def validate(self, model: type[_M], data: Any, under: Spot = ()) -> _M | None:
        """The model made from `data`, which stands at `under` in the document; None once its errors are noted."""
        try:
            return model.model_validate(data)
        except ValidationError as invalid:
            for found in sorted(_french(invalid, data, model), key=lambda found: self.line((*under, *found.spot))):
                spot = (*under, *found.spot)
                surprise = self._surprise(spot) if not found.about_key else self._colon(spot, found.message)
                message = surprise or found.message
                if message == _SHAPES["list_type"] and (dashed := _dashed(_at(self.loaded.data, spot))):
                    spot, message = (*spot, 0), dashed
                self.add(spot, message)
            return None

    def _colon(self, spot: Spot, message: str) -> str | None:
        """An item that a colon in its text made a key of; None where `message` knows the key that is meant."""
        if len(spot) < 2 or not message.endswith("inconnue"):
            return None
        key, value = str(spot[-1]), _at(self.loaded.data, spot)
        alone = isinstance(spot[-2], int) and len(_at(self.loaded.data, spot[:-1])) == 1
        if not alone or not isinstance(value, str):
            return None
        return f'« : » fait de « {key} » une clé : si c’est un texte, mettez-le entre guillemets, "{key} : {value}"'

    def _surprise(self, spot: Spot) -> str | None:
        """YAML read something else than the text that was meant: say what, and the way out."""
        written = self.loaded.unquoted.get(spot)
        value = _at(self.loaded.data, spot)
        if written is None or (isinstance(value, int | float) and not isinstance(value, bool) and spot[-1] in _NUMBERS):
            return None
        if not written and (hashed := self._hashtag(spot)):
            return f'« # » commence une remarque : mettez des guillemets, "{hashed}"'
        if not written:
            return "il manque une valeur ici : remplissez-la, ou retirez la ligne"
        return f'« {written} » est lu par YAML comme {_read_as(value)} : mettez des guillemets, "{written}"'

    def _hashtag(self, spot: Spot) -> str:
        """The word after « # » on the line of a value that is missing; "" if there is none."""
        line = self.loaded.source.splitlines()[self.line(spot) - 1]
        found = re.search(r"#[^\s\],}]+", line)
        return found[0] if found else ""


def _dashed(value: Any) -> str | None:
    """What is said of a text that begins with a dash, or with what looks like one; None of any other."""
    if not isinstance(value, str) or not (found := _DASHED.match(value)):
        return None
    return GLUED_DASH.format(found[2]) if found[1] == "-" else OTHER_DASH.format(found[1], found[2])


_DASHED = re.compile(r"([-‐‑–—•·*])\s?(\w{1,20})")
_NUMBERS = ("threshold", "within", "n", "every", "people")


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
    errors = invalid.errors(include_url=False)
    strange = [error["loc"] for error in errors if error["type"] == "extra_forbidden"]
    keys = ((loc, str(loc[-1]).strip(_UNSEEN)) for loc in strange)
    meant = {
        (*loc[:-1], key) for loc, bare in keys for key in (bare, bare.lower(), *(_meant(bare, _FRENCH_KEYS) or ()))
    }
    for error in errors:
        if error["type"] == "missing" and error["loc"] in meant:
            continue  # said once: the key is there, in French or in capitals
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
            if (bare := name.strip(_UNSEEN)) != name:
                return f"clé « {bare} » : une espace insécable ou un signe invisible y est collé, effacez-le"
            return f"clé « {name} » inconnue{_right_key(name, _above(error), model)}"
        case "missing":
            return f"il manque « {name} »"
        case "value_error":
            return str(context["error"])
        case "literal_error" | "enum":
            known = tuple(re.findall(r"'([^']*)'", str(context["expected"])))
            return f"« {error['input']} » inconnu : {', '.join(known)}{_right_value(str(error['input']), known)}"
        case "bool_type" if (right := _meant(str(error["input"]), _FRENCH_VALUES)) in ("true", "false"):
            return f"{_SHAPES['bool_type']} ; écrivez « {right} »"
        case "string_pattern_mismatch" if name and (plain := _plain(str(error["input"]))):
            return f"{_SHAPES['string_pattern_mismatch']} ; écrivez « {plain} »"
        case "list_type" | "tuple_type" if isinstance(error["input"], str) and _LISTED.fullmatch(error["input"]):
            return f"une liste est attendue ; écrivez « [{error['input']}] »"
        case "model_type" | "model_attributes_type" as kind:
            return _SHAPES[kind] + _lone(error, model)
        case kind:
            return _SHAPES.get(kind, "valeur inattendue ici").format(**context)


def _plain(identifier: str) -> str:
    """An identifier without accents and blanks; "" where nothing else is wrong with it, or nothing is left."""
    letters = unicodedata.normalize("NFD", identifier).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", letters).strip("-").lower()
    return plain if plain != identifier else ""


def _lone(error: Any, model: type[BaseModel]) -> str:
    """The end of a message, where a text or a list stands for the block that should hold it: the key to put before."""
    written = error["input"]
    if isinstance(written, list):
        return {"FeedFile": " : commencez par « feeds: »", "WatchlistFile": " : ces termes vont sous « any: »"}.get(
            model.__name__, ""
        )
    kind = str(error.get("ctx", {}).get("class_name"))
    if kind == "FeedItem" and error["loc"][-1] in ("id", "name", "url"):
        return " : il manque un tiret devant chaque source, « - id: … »"
    key = {"FeedItem": "url", "EntityEntry": "name"}.get(kind)
    return f" ; écrivez « {key}: {written} »" if key and isinstance(written, str) else ""


_LISTED = re.compile(r"\w[\w’'. -]{0,40}(?:, ?\w[\w’'. -]{0,40}){0,4}")  # what needs no quotes between brackets

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


def _above(error: Any) -> str:
    """The key whose block holds the key of this error; "" at the top."""
    names = [part for part in error["loc"][:-1] if isinstance(part, str) and not part.startswith("<")]
    return names[-1] if names else ""


def _right_key(written: str, above: str, model: type[BaseModel]) -> str:
    """The end of a message: the key of a French word where one is meant, else the nearest, else "" """
    schema = model.model_json_schema()
    here = _keys_under(schema, above)
    french = _meant(written, _FRENCH_KEYS)
    for key in french or ():
        if key in here:
            return f" ; écrivez « {key} »"
    if blocks := _blocks_with(schema, written):
        return f" ici : sa place est sous {' ou '.join(f'« {block}: »' for block in blocks)}"
    if written == "id":
        return " ici : le nom du fichier en tient lieu, retirez cette ligne"
    return near(written, here) or near(written, _keys(schema))


def _blocks_with(schema: Mapping[str, Any], key: str) -> list[str]:
    """The keys whose block may hold this one, as it is written."""
    parts = [schema, *schema.get("$defs", {}).values()]
    blocks = {name: held for part in parts for name, held in part.get("properties", {}).items()}
    return sorted(name for name, held in blocks.items() if key in _held(schema, held))


def _right_value(written: str, known: tuple[str, ...]) -> str:
    french = _meant(written, _FRENCH_VALUES)
    return f" ; écrivez « {french} »" if french in known else near(written, known)


def _keys(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Every key that a file of this kind may hold, at any level."""
    parts = [schema, *schema.get("$defs", {}).values()]
    return tuple(dict.fromkeys(key for part in parts for key in part.get("properties", {})))


def _keys_under(schema: Mapping[str, Any], above: str) -> tuple[str, ...]:
    """Those of the blocks that may stand under a key, at the top where it is no key; every key where none is known."""
    parts = [schema, *schema.get("$defs", {}).values()]
    held = [part["properties"][above] for part in parts if above in part.get("properties", {})]
    if not held:
        return (() if above else tuple(schema.get("properties", ()))) or _keys(schema)
    return tuple(_held(schema, held)) or _keys(schema)


def _held(schema: Mapping[str, Any], block: Any) -> list[str]:
    """The keys that a block of the schema may hold itself."""
    names = set(re.findall(r"'#/\$defs/([^']+)'", str(block)))
    return [key for name in sorted(names) for key in schema["$defs"].get(name, {}).get("properties", {})]
