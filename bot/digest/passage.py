"""The passage of an article that shows why: around the hit in the best company, from a sentence on. Pure."""

import re
from collections.abc import Iterable

from bot.messages import markup, texts
from matchers.language.graphemes import border
from matchers.model import Hit, Match
from storage.articles.model import StoredArticle

PASSAGE = 200  # code points
LEAD, OWN = 70, 120  # code points of context before a hit; so many where its sentence begins there
STUB = 40  # code points: of a last sentence, fewer tell nothing
HITS_WEIGHED = 50
_PATH = " | "  # between the steps of a path to a page
_HEADING, _ENDINGS = 60, (".", "!", "?", "…", "»", ":", ";", ",")
_BREAK = re.compile(r"\n| \| ")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?…]+\s+(?=[A-ZÀ-Þ«])")
_WORD = re.compile(" ")
_BYLINE = re.compile(
    r"\b(?:Par|By|PAR)\s+[A-ZÀ-Þ][\w’'.-]+(?:\s+[A-ZÀ-Þ][\w’'.-]+){1,3}(?:,|\s[-–—|•·])?\s+(?=[A-ZÀ-Þ«])"
)


def passage(article: StoredArticle, match: Match, language: str) -> str:
    """At most 200 characters around the hit with the best company, as HTML; "" without one, or without the right."""
    if article.policy == "summary" or "nosnippet" in article.flags:
        return ""
    hits = [hit for hit in match.hits if hit.field != "title" and _stands(hit, article)][:HITS_WEIGHED]
    if not hits:
        return ""
    fields = {hit.field: _field(article, hit) for hit in hits}

    def worth(hit: Hit) -> tuple[bool, int, bool, int]:
        return (
            _told(hit, fields[hit.field]),
            len(_company(hit, hits, fields[hit.field])),
            hit.field == "text",
            -hit.start,
        )

    best = max(hits, key=worth)
    field = fields[best.field]
    shown = markup.isolated(_around(best, _company(best, hits, field), field))
    return texts.text(language, "article.quote", passage=shown)


def _field(article: StoredArticle, hit: Hit) -> str:
    return {"title": article.title, "summary": article.summary, "text": article.text}[hit.field]


def _stands(hit: Hit, article: StoredArticle) -> bool:
    """False once the text was purged or revised."""
    return _field(article, hit)[hit.start : hit.end] == hit.text != ""


def _told(hit: Hit, field: str) -> bool:
    """Whether `hit` stands in a sentence, and not in the path or the byline above it."""
    start, end = field.rfind("\n", 0, hit.start) + 1, field.find("\n", hit.end)
    line = field[start : end if end >= 0 else len(field)].strip()
    return _PATH not in line and (len(line) > _HEADING or line.endswith(_ENDINGS))


def _company(hit: Hit, hits: Iterable[Hit], field: str) -> list[Hit]:
    """One hit per term that a passage around `hit` shows."""
    first, last = _reach(hit, field)
    near = (other for other in hits if other.field == hit.field and first <= other.start and other.end <= last)
    return list({other.term: other for other in near}.values())


def _reach(hit: Hit, field: str) -> tuple[int, int]:
    start = _opening(field, hit.start)
    return start, start + PASSAGE - 2  # an ellipsis at each end


def _opening(field: str, hit: int) -> int:
    """Where to begin before `hit`: below what stands above a text, else at a sentence, else at a word."""
    first, furthest = max(0, hit - LEAD), max(0, hit - OWN)
    before = field[furthest:hit]
    heads = [each.end() for each in (*_BYLINE.finditer(before), *_BREAK.finditer(before))]
    if heads:
        return furthest + max(heads)
    if not first:
        return 0
    sentences = [furthest + each.end() for each in _SENTENCE.finditer(before)] or [0] * (not furthest)
    if sentences:
        return next((each for each in sentences if each >= first), sentences[-1])
    found = _WORD.search(field, first, hit)
    return found.end() if found else border(field, first)


def _ending(field: str, hit: int, end: int) -> int:
    """Where to end, from `hit` to `end`: at a word, or at a sentence where only a stub of the next would follow."""
    blank = field.rfind(" ", hit, end)
    last = blank if blank >= 0 else max(border(field, end), hit)
    sentences = [each.end() for each in _SENTENCE.finditer(field, hit, last)]
    return sentences[-1] if sentences and last - sentences[-1] < STUB else last


def _around(hit: Hit, company: Iterable[Hit], field: str) -> str:
    start, end = _reach(hit, field)
    end = _ending(field, hit.end, end) if end < len(field) else end
    pieces, here = ["…" if start else ""], start
    for shown in sorted(company, key=lambda other: other.start):
        if here <= shown.start and shown.end <= end:
            pieces += (
                markup.escape(markup.foreign(field[here : shown.start])),
                markup.bold(markup.foreign(shown.text)),
            )
            here = shown.end
    pieces += (markup.escape(markup.foreign(field[here:end])), "…" if end < len(field) else "")
    return "".join(pieces).strip()
