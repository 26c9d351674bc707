"""The press review for programs: Atom, of all of it, of each list and of each entity, and JSON. Pure."""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from xml.etree import ElementTree as ET

from bot import __version__
from bot.digest.team import judgement
from bot.messages import markup, texts
from bot.publish.review import Review, entities_of, excerpt, head, lists_of, newest
from storage.articles.model import PressItem, PressStory

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 100
TITLE, SOURCE = 500, 120  # code points: a program cuts as it likes, and swallows no title of 10 MB
WHOLE = "atom.xml"
NO_NAMES: Mapping[str, str] = {}
_KINDS = {"list": "veille", "entity": "acteur"}


def feed_name(kind: Literal["list", "entity"], identifier: str) -> str:
    """The file of the feed of a list or of an entity: always the same."""
    return f"{_KINDS[kind]}-{re.sub('[^a-z0-9_-]', '-', identifier.lower())}.xml"


def feeds(review: Review, address: str | None, before: Mapping[str, str] = NO_NAMES) -> Mapping[str, str]:
    """Every feed, by the name of its file: of all, of each list, of each entity that is named, and of those that had
    one `before`, by id with their names. `address` is where the page will stand, None if nobody knows yet."""
    made = {WHOLE: atom(review, address)}
    for section in review.sections:
        name = feed_name("list", section.id)
        shown = [(each.story, each.item) for each in section.stories]
        made[name] = _atom(_Feed(name, section.name, shown, review), address)
    for identifier, called in sorted({**before, **review.entities}.items()):
        name = feed_name("entity", identifier)
        shown = [(story, _naming(story, identifier)) for story in review.stories if identifier in entities_of(story)]
        made[name] = _atom(_Feed(name, called, shown, review), address)
    return made


def atom(review: Review, address: str | None) -> str:
    """The newest stories, each once."""
    return _atom(_Feed(WHOLE, "", [(story, head(story)) for story in review.stories], review), address)


def _naming(story: PressStory, entity: str) -> PressItem:
    """The first article of a story that names this entity."""
    return next(item for item in story.items if entity in item.entities)


@dataclass(frozen=True, slots=True)
class _Feed:
    """`about` is what it is of, "" for all; `shown` the stories, each by the article that is printed."""

    file: str
    about: str
    shown: Sequence[tuple[PressStory, PressItem]]
    review: Review

    @property
    def title(self) -> str:
        return f"{self.review.title} · {self.about}" if self.about else self.review.title

    def where(self, address: str) -> str:
        return f"{address.rstrip('/')}/{self.file}"

    def identity(self, address: str | None) -> str:
        if address:
            return address if self.file == WHOLE else self.where(address)
        name = f"vigie {self.review.title}" + ("" if self.file == WHOLE else f" {self.file}")
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_DNS, name)}"


def _atom(feed: _Feed, address: str | None) -> str:
    ET.register_namespace("", ATOM)
    shown = sorted(feed.shown, key=lambda each: newest(each[0]), reverse=True)[:ENTRIES]
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    _add(root, "id", feed.identity(address))
    _add(root, "title", feed.title)
    # nothing new, nothing changed: a feed made again says so
    _add(root, "updated", _time(newest(shown[0][0]) if shown else feed.review.made))
    _add(root, "generator", "Vigie", version=__version__)
    if address:
        _add(root, "link", rel="alternate", type="text/html", href=address)
        _add(root, "link", rel="self", type="application/atom+xml", href=feed.where(address))
    for story, item in shown:
        _entry(root, story, item, feed.review.names)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _entry(root: ET.Element, story: PressStory, item: PressItem, names: Mapping[str, str]) -> None:
    article, entry = item.article, ET.SubElement(root, f"{{{ATOM}}}entry")
    known_by = story.key or head(story).article.url or str(head(story).article.id)
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, known_by)}")
    _add(entry, "title", markup.bounded(article.title, TITLE) or "Sans titre")
    _add(entry, "updated", _time(newest(story)))
    _add(entry, "published", _time(article.published or article.first_seen))
    author = ET.SubElement(entry, f"{{{ATOM}}}author")
    _add(author, "name", markup.bounded(article.source_name, SOURCE))
    if href := markup.address(article.url):
        _add(entry, "link", rel="alternate", href=href)
    if story.beside and (near := markup.address(story.beside.url)):
        _add(entry, "link", rel="related", href=near, title=markup.bounded(story.beside.title, TITLE))
    for watchlist in lists_of(story):
        _add(entry, "category", term=watchlist, label=names.get(watchlist, watchlist))
    lines = (excerpt(item), *map(markup.escape, asides(story)))
    if said := "<br>".join(filter(None, lines)):
        _add(entry, "summary", said, type="html")


def asides(story: PressStory) -> tuple[str, ...]:
    """What is said of a story beside its passage, as plain text: which event it may be, how the team judged it."""
    doubt = judged = ""
    if story.beside is not None:
        title = markup.bounded(story.beside.title, TITLE) or texts.text("fr", "article.untitled")
        doubt = f"Aussi sur ce dossier, peut-être le même fait\u00a0: {title}"
    if story.triage is not None:
        judged = judgement(story.triage, "fr")
    return tuple(filter(None, (doubt, judged)))


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> None:
    added = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    if text:
        added.text = text


def matches(review: Review) -> str:
    """Every article of the review with what kept it; no text but the passage that the page shows."""
    value = {
        "title": review.title,
        "made": _time(review.made),
        "since": _time(review.since),
        "watchlists": [{"id": each.id, "name": each.name, "question": each.question} for each in review.sections],
        "stories": [_told(story) for story in review.stories],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _told(story: PressStory) -> dict[str, object]:
    stands = story.triage
    return {
        "watchlists": lists_of(story),
        "beside": story.beside.url if story.beside else None,
        "triage": {"state": stands.state, "owner": stands.owner, "note": stands.note} if stands else None,
        "articles": [_article(item) for item in story.items],
    }


def _article(item: PressItem) -> dict[str, object]:
    article = item.article
    return {
        "title": markup.bounded(article.title, TITLE),
        "url": article.url,
        "source": markup.bounded(article.source_name, SOURCE),
        "published": _time(article.published) if article.published else None,
        "seen": _time(article.first_seen),
        "read": article.source,
        "flags": list(article.flags),
        "entities": list(item.entities),
        "excerpt": markup.visible(excerpt(item)),
        "matches": [
            {
                "watchlist": match.watchlist,
                "version": match.version,
                "level": match.level,
                "score": match.score,
                "threshold": match.threshold,
                "terms": [point.term for point in match.points],
            }
            for match in item.matches
        ],
    }


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
