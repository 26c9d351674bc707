"""The archives of the DILA: the acts of the JO and the deliberations of the CNIL, an entry each. Runs in a worker."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from html import escape
from typing import Literal
from zoneinfo import ZoneInfo

from bot.feeds import notice, plain_text
from bot.feeds.announced import absolute
from bot.feeds.charset import decoded
from bot.feeds.sitemap import Index
from bot.feeds.tar_archive import Refused, files
from bot.model import ActItem, Document, Entry, Failed, Why

Fund = Literal["jorf", "cnil"]

FIRST = 2  # archives of a first reading
MOST = 4  # in one poll
FRESH = timedelta(days=21)  # an evening's archive replays editions back to 1905: they are no news
LONGEST_TEXT = 400_000
SEVERAL = 3  # texts, none of them as they are known: not one that is odd, but another form

_NAMES = {
    "jorf": re.compile(r"JORF(?:SIMPLE)?_([0-9]{8})-([0-9]{6})\.tar\.gz"),
    "cnil": re.compile(r"CNIL_([0-9]{8})-([0-9]{6})\.tar\.gz"),
}
_HREF = re.compile(r"""href\s*=\s*["']([^"'<>\s]{1,300})["']""", re.IGNORECASE)
_TAGS = (
    "ID",
    "NATURE",
    "NATURE_DELIB",
    "NUM",
    "NUMERO",
    "NOR",
    "DATE_PUBLI",
    "DATE_TEXTE",
    "TITREFULL",
    "TITRE",
    "MINISTERE",
)
_PREFIX = r"(?:[A-Za-z][\w.-]{0,30}:)?"
# A title may hold marks (« n<sup>o</sup> ») or stand as it is (CDATA)
_FIELDS = {
    name: re.compile(
        rf"<{_PREFIX}{name}(?:\s[^<>/]{{0,200}})?>((?:(?!</?{_PREFIX}{name}\b).){{0,4000}})</{_PREFIX}{name}>",
        re.DOTALL,
    )
    for name in _TAGS
}
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_CONTENT, _CONTENT_END = re.compile(rf"<({_PREFIX})CONTENU(?:\s[^<>/]{{0,200}})?>"), "</{}CONTENU>"
_OF_TEXT = re.compile(rf"""<{_PREFIX}TEXTE\s[^<>]{{0,600}}?\bcid=["'](?P<id>(?:JORF|CNIL)TEXT[0-9]{{12}})["']""")
_ID = re.compile(r"(?:JORF|CNIL)TEXT[0-9]{12}")
_NOR = re.compile(r"[A-Z]{4}[0-9]{7}[A-Z]")
_KINDS = {"LOI": "loi", "DECRET": "decret", "ORDONNANCE": "ordonnance", "ARRETE": "arrete"}
# Names of persons: nobody watches the law for these
_NAMED = re.compile(
    r"portant\s+(?:nomination|admission|r[ée]int[ée]gration|mutation|titularisation|d[ée]l[ée]gation\s+de\s+signature"
    r"|cessation|promotion|attribution\s+de\s+fonctions|inscription|radiation|affectation|d[ée]tachement)|^\s*arr[êe]t[ée].{0,80}\snommant\s",
    re.IGNORECASE,
)
_PARIS = ZoneInfo("Europe/Paris")


@dataclass(slots=True)
class _Text:
    """What the files of an archive say of one text."""

    fields: dict[str, str] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)


def parse(
    body: bytes, url: str, fund: Fund, memory: str | None, now: datetime, *, nominations: bool = False
) -> Document | Index | Failed:
    """The entries of an archive, or the archives of an index that were not read yet. `nominations`: those too."""
    if url.partition("?")[0].endswith(".tar.gz"):
        return _document(body, now, nominations=nominations)
    return _index(body.decode("latin-1"), url, fund, memory)


# --- the index -----------------------------------------------------------------------------------------------------
def _index(text: str, url: str, fund: Fund, memory: str | None) -> Index | Failed:
    """The archives after the last one read, the oldest first; the last ones, for a first reading."""
    found = sorted({name for href in _HREF.findall(text) if (name := _archive(href, fund))})
    if not found:
        return Failed(Why.NOT_A_FEED, "pas d’archive dans cet index")
    last = _last(memory)
    fresh = [name for name in found if name > last] if last else found[-FIRST:]
    taken = fresh[:MOST]
    kept = json.dumps({"last": taken[-1] if taken else last})
    return Index(tuple(absolute(name, url) for name in taken), kept, len(fresh) - len(taken))


def _archive(href: str, fund: Fund) -> str:
    """The name of an archive that is to be read, "" for any other link. The JO's of the evening are old editions."""
    name = href.rsplit("/", 1)[-1]
    found = _NAMES[fund].fullmatch(name)
    return name if found and (fund != "jorf" or found[2] < "120000") else ""


def _last(memory: str | None) -> str:
    try:
        read = json.loads(memory or "{}")
    except ValueError:
        return ""
    return str(read.get("last", "")) if isinstance(read, Mapping) else ""


# --- an archive ----------------------------------------------------------------------------------------------------
def _document(body: bytes, now: datetime, *, nominations: bool) -> Document | Failed:
    try:
        texts = _texts(body)
    except Refused as problem:
        return Failed(Why.UNPARSABLE, str(problem))
    if len(texts) >= SEVERAL and not any(_is_dated(each.fields) for each in texts.values()):
        return Failed(Why.UNPARSABLE, "aucun texte avec son titre et sa date : la forme des archives a changé")
    entries = [entry for each in texts.values() if (entry := _entry(each, now, nominations=nominations)) is not None]
    return Document(tuple(entries), complete=True, known=0 if entries else 1)


def _texts(body: bytes) -> dict[str, _Text]:
    """By id; an article of a text may stand in a file of its own. Raises Refused."""
    found: dict[str, _Text] = {}
    unknown = 0
    for name, content in files(body):
        if name.lower().endswith(".xml"):
            xml = _CDATA.sub(lambda said: escape(said[1]), decoded(content, "text/xml"))
            fields = {tag: plain_text.line(hit[1], 4000) for tag, form in _FIELDS.items() if (hit := form.search(xml))}
            of = _OF_TEXT.search(xml)
            identifier = fields.get("ID", "") if _ID.fullmatch(fields.get("ID", "")) else of["id"] if of else ""
            if identifier:
                text = found.setdefault(identifier, _Text())
                if identifier == fields.get("ID"):
                    text.fields = fields
                text.contents += [plain_text.paragraphs(each, LONGEST_TEXT) for each in _contents(xml)]
            else:
                unknown += 1
    if unknown >= SEVERAL and not found:
        raise Refused("aucun texte n’a d’identifiant : la forme des archives a changé")
    return found


def _contents(xml: str) -> Iterator[str]:
    """What stands between each pair of tags; what is never closed is none."""
    end = 0
    while begin := _CONTENT.search(xml, end):
        close = xml.find(_CONTENT_END.format(begin[1]), begin.end())
        if close < 0:
            return
        yield xml[begin.end() : close]
        end = close


def _entry(text: _Text, now: datetime, *, nominations: bool) -> Entry | None:
    """None for what is no news: an old edition, a nomination where none is wanted, a file without its title."""
    fields = text.fields
    title, identifier = fields.get("TITREFULL") or fields.get("TITRE", ""), fields.get("ID", "")
    published = _day(fields.get("DATE_PUBLI", ""))
    if not title or published is None or not _is_news(published, now):
        return None
    if not nominations and _NAMED.search(title):
        return None
    content = "\n".join(filter(None, text.contents))[:LONGEST_TEXT]
    item = _item(fields, identifier, published, content)
    return Entry(
        key=identifier,
        link=item.link,
        title=title,
        summary=_summary(fields, item),
        content=content,
        published=datetime.combine(published, time(0, 30), _PARIS),
        act=item,
    )


def _is_dated(fields: Mapping[str, str]) -> bool:
    return bool(fields.get("TITREFULL") or fields.get("TITRE")) and _day(fields.get("DATE_PUBLI", "")) is not None


def _is_news(published: date, now: datetime) -> bool:
    return now.date() - FRESH <= published <= now.date() + timedelta(days=2)


def _item(fields: Mapping[str, str], identifier: str, published: date, content: str) -> ActItem:
    decided = _day(fields.get("DATE_TEXTE", ""))
    is_cnil = identifier.startswith("CNIL")
    return ActItem(
        tuple(_names(fields, identifier, decided)),
        "CNIL" if is_cnil else fields.get("MINISTERE", ""),
        decided.isoformat() if decided else "",
        published.isoformat(),
        f"https://www.legifrance.gouv.fr/{'cnil' if is_cnil else 'jorf'}/id/{identifier}",
        notice.concerned(content),
        notice.in_force(content),
    )


def _names(fields: Mapping[str, str], identifier: str, decided: date | None) -> Iterator[str]:
    """Every id that the fields hold, so that the press may use any of them."""
    nature, number = fields.get("NATURE", "").upper(), fields.get("NUM") or fields.get("NUMERO", "")
    kind = "cnil" if identifier.startswith("CNIL") else _KINDS.get(nature, "")
    if kind == "cnil" and re.fullmatch(r"(?:[A-Z]{2,4}-)?[0-9]{2,4}-[0-9]{2,4}", number):
        yield f"cnil:{number}"
    elif kind in ("loi", "decret", "ordonnance") and (found := re.fullmatch(r"([0-9]{2,4})-([0-9]{1,5})", number)):
        yield f"{kind}:{found[1]}-{int(found[2])}"
    if _NOR.fullmatch(fields.get("NOR", "")):
        yield f"nor:{fields['NOR']}"
    yield f"{'cniltext' if identifier.startswith('CNIL') else 'jorf'}:{identifier}"
    if decided and kind in ("loi", "decret", "arrete"):
        yield f"{kind}@{decided}"


def _summary(fields: Mapping[str, str], item: ActItem) -> str:
    """« Ministère de la santé · NOR : TSSD2603214D · Concerne : établissements de santé »."""
    nor, concerned = fields.get("NOR", ""), item.concerned
    parts = (
        item.body,
        fields.get("NATURE_DELIB", ""),
        f"NOR : {nor}" if _NOR.fullmatch(nor) else "",
        f"Concerne : {concerned[:300]}" if concerned else "",
        f"Entrée en vigueur : {item.in_force[:300]}" if item.in_force else "",
    )
    return " · ".join(filter(None, parts))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
