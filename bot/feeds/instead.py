"""What came in the place of a feed, in one line for the operator."""

import re

from bot.feeds import plain_text
from bot.feeds.announced import announced
from bot.feeds.source import HEAD
from bot.model import Failed, Why

_LOOKED_AT = 4 * HEAD
_GATE = 600  # characters that such a page shows at most: a site's front page may well hold a captcha, or a login
_QUOTED = 80
_HTML = re.compile(r"<(?:!doctype html|html|head|body|meta|title|div|p|script)\b", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_HUMAN = re.compile(
    r"captcha|turnstile|challenges\.cloudflare\.com|(?:[êe]tes-vous|are you) (?:un |une |a )?(?:robot|humain|human)"
    r"|v[ée]rification de s[ée]curit[ée]|security check|support id is",
    re.IGNORECASE,
)
_PASSWORD = re.compile(r"<input\s[^<>]{0,500}type\s*=\s*[\"']?password", re.IGNORECASE)
_FILES = (
    ("%PDF", "un PDF"), ("PK\x03\x04", "une archive ZIP"), ("GIF8", "une image"), ("‰PNG", "une image"),
    ("ÿØÿ", "une image"),
)  # fmt: skip
_ANY_TAG = re.compile(r"<[^<>]{1,200}>")
_SAID = {
    "urlset": "un plan de site au lieu d'un flux : écrivez « kind: sitemap » pour cette source",
    "opml": "une liste de flux (OPML) au lieu d'un flux : vigie feeds import",
}
_SAID["sitemapindex"] = _SAID["urlset"]


def what_came(text: str, root: str, url: str) -> Failed:
    """Why `text`, whose root element is `root`, is no feed; `url` is its address."""
    if text[:1] == "[":
        return Failed(Why.NOT_A_FEED, "du JSON au lieu d'un flux")
    if root in _SAID:
        return Failed(Why.NOT_A_FEED, _SAID[root])
    if kind := next((kind for start, kind in _FILES if text.startswith(start)), None):
        return Failed(Why.NOT_A_FEED, f"{kind} au lieu d'un flux")
    if not _HTML.search(text[:HEAD]):
        return Failed(Why.NOT_A_FEED, "ni RSS ni Atom" + _in_its_words(text))
    return _page(text[:_LOOKED_AT], url)


def _page(text: str, url: str) -> Failed:
    found = announced(text, url)
    if not found and len(plain_text.line(text, _GATE + 1)) <= _GATE:
        if _HUMAN.search(text):
            return Failed(Why.BLOCKED, "une page qui demande de prouver que l'on est humain, au lieu d'un flux")
        if _PASSWORD.search(text):
            return Failed(Why.NOT_A_FEED, "une page de connexion au lieu d'un flux")
    title = _TITLE.search(text)
    hint = f"\u00a0; elle annonce le flux {found[0].url}" if found else _in_its_words(title[1] if title else text)
    return Failed(Why.NOT_A_FEED, f"une page HTML au lieu d'un flux{hint}")


def _in_its_words(text: str) -> str:
    """« : « Site en maintenance » »; nothing where it shows none."""
    words = plain_text.line(_ANY_TAG.sub(" ", text[:2000]), _QUOTED)
    return f"\u00a0: «\u00a0{words}\u00a0»" if words and words.isprintable() else ""
