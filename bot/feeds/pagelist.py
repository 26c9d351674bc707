"""A page whose links are the news, for a source without a feed. Called in a worker process."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urldefrag, urlsplit

from bot.feeds import plain_text
from bot.feeds.announced import absolute
from bot.feeds.charset import decoded
from bot.feeds.html_tree import base_of, tree_of
from bot.feeds.identity import digest
from bot.feeds.selectors import to_xpath
from bot.model import Document, Entry, Failed, Why
from bot.web import urls
from bot.web.url_patterns import covers

MOST_LINKS = 500
LONGEST_TITLE = 1000


@dataclass(frozen=True, slots=True)
class WantedLinks:
    """Which links: the pattern of their addresses ("" for any) and the part of the page where they are ("" for all)."""

    links: str
    selector: str


def parse(body: bytes, content_type: str, url: str, wanted: WantedLinks) -> Document | Failed:
    """An entry for each address that is wanted, in the page's order; its title is the longest text that leads there.

    A page without any is unreadable: it always holds some, so it has changed, or is not the page that was meant.
    """
    tree = tree_of(decoded(body, content_type))
    if tree is None:
        return Failed(Why.UNPARSABLE, "page vide ou illisible")
    base = absolute(base_of(tree), url) or url
    titles: dict[str, str] = {}
    for link in _links(tree, wanted.selector):
        address = _address(link, base, url)
        if address and covers(wanted.links, address):
            titles[address] = max(titles.get(address, ""), _title(link), key=len)
    if not titles:
        return Failed(
            Why.UNPARSABLE,
            "aucun lien ne correspond : la page a changé, ou « links » et « selector » sont à revoir",
        )
    named = {address: title for address, title in titles.items() if title}
    return Document(tuple(_entry(address, title) for address, title in list(named.items())[:MOST_LINKS]))


def _entry(address: str, title: str) -> Entry:
    key = next(iter(urls.url_keys(address)), address)
    return Entry(key, address, title, title_key=digest(title.casefold()))


def _links(tree: Any, selector: str) -> list[Any]:
    if not selector:
        return list(tree.iter("a"))
    found: dict[Any, None] = {}
    for part in tree.xpath(to_xpath(selector)):
        found.update(dict.fromkeys(part.iter("a")))
    return list(found)


def _address(link: Any, base: str, page: str) -> str:
    address = urldefrag(absolute(link.get("href") or "", base)).url
    return "" if address == urldefrag(page).url or urlsplit(address).path in ("", "/") else address


def _title(link: Any) -> str:
    text = " ".join("".join(link.itertext()).split())
    pictures = " ".join(str(picture.get("alt") or "") for picture in link.iter("img")).strip()
    return plain_text.line(text or link.get("title") or pictures, LONGEST_TITLE)
