"""The YAML of watchlists and entities: what may be written in it, and what is said of what may not."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    ValidationError,
)
from pydantic_core import ErrorDetails

from matchers.language.fact_words import Fact
from matchers.language.text import fold
from matchers.model import Level, Problem
from matchers.watchlists.terms import parse

ENTITIES = "entities"  # the `file` of a problem in entities.yaml
VOCABULARY = "vocabulaire"
"""The kind of an entity that is a choice of words (patients, quitter): its words count as words, and name nobody."""


# --- terms ---------------------------------------------------------------------------------------------------------
def _text(value: Any) -> str:
    """Texts pass; what YAML took for something else is refused with the way to write it."""
    if isinstance(value, str):
        return value
    raise ValueError(_misread(value))


def _misread(value: object) -> str:
    match value:
        case bool():
            return "yes, no, on, off, true et false se lisent comme vrai ou faux : mettez le terme entre guillemets"
        case None:
            return "une valeur vide, « ~ » ou « null » se lit comme rien : mettez le terme entre guillemets"
        case int() | float():
            return f"ceci se lit comme le nombre {value} : mettez le terme entre guillemets"
        case date():
            return f"ceci se lit comme la date {value} : mettez le terme entre guillemets"
        case {"title": inner}:
            return f"écrivez « title:{inner} », sans espace après le deux-points, entre guillemets"
        case {"lead": inner}:
            return f"écrivez « lead:{inner} », sans espace après le deux-points, entre guillemets"
        case dict():
            return "un terme est attendu ici, pas un bloc ; un « : » suivi d'une espace demande des guillemets"
        case _:
            return "un terme est attendu ici : un texte"


YamlText = Annotated[str, BeforeValidator(_text)]
YamlTerm = Annotated[
    str,
    BeforeValidator(_text),
    Field(
        description="Un terme : texte · texte! (casse et accents exacts) · début* · =texte (sans pluriel ni féminin) · "
        "~famille · @entité · title:terme (dans le titre seulement) · lead:terme (dans le titre ou le chapô)",
        examples=["données de santé", "SNDS!", "télécom*", "~héberger", "@hdh", "title:Bleu!"],
    ),
]


_MARKS = frozenset(("title", "lead", "source", "regex"))  # YAML reads « title: x » as a block


def _node_kind(value: Any) -> str:
    is_mark = isinstance(value, dict) and len(value) == 1 and not _MARKS.isdisjoint(value)
    return "<block>" if isinstance(value, Block | dict) and not is_mark else "<term>"


YamlNode = Annotated[
    Annotated[YamlTerm, Tag("<term>")] | Annotated["Block", Tag("<block>")],
    Discriminator(_node_kind),
]


def _item_kind(value: Any) -> str:
    return "<list>" if isinstance(value, list) else "<term>"


NearItem = Annotated[
    Annotated[YamlTerm, Tag("<term>")] | Annotated[list[YamlTerm], Tag("<list>")],
    Discriminator(_item_kind),
]


# --- blocks --------------------------------------------------------------------------------------------------------
class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class AtLeast(_Strict):
    """Un nombre minimum de termes différents."""

    n: int = Field(ge=1, strict=True, description="Combien, au moins, doivent être présents")
    of: list[YamlNode] = Field(description="Les termes, ou les blocs, parmi lesquels compter")


class Near(_Strict):
    """Des termes proches l'un de l'autre, dans le même champ."""

    terms: list[NearItem] = Field(description="Deux termes au moins ; un élément peut être une liste d'alternatives")
    within: int = Field(
        default=12,
        strict=True,
        ge=1,
        le=100,
        description="Combien de mots, au plus, entre le premier et le dernier terme",
    )
    ordered: bool = Field(default=False, strict=True, description="Les termes doivent-ils venir dans cet ordre ?")
    sentence: bool = Field(default=False, strict=True, description="Doivent-ils tenir dans une même phrase ?")


class Block(_Strict):
    """Des conditions, toutes requises. Les blocs s'imbriquent."""

    any_of: list[YamlNode] | None = Field(default=None, alias="any", description="Un au moins de ces termes ou blocs")
    all_of: list[YamlNode] | None = Field(default=None, alias="all", description="Tous ces termes ou blocs")
    at_least: AtLeast | None = Field(default=None, description="Au moins n de ces termes ou blocs")
    near: Near | None = Field(default=None, description="Des termes proches l'un de l'autre")
    query: YamlText | None = Field(
        default=None,
        description="Une condition sur une ligne : AND, OR, NOT, NEAR/12 (ONEAR/12 dans cet ordre, NEAR/s dans une "
        "même phrase), parenthèses, expressions entre guillemets, et les marques des termes",
        examples=["(@hdh OR SNDS!) AND title:migr* NOT webinaire", '"cloud souverain" NEAR/12 (hôpital OR "CHU!")'],
    )
    none_of: list[YamlNode] | None = Field(default=None, alias="none", description="Aucun de ces termes ou blocs")


def _none() -> list[Any]:
    return []  # pydantic asks for the signature, which `list` gives after 5 ms of looking at its docstring


def _nothing() -> dict[str, Any]:
    return {}


# --- watchlists ----------------------------------------------------------------------------------------------------
class Example(_Strict):
    """Un article d'exemple."""

    title: YamlText = ""
    summary: YamlText = ""
    text: YamlText = ""


def _example_kind(value: Any) -> str:
    return "<article>" if isinstance(value, dict | Example) else "<title>"


AnyExample = Annotated[
    Annotated[YamlText, Tag("<title>")] | Annotated[Example, Tag("<article>")], Discriminator(_example_kind)
]


class Examples(_Strict):
    """Ce que la veille doit trouver, et ce qu'elle doit laisser : vérifié à chaque chargement."""

    match: list[AnyExample] = Field(default_factory=_none, description="Titres ou articles qui doivent alerter")
    ignore: list[AnyExample] = Field(default_factory=_none, description="Titres ou articles qui ne doivent pas alerter")


class News(_Strict):
    """Ce qui fait d'un article une nouvelle de la veille : sans l'un de ces faits, il attend le digest."""

    words: list[YamlTerm] = Field(
        default_factory=_none,
        description="Les mots du fait, dans une phrase du titre, du chapô ou du début du texte qui nomme le sujet",
        examples=[["obtient", "décroche", "~sanctionner"]],
    )
    facts: list[Fact] = Field(
        default_factory=_none,
        description="Des sortes de faits, dont Vigie connaît les verbes et les noms",
        examples=[["octroi", "retrait"]],
    )
    people: int | None = Field(
        default=None, strict=True, ge=1, description="Combien de personnes touchées, au moins, font une nouvelle"
    )
    official: bool = Field(default=False, strict=True, description="Une source officielle suffit-elle ?")


class WatchlistFile(Block):
    """Une veille : un fichier watchlists/<identifiant>.yaml."""

    name: YamlText = Field(min_length=1, max_length=120, description="Le nom montré aux lecteurs")
    question: YamlText = Field(default="", description="La question à laquelle cette veille répond")
    level: Level = Field(
        default="daily", description="flash : tout de suite · daily : chaque jour · weekly : chaque semaine"
    )
    news: News | None = Field(
        default=None, description="Ce qui fait sonner une veille de niveau flash ; sans lui, tout article qui en parle"
    )
    threshold: int = Field(default=3, ge=1, strict=True, description="Le score à partir duquel un article alerte")
    review: date | None = Field(default=None, description="La date à laquelle relire cette veille")
    boost: dict[YamlTerm, Annotated[int, Field(strict=True, ge=1)]] = Field(
        default_factory=_nothing, description="Des points en plus, une fois chacun, si le terme est présent"
    )
    examples: Examples = Field(
        default_factory=Examples, description="Des articles qui doivent alerter, et d'autres non"
    )


# --- entities ------------------------------------------------------------------------------------------------------
class Ambiguous(_Strict):
    """Des alias qui veulent dire aussi autre chose : ils ne comptent qu'avec un contexte."""

    aliases: list[YamlTerm] = Field(min_length=1, description="Les alias ambigus")
    context: list[YamlTerm] = Field(min_length=1, description="Les termes dont un au moins doit être proche")
    within: int = Field(default=25, strict=True, ge=1, le=1000, description="À combien de mots, au plus")


class EntityEntry(_Strict):
    """Une organisation, une personne, une loi, un label : une seule chose sous plusieurs noms."""

    name: YamlText = Field(min_length=1, description="Son nom, qui est aussi un alias s'il n'est pas ambigu")
    kind: YamlText = Field(default="", description="org, institution, personne, loi, label, programme…")
    aliases: list[YamlTerm] = Field(default_factory=_none, description="Les noms sûrs")
    ambiguous: Ambiguous | None = Field(default=None, description="Les noms qui demandent un contexte")
    not_: list[YamlTerm] = Field(default_factory=_none, alias="not", description="Ce qui n'est pas elle")
    act: YamlText = Field(
        default="",
        pattern=r"^([a-z]{2,10}:[A-Za-z0-9][A-Za-z0-9./:-]{2,40})?$",
        description="L'acte qu'elle est, sous toutes ses typographies : celex:32016R0679",
    )
    context: bool = Field(default=False, strict=True, description="true : aucune veille ne la cite, et c'est voulu")
    note: YamlText = Field(default="", description="Une remarque pour ceux qui tiennent ce fichier")


EntityId = Annotated[str, BeforeValidator(_text), Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]


class EntitiesFile(RootModel[dict[EntityId, EntityEntry]]):
    """Le fichier entities.yaml : identifiant -> entité."""


# --- reading -------------------------------------------------------------------------------------------------------
def read_watchlist(file: str, value: object) -> WatchlistFile | tuple[Problem, ...]:
    """A watchlist from what YAML gave (mappings, lists, scalars), or everything that is wrong with its shape."""
    try:
        return WatchlistFile.model_validate(value)
    except ValidationError as error:
        return problems(file, error)


def problems(file: str, error: ValidationError) -> tuple[Problem, ...]:
    """What pydantic says, in French, at the place a person would look for."""
    return tuple(Problem(file, _path(detail), _message(detail)) for detail in error.errors())


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    # the tags of unions, and the [key] that pydantic puts after a key that is wrong
    return tuple(part for part in detail["loc"] if not str(part).startswith(("<", "[key]")))


_MESSAGES = {
    "missing": "il manque cette clé",
    "extra_forbidden": "clé inconnue",
    "model_type": "un bloc de clés est attendu ici",
    "dict_type": "un bloc de clés est attendu ici",
    "model_attributes_type": "un bloc de clés est attendu ici",
    "list_type": "une liste est attendue ici",
    "string_type": "un texte est attendu ici",
    "int_type": "un nombre entier est attendu ici",
    "bool_type": "true ou false est attendu ici",
    "date_type": "une date est attendue ici, comme 2027-06-30",
    "date_from_datetime_parsing": "une date est attendue ici, comme 2027-06-30",
    "date_from_datetime_inexact": "une date est attendue ici, sans heure, comme 2027-06-30",
    "string_too_short": "ce texte ne peut être vide",
    "too_short": "cette liste ne peut être vide",
    "string_pattern_mismatch": "un identifiant s'écrit en minuscules sans accents, chiffres, « - » et « _ »",
}


def _message(detail: ErrorDetails) -> str:
    context: dict[str, Any] = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "greater_than_equal":
            return f"au moins {context['ge']}"
        case "less_than_equal":
            return f"au plus {context['le']}"
        case "literal_error":
            return f"attendu : {context['expected'].replace(' or ', ' ou ')}"
        case kind:
            return _MESSAGES.get(kind, detail["msg"])


Schema = Literal["watchlist", "entities"]


def json_schema(kind: Schema) -> dict[str, Any]:
    """The JSON Schema of a file, for editors."""
    model: type[BaseModel] = WatchlistFile if kind == "watchlist" else EntitiesFile
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema(by_alias=True)}


def sure_aliases(entry: EntityEntry) -> tuple[str, ...]:
    """The aliases that need no context: the name is one, unless it folds to an ambiguous one."""
    doubtful = {folded_words(alias) for alias in entry.ambiguous.aliases} if entry.ambiguous else set()
    return (*(() if folded_words(entry.name) in doubtful else (entry.name,)), *entry.aliases)


def folded_words(written: str) -> bytes:
    """The words of an alias or a context as they are compared."""
    return b" ".join(fold(parse(written).text).split())
