"""What a reading gives, made ready for the parent: each text bounded, each identity known. Runs in a worker process."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from bot.feeds import plain_text
from bot.feeds.identity import digest
from bot.feeds.sitemap import Index, title_from_address
from bot.model import ActItem, Document, Entry, Failed
from bot.web import article_numbers, urls
from matchers import sites
from matchers.language.graphemes import border

LONGEST_DETAIL = 300
LONGEST_LEAD = 90  # characters of a text that stand for the title it has not


def finished(read: Callable[[], Document | Failed | Index]) -> Document | Failed | Index:
    """What `read` gives; a picklable call for a worker."""
    answer = read()
    if isinstance(answer, Failed):
        return replace(answer, detail=plain_text.line(answer.detail, LONGEST_DETAIL))
    if not isinstance(answer, Document):
        return answer
    return replace(answer, entries=tuple(entry_known(entry) for entry in answer.entries))


def entry_known(entry: Entry) -> Entry:
    """The entry with all that tells who it is; one without a title goes by the first words of its text."""
    bounded = plain_text.bounded_marks
    entry = replace(
        entry, link=bounded(entry.link), title=bounded(entry.title), summary=bounded(entry.summary),
        content=bounded(entry.content),
    )  # fmt: skip
    return replace(
        entry,
        title=entry.title
        if _is_seen(entry.title)
        else first_words(entry.summary or entry.content) or _told_by_address(entry.link),
        digest=content_digest(entry),
        url_keys=urls.url_keys(entry.link) if urls.is_page(entry.link) and not entry.shares_link else (),
        number=article_numbers.number_key(entry.link),
        act=entry.act or _of_eur_lex(entry),
    )


def _of_eur_lex(entry: Entry) -> ActItem | None:
    """The act that an item of EUR-Lex is, by the CELEX of its guid or address: its documents answer nobody."""
    if sites.bare(sites.host(entry.link)) != "eur-lex.europa.eu":
        return None
    found = _CELEX.search(f"{entry.key} {unquote(entry.link)}")
    return ActItem((f"celex:{found[0]}",), link=entry.link) if found else None


def content_digest(entry: Entry) -> str:
    """Changes with the title, the summary or the content of an entry, not with its date or address."""
    return digest(entry.title, entry.summary, entry.content)


def first_words(text: str) -> str:
    """Its first sentence, or what of it fits; the mark at the end says that it is no title."""
    line = text.strip().split("\n", 1)[0].lstrip(" .…")
    if not line:
        return ""
    sentence = _SENTENCE.match(line)
    if sentence is None and len(line) > LONGEST_LEAD:
        line = line[: LONGEST_LEAD + 1].rsplit(" ", 1)[0]
        line = line[: border(line, LONGEST_LEAD)]
    return (sentence[0] if sentence else line).rstrip(" .,;:…") + "…"


def _is_seen(text: str) -> bool:
    """Whether anything of it shows: some write a zero-width space for a title."""
    return any(char.isprintable() and not char.isspace() for char in text)


def _told_by_address(link: str) -> str:
    """« avis-hebergement-hds.html » tells something; « item » or « 1234 » does not."""
    words = title_from_address(link)
    return words if " " in words and any(map(str.isalpha, words)) else ""


_CELEX = re.compile(r"(?<![0-9A-Za-z])3(?:19|20)[0-9]{2}[RLDF][0-9]{4}(?![0-9A-Za-z])")
# A point after three letters or fewer is that of « M. », « art. » or « L. 1111-8 »
_SENTENCE = re.compile(rf".{{15,{LONGEST_LEAD - 5}}}?\w{{4}}[.!?](?= )")
