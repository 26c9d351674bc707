"""feeds.yaml: which sources to follow, and how."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from bot.config.act_sources import PACES, address
from bot.config.document import CheckedFile, open_document
from bot.config.http_address import bad_url
from bot.config.listing import ListFields, bad_pages
from bot.config.login_file import BadLogin, others_may_read, read_login
from bot.config.yamlfile import ConfigProblem, Spot
from bot.feeds.selectors import Unclear, to_xpath
from matchers import sites
from storage.feeds.model import NOMINATIONS, Feed, FeedKind, TextPolicy
from storage.ids import FeedId
from storage.place import from_home

INSTITUTION = "institution"  # the category whose sources decide, unless they say otherwise
LIST_PACE = timedelta(days=1)  # of a list that says nothing else
SOON = timedelta(minutes=15)  # asking a public server more often than this deserves a word
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "j": 86400}
_LENGTH = r"([0-9]{1,7})\s*(s|m|h|d|j|min|minutes?|heures?|jours?)"
_EVERY = rf"^\s*{_LENGTH}(?:\s*[-–]\s*{_LENGTH})?\s*$"


@dataclass(frozen=True, slots=True)
class Pace:
    """How often: `every` so long, or between `least` and `most`."""

    every: timedelta | None = None
    least: timedelta | None = None
    most: timedelta | None = None


def _pace(value: object) -> Pace:
    found = re.fullmatch(_EVERY, value) if isinstance(value, str) else None
    if found is None:
        hint = f", par exemple « {value}s » ou « {value}m »" if isinstance(value, int) and value is not True else ""
        raise ValueError(f"une durée avec son unité est attendue (2s, 15m, 1h, 1d), ou deux bornes (15m-6h){hint}")
    if found[3] is None:
        return Pace(every=_length(found[1], found[2]))
    least, most = _length(found[1], found[2]), _length(found[3], found[4])
    if least > most:
        raise ValueError(f"« {value} » : la plus courte durée d’abord")
    return Pace(least=least, most=most)


def _length(number: str, unit: str) -> timedelta:
    length = timedelta(seconds=int(number) * _UNITS[unit[0]])
    if not timedelta(seconds=1) <= length <= timedelta(days=30):
        raise ValueError("la durée doit aller de 1s à 30d")
    return length


# A password may hold any sign, a slash too
_LOGIN = re.compile(r"(?<=://).*@|\A(?![a-z]*://).*@", re.IGNORECASE)


def _url(value: str) -> str:
    if reason := bad_url(value):
        raise ValueError(f"« {_LOGIN.sub('…@', value, count=1)} » : {reason}")
    return value


def _selector(value: str) -> str:
    if reason := unclear(value):
        raise ValueError(f"sélecteur : {reason}")
    return value


def unclear(selector: str) -> str | None:
    """Why this selector can't be used, None if it can."""
    try:
        to_xpath(selector)
    except Unclear as problem:
        return str(problem)
    return None


def _links(value: str) -> str:
    if not value.startswith(("/", "*", "http://", "https://")):
        raise ValueError(f"« {value} » : un chemin (/actualites/*) ou une adresse entière est attendu")
    return value


Interval = Annotated[
    Pace,
    BeforeValidator(_pace),
    WithJsonSchema({"type": "string", "pattern": _EVERY, "description": "2s, 15m, 1h ou 1d ; ou deux bornes : 15m-6h"}),
]
Url = Annotated[str, AfterValidator(_url), WithJsonSchema({"type": "string", "pattern": "^https?://[^/\\s]"})]
ShortText = Annotated[str, Field(min_length=1, max_length=200)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


Barred = Callable[[str, bool], str | None]
"""Address, and whether its network is said to be private -> why it would never be asked, None where it might."""


def _open(url: str, private: bool) -> None:
    """Nothing is known of what is open."""


class FeedDefaults(BaseModel):
    """What holds for every feed that says nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)

    category: ShortText | None = None
    language: LanguageTag | None = Field(default=None, description="code de langue : fr, en…")
    every: Interval | None = None
    reading: TextPolicy | None = Field(
        default=None, description="page : l’article est lu ; feed : le flux seul ; summary : titre et chapô"
    )
    enabled: bool | None = None
    official: bool | None = Field(
        default=None, description="true : ce qu’elle publie fait autorité (c’est le cas de la catégorie institution)"
    )
    dedup: bool | None = Field(default=None, description="false : ses articles ne sont jamais regroupés")


class FeedItem(FeedDefaults, ListFields):
    """A source."""

    url: Url | None = Field(default=None, description="l’adresse ; inutile pour jorf, cnil, boamp et consultations")
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")] | None = None
    name: ShortText | None = None
    permission: ShortText | None = Field(
        default=None, description="licence et date : lève la réservation des droits de fouille, pas robots.txt"
    )
    network: Literal["private"] | None = Field(
        default=None, description="private : une machine de votre réseau, ouverte à cette source seule"
    )
    login_file: ShortText | None = Field(
        default=None, description="fichier 0600 d’une ligne : basic nom:motdepasse, bearer jeton ou header Nom: valeur"
    )
    kind: FeedKind = Field(
        default="feed",
        description="feed : un flux ; sitemap : un plan de site ; page : une page dont les liens sont l’actualité ; "
        "list : une liste officielle, lue ligne par ligne ; "
        "jorf, cnil, boamp, consultations : des actes, tels que l’administration les publie en données",
    )
    query: ShortText | None = Field(default=None, description="les mots cherchés : hébergement AND santé (kind boamp)")
    topics: Annotated[list[ShortText], Field(max_length=20)] | None = Field(
        default=None, description="les thèmes suivis : [DIGITAL, HEALTH] (kind consultations)"
    )
    nominations: bool | None = Field(
        default=None, description="true : aussi les mesures nominatives, qui nomment des personnes (kind jorf)"
    )
    links: Annotated[ShortText, AfterValidator(_links)] | None = Field(
        default=None, description="les adresses voulues : /actualites/* (kind page ou sitemap)"
    )
    selector: Annotated[ShortText, AfterValidator(_selector)] | None = Field(
        default=None, description="l’endroit de la page où sont les liens, en CSS : main .actualites (kind page)"
    )


class FeedFile(BaseModel):
    """feeds.yaml: the sources to follow."""

    model_config = ConfigDict(extra="forbid", strict=True, title="feeds.yaml")

    feeds: Annotated[list[FeedItem], Field(min_length=1)] | dict[str, FeedItem]
    defaults: FeedDefaults = FeedDefaults()


def _feeds(file: CheckedFile, folder: Path, never: Barred) -> tuple[Feed, ...]:
    """The feeds of a valid document, else () with the problems told to `file`. `folder` is where login files are."""
    model = file.validate(FeedFile, file.loaded.data)
    if model is None:
        return ()
    items = [(spot, _placed(item)) for spot, item in _items(model, file)]
    taken = Counter[str](item.id for _, item in items if item.id)
    feeds = tuple(
        replace(_feed(item, model.defaults, taken), login=_login(file, spot, item, folder)) for spot, item in items
    )
    for spot, item in items:
        _kinds(file, spot, item)
        _listing(file, spot, item)
        if item.enabled is not False and (reason := never(item.url or "", item.network == "private")):
            file.warn((*spot, "url"), f"cette source ne sera jamais lue : {reason}")
    _doubles(file, [spot for spot, _ in items], [item for _, item in items], feeds)
    return feeds


def _kinds(file: CheckedFile, spot: Spot, item: FeedItem) -> None:
    if not item.url:
        file.add(spot, "il manque « url »")
    if item.query is not None and item.kind != "boamp":
        file.add((*spot, "query"), "« query » ne sert qu’à « kind: boamp » : retirez cette ligne")
    if item.topics is not None and item.kind != "consultations":
        file.add((*spot, "topics"), "« topics » ne sert qu’à « kind: consultations » : retirez cette ligne")
    if item.nominations is not None and item.kind != "jorf":
        file.add((*spot, "nominations"), "« nominations » ne sert qu’à « kind: jorf » : retirez cette ligne")
    if item.kind == "page" and item.links is None and item.selector is None:
        file.add(
            (*spot, "kind"),
            "dites quels liens sont des articles : « links: /actualites/* », « selector: main », ou les deux",
        )
    if item.selector is not None and item.kind != "page":
        file.add((*spot, "selector"), "« selector » ne sert qu’à « kind: page » : ajoutez-le, ou retirez cette ligne")
    if item.links is not None and item.kind == "feed":
        file.add(
            (*spot, "links"), "« links » sert à « kind: page » ou « sitemap » : ajoutez-le, ou retirez cette ligne"
        )


def _login(file: CheckedFile, spot: Spot, item: FeedItem, folder: Path) -> tuple[str, str] | None:
    if item.login_file is None:
        return None
    spot, path = (*spot, "login_file"), folder / from_home(item.login_file)
    url = item.url or ""
    if not url.startswith("https://") and not sites.is_local(sites.host(url)) and item.network is None:
        file.add(spot, "un mot de passe ne part pas en clair : donnez l’adresse en https://")
        return None
    try:
        login = read_login(path)
        if others_may_read(path):
            file.warn(spot, f"d’autres que vous peuvent lire ce fichier : chmod 600 {item.login_file}")
    except (BadLogin, OSError) as problem:
        file.add(spot, f"{item.login_file} : {problem if isinstance(problem, BadLogin) else 'fichier illisible'}")
        return None
    return login


def _listing(file: CheckedFile, spot: Spot, item: FeedItem) -> None:
    if item.kind == "list":
        if item.key is None:
            file.add((*spot, "kind"), "dites quelles colonnes nomment une ligne : « key: Prestataire + Service »")
        if item.pages and item.next:
            file.add((*spot, "next"), "« pages » ou « next », pas les deux : retirez l’une de ces lignes")
        if item.rows and item.format in (None, "html") and (reason := unclear(item.rows)):
            file.add((*spot, "rows"), f"sélecteur : {reason}")
        if item.key is not None and item.status is None and item.rows is None:
            file.warn(
                (*spot, "kind"),
                "tout tableau qui a ces colonnes est lu, et aucun statut n’est suivi : « status: » dit la colonne, "
                "ou le statut de toute la liste",
            )
        if item.pages and (reason := bad_pages(item.pages)):
            file.add((*spot, "pages"), reason)
        return
    for name in item.said():
        file.add((*spot, name), f"« {name} » ne sert qu’à « kind: list » : ajoutez-le, ou retirez cette ligne")


def _items(model: FeedFile, file: CheckedFile) -> list[tuple[Spot, FeedItem]]:
    if isinstance(model.feeds, dict):
        return [(("feeds", key), _named(file, key, item)) for key, item in model.feeds.items()]
    return [(("feeds", index), item) for index, item in enumerate(model.feeds)]


def _placed(item: FeedItem) -> FeedItem:
    """With the address that its kind has, where none is given."""
    return item if item.url else item.model_copy(update={"url": address(item.kind, item.query, item.topics or ())})


def _named(file: CheckedFile, key: str, item: FeedItem) -> FeedItem:
    if item.id not in (None, key):
        file.add(("feeds", key, "id"), f"« {item.id} » et « {key} » nomment la même source : retirez « id »")
    return item.model_copy(update={"id": key})


def _feed(item: FeedItem, defaults: FeedDefaults, taken: Counter[str]) -> Feed:
    def chosen(name: str, otherwise: Any) -> Any:
        own = getattr(item, name)
        own = getattr(defaults, name) if own is None else own
        return otherwise if own is None else own

    pace: Pace = item.every or _own_pace(item.kind) or chosen("every", Pace())
    url = item.url or ""
    return Feed(
        id=FeedId(item.id or free_name(slug(item.name or _place(url)), taken)),
        name=item.name or _place(url),
        url=url,
        category=chosen("category", ""),
        language=chosen("language", "fr"),
        every=pace.every or (LIST_PACE if item.kind == "list" and pace == Pace() else None),
        reading=chosen("reading", "page"),
        enabled=chosen("enabled", True),
        permission=item.permission or "",
        private=item.network == "private",
        least=pace.least,
        most=pace.most,
        kind=item.kind,
        links=item.links or "",
        selector=NOMINATIONS if item.nominations else item.selector or "",
        dedup=chosen("dedup", True),
        listing=item.spec() if item.kind == "list" else None,
        official=chosen("official", True if chosen("category", "").casefold() == INSTITUTION else None),
    )


def _own_pace(kind: FeedKind) -> Pace | None:
    least, most = PACES.get(kind, (None, None))
    return None if least is None else Pace(least=least, most=most)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/')}"


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, at most 60 characters; « source » where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "source"


def free_name(wanted: str, taken: Counter[str]) -> str:
    """The identifier, or the same with a number; it is then taken."""
    name, number = wanted, 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    taken[name] += 1
    return name


def _doubles(file: CheckedFile, spots: list[Spot], items: list[FeedItem], feeds: tuple[Feed, ...]) -> None:
    ids: dict[str, Spot] = {}
    urls: dict[str, Spot] = {}
    for spot, item, feed in zip(spots, items, feeds, strict=True):
        if item.id and (first := ids.setdefault(feed.id, spot)) is not spot:
            file.add(
                (*spot, "id"), f"identifiant « {feed.id} » déjà pris ligne {file.line(first)} : choisissez-en un autre"
            )
        if (first := urls.setdefault(feed.url.rstrip("/"), spot)) is not spot:
            file.warn((*spot, "url"), f"même adresse que ligne {file.line(first)} : retirez l’une des deux")
        if item.permission and feed.reading != "page":
            file.warn((*spot, "permission"), f"sans effet avec « reading: {feed.reading} », qui ne lit aucune page")
        shortest = feed.every or feed.least
        if feed.enabled and shortest is not None and shortest < SOON and not sites.is_local(sites.host(feed.url)):
            file.warn(
                (*spot, "every"), "moins de 15 minutes : c’est beaucoup demander à ce site ; 1h suffit d’ordinaire"
            )


def read_feeds(path: Path, never: Barred = _open) -> tuple[tuple[Feed, ...], list[ConfigProblem]]:
    """The feeds of a file and what is wrong with it; an error makes the feeds worthless. `never` says why an address
    would never be asked: a doubt, since a setting may open it later."""
    problems: list[ConfigProblem] = []
    file = open_document(path, path.name, problems)
    feeds = _feeds(file, path.parent, never) if file else ()
    return feeds, problems + (file.problems if file else [])
