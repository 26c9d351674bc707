"""The press review for programs: an Atom feed, and JSON. Pure."""

import json
import uuid
from datetime import datetime
from xml.etree import ElementTree as ET

from bot import __version__
from bot.messages import markup
from bot.publish.review import Review, best, excerpt, head
from storage.articles.model import PressItem, PressStory

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 100


def atom(review: Review, address: str | None) -> str:
    """The newest stories. `address` is where the page will stand, None if nobody knows yet."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "fr"})
    _add(root, "id", address or f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_DNS, 'vigie ' + review.title)}")
    _add(root, "title", review.title)
    _add(root, "updated", _time(review.made))
    _add(root, "generator", "Vigie", version=__version__)
    if address:
        _add(root, "link", rel="alternate", type="text/html", href=address)
        _add(root, "link", rel="self", type="application/atom+xml", href=f"{address.rstrip('/')}/atom.xml")
    newest = sorted(review.stories, key=lambda story: story.items[-1].article.first_seen, reverse=True)
    for story in newest[:ENTRIES]:
        _entry(root, story, {section.id: section.name for section in review.sections})
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _entry(root: ET.Element, story: PressStory, names: dict[str, str]) -> None:
    item, entry = head(story), ET.SubElement(root, f"{{{ATOM}}}entry")
    article = item.article
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, article.url or str(article.id))}")
    _add(entry, "title", markup.clean(article.title) or "Sans titre")
    _add(entry, "updated", _time(story.items[-1].article.first_seen))
    _add(entry, "published", _time(article.published or article.first_seen))
    author = ET.SubElement(entry, f"{{{ATOM}}}author")
    _add(author, "name", markup.clean(article.source_name))
    if href := markup.address(article.url):
        _add(entry, "link", rel="alternate", href=href)
    for watchlist in sorted({match.watchlist for each in story.items for match in each.matches}):
        _add(entry, "category", term=watchlist, label=names.get(watchlist, watchlist))
    if passage := excerpt(item):
        _add(entry, "summary", passage, type="html")


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
        "stories": [
            {"watchlist": best(story).watchlist, "articles": [_article(item) for item in story.items]}
            for story in review.stories
        ],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _article(item: PressItem) -> dict[str, object]:
    article = item.article
    return {
        "title": article.title,
        "url": article.url,
        "source": article.source_name,
        "published": _time(article.published) if article.published else None,
        "seen": _time(article.first_seen),
        "read": article.source,
        "flags": list(article.flags),
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
