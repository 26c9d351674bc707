"""The invented press of the demonstration: reads outlets and their stories from plain text files."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast, get_args

SyndicationKind = Literal["rss", "rdf", "atom"]
Layout = Literal["wordpress", "spip", "drupal", "bare"]
Validators = Literal["both", "etag", "date", "none"]

ARTICLES: Traversable = files("bot.demo") / "articles"
MORNING = datetime(2024, 2, 1, 6, 58, tzinfo=UTC)  # 07:58 in Paris, two minutes before the daily digest


@dataclass(frozen=True, slots=True)
class Story:
    """One article of one outlet.

    `stage` 1: already there when the demonstration begins; 2: appears that morning. `retitled` replaces the title
    from stage 2 on. `also` names another outlet whose feed links to the same page. `expected` are the watchlists that
    a reader would want it in, none for noise. `paywall`: only the first paragraph is on the page.
    """

    outlet: str
    slug: str
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published: datetime
    stage: int = 1
    author: str = ""
    retitled: str = ""
    also: str = ""
    expected: tuple[str, ...] = ()
    paywall: bool = False

    @property
    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    def at(self, stage: int) -> "Story":
        """The story as it reads at this stage."""
        return replace(self, title=self.retitled) if self.retitled and stage >= 2 else self


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: how its feed and its pages are made. The texts are in French, the keys of its file in English.

    `full`: the feed carries the whole text · `charset` of feed and pages · `broken`: the feed is not well-formed ·
    `dated`: entries carry a date · `opaque_guid`: guids are no addresses · `moved`: the known address of the feed
    answers 301 to the real one · `status`: what the feed answers, 200 if it lives · `tracking` is added to the links
    of the feed · `nav` and `box`: lines of the menu and of the « à lire aussi » box.
    """

    id: str
    name: str
    kind: SyndicationKind = "rss"
    layout: Layout = "wordpress"
    category: str = "presse"
    language: str = "fr"
    reading: str = "page"
    full: bool = False
    charset: str = "utf-8"
    validators: Validators = "both"
    broken: bool = False
    dated: bool = True
    opaque_guid: bool = False
    moved: bool = False
    status: int = 200
    tracking: str = ""
    json_ld: bool = False
    tagline: str = ""
    nav: tuple[str, ...] = ()
    box: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()


def load(folder: Traversable = ARTICLES) -> tuple[Outlet, ...]:
    """Every outlet of a folder, in the order of file names. Raises ValueError, naming file and line, on a bad file."""
    sheets = sorted((item for item in folder.iterdir() if item.name.endswith(".txt")), key=lambda item: item.name)
    return tuple(parse(sheet.read_text(encoding="utf-8"), sheet.name) for sheet in sheets)


def parse(text: str, name: str = "") -> Outlet:
    """One file: a block of headers for the outlet, then stories, each after a line of `=`: headers, blank, paragraphs.

    Raises ValueError on an unknown or malformed header, or a story without title.
    """
    blocks = re.split(r"(?m)^={4,}\n", text)
    headers, _ = _split(blocks[0], name)
    outlet = _outlet(headers, name)
    # an old site in Latin-1 has neither curly apostrophes nor the habit of no-break spaces
    polish = typeset if outlet.charset == "utf-8" else str
    stories = tuple(_story(outlet.id, *_split(block, name), name, polish) for block in blocks[1:])
    return replace(outlet, stories=stories)


def slugify(text: str) -> str:
    """ASCII words joined by hyphens, at most eight of them, as news sites make their addresses."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe")).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())[:8])


def paragraphs(text: str) -> tuple[str, ...]:
    """The blocks between blank lines, each on one line."""
    return tuple(" ".join(block.split("\n")).strip() for block in re.split(r"\n\s*\n", text) if block.strip())


def typeset(text: str) -> str:
    """French typography: no-break spaces around the high signs, inside guillemets and numbers; curly apostrophes."""
    spaced = re.sub(r" (?=[:;!?»%€])|(?<=«) |(?<=\d) (?=\d{3}\b)", "\u00a0", text)
    return spaced.replace("'", "’")


def _split(block: str, name: str) -> tuple[dict[str, str], str]:
    head, _, body = block.strip("\n").partition("\n\n")
    return dict(_headers(head.split("\n"), name)), body


def _headers(lines: Iterable[str], name: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        key, colon, value = line.partition(":")
        if not colon:
            raise ValueError(f"{name} : « {line} » n'est pas un en-tête")
        yield key.strip(), value.strip()


def _outlet(headers: Mapping[str, str], name: str) -> Outlet:
    _only(headers, Outlet, name)
    return Outlet(
        id=headers["id"],
        name=headers["name"],
        kind=cast("SyndicationKind", _choice(headers, "kind", get_args(SyndicationKind), name)),
        layout=cast("Layout", _choice(headers, "layout", get_args(Layout), name)),
        category=headers.get("category", "presse"),
        language=headers.get("language", "fr"),
        reading=headers.get("reading", "page"),
        full=_flag(headers, "full"),
        charset=headers.get("charset", "utf-8"),
        validators=cast("Validators", _choice(headers, "validators", get_args(Validators), name)),
        broken=_flag(headers, "broken"),
        dated=headers.get("dated", "yes") == "yes",
        opaque_guid=_flag(headers, "opaque_guid"),
        moved=_flag(headers, "moved"),
        status=int(headers.get("status", "200")),
        tracking=headers.get("tracking", ""),
        json_ld=_flag(headers, "json_ld"),
        tagline=headers.get("tagline", ""),
        nav=_list(headers, "nav", "|"),
        box=_list(headers, "box", "|"),
    )


def _story(outlet: str, headers: Mapping[str, str], body: str, name: str, polish: Callable[[str], str]) -> Story:
    _only(headers, Story, name)
    title = headers.get("title", "")
    if not title:
        raise ValueError(f"{name} : un article n'a pas de titre")
    return Story(
        outlet=outlet,
        slug=headers.get("slug", slugify(title)),
        title=polish(title),
        summary=polish(headers.get("summary", "")),
        paragraphs=paragraphs(polish(body)),
        published=datetime.fromisoformat(headers["published"]).astimezone(UTC),
        stage=int(headers.get("stage", "1")),
        author=headers.get("author", ""),
        retitled=polish(headers.get("retitled", "")),
        also=headers.get("also", ""),
        expected=_list(headers, "expected", ","),
        paywall=_flag(headers, "paywall"),
    )


def _only(headers: Mapping[str, str], model: type[Outlet] | type[Story], name: str) -> None:
    unknown = sorted(set(headers) - set(model.__dataclass_fields__))
    if unknown:
        raise ValueError(f"{name} : en-tête inconnu « {unknown[0]} »")


def _choice(headers: Mapping[str, str], key: str, allowed: tuple[str, ...], name: str) -> str:
    value = headers.get(key, allowed[0])
    if value not in allowed:
        raise ValueError(f"{name} : {key} vaut « {value} », attendu : {', '.join(allowed)}")
    return value


def _flag(headers: Mapping[str, str], key: str) -> bool:
    return headers.get(key, "no") == "yes"


def _list(headers: Mapping[str, str], key: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in headers.get(key, "").split(separator) if part.strip())
