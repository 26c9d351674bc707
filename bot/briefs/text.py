"""What a brief says: one text, of which each form is a dress. Pure.

People write and choose; nothing is summed up by a machine. The first page is for who decides, the rest for the trades.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.days import end_told
from bot.digest import render
from bot.digest.passage import passage
from bot.messages import markup, texts
from bot.messages.texts import Language
from matchers.model import Match, Watchlist
from storage.articles.model import RegisterHead, StoredArticle
from storage.changes.model import BriefNote, BriefStory, Span
from storage.ids import ArticleId

FIRST_PAGE = 10  # stories
COMMENT, OUTLETS = 500, 3  # code points; names
IN_SHORT = 120  # code points of a comment on the first page, so that ten stories leave it one
UNTOUCHED = BriefNote()
_OPTED_OUT = frozenset(("robots", "reserved", "nosnippet"))

BlockKind = Literal["title", "subtitle", "heading", "story", "line", "small", "quote", "comment"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, on one line; `url` is where it leads, http or https, "" for nowhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph. `new_page`: it begins one where there are pages."""

    kind: BlockKind
    pieces: tuple[Piece, ...]
    new_page: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


COUNTRIES: dict[Language, str] = {"fr": "FR", "en": "GB"}  # that whose spelling a word processor checks by


def name_of(blocks: Sequence[TextBlock]) -> str:
    """What a document is called where only its name is read: its title and its span."""
    return f"{blocks[0].text} · {blocks[1].text}"


@dataclass(frozen=True, slots=True)
class BriefMaterial:
    """What a brief is made of: its stories, and what was decided of each, by the id of its article. `head` is the
    register's; `zone` that of its readers."""

    span: Span
    stories: tuple[BriefStory, ...]
    notes: Mapping[ArticleId, BriefNote]
    head: RegisterHead | None
    language: Language = "fr"
    zone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class BriefLine:
    """A story of a brief, under the list of its best match."""

    story: BriefStory
    note: BriefNote
    best: Match


def lines_of(material: BriefMaterial, watchlists: Mapping[str, Watchlist]) -> tuple[BriefLine, ...]:
    """The stories in the order told: by list as the configuration has them, within it those of an authority first, then
    by score. Those that were dropped are among them, and what is chosen moves none: numbers stay."""
    order = {name: place for place, name in enumerate(watchlists)}
    lines = [_line(story, material.notes.get(story.article.id, UNTOUCHED)) for story in material.stories]
    return tuple(sorted(lines, key=lambda line: (order.get(line.best.watchlist, len(order)), *_weight(line))))


def told(lines: Iterable[BriefLine]) -> tuple[BriefLine, ...]:
    """Those that the brief tells: not what was dropped."""
    return tuple(line for line in lines if line.note.choice != "dropped")


def first_page(lines: Iterable[BriefLine]) -> tuple[BriefLine, ...]:
    """What somebody raised; where nobody did, the weightiest. Ten at most: it is one page."""
    kept = told(lines)
    raised = tuple(line for line in kept if line.note.choice == "raised")
    return tuple(sorted(raised or kept, key=_weight)[:FIRST_PAGE])


def document(material: BriefMaterial, watchlists: Mapping[str, Watchlist]) -> tuple[TextBlock, ...]:
    """The whole brief, paragraph after paragraph."""
    lines, language = lines_of(material, watchlists), material.language
    kept = told(lines)
    blocks = [*_head(material, kept)]
    for line in first_page(lines):
        blocks.append(TextBlock("line", (Piece("• "), *_title(line.story.article, language), _where(line, material))))
        blocks += _comment(line, IN_SHORT)
    if kept:
        blocks += _details(material, kept, watchlists)
    return (*blocks, *_foot(material))


def _line(story: BriefStory, note: BriefNote) -> BriefLine:
    return BriefLine(story, note, max(story.matches, key=lambda match: match.score))


def _weight(line: BriefLine) -> tuple[bool, int, datetime, int]:
    story = line.story
    return not story.official, -line.best.score, story.at, story.article.id


# --- paragraphs ----------------------------------------------------------------------------------------------------
def _head(material: BriefMaterial, kept: Sequence[BriefLine]) -> Iterator[TextBlock]:
    language, span = material.language, material.span
    start, end = (_moment(each, material) for each in (span.start, end_told(span.end, material.zone)))
    yield _block("title", texts.text(language, "brief.title"))
    yield _block("subtitle", texts.text(language, "brief.span", start=start, end=end))
    stories = [line.story for line in kept]
    counts = {"official": sum(each.official for each in stories), "maybe": sum(bool(each.near) for each in stories)}
    count = texts.text(language, "brief.stories", n=len(kept)) if kept else texts.text(language, "brief.none")
    said = [texts.text(language, f"changes.{what}", n=n) for what, n in counts.items() if n]
    yield _block("small", ", ".join((count, *said)))


def _details(
    material: BriefMaterial, kept: Sequence[BriefLine], watchlists: Mapping[str, Watchlist]
) -> Iterator[TextBlock]:
    before = ""
    for line in kept:
        name = line.best.watchlist
        if name != before:
            yield _block("heading", render.list_name(name, watchlists), new_page=not before)
            before = name
        yield from _story(line, material)


def _story(line: BriefLine, material: BriefMaterial) -> Iterator[TextBlock]:
    article, language = line.story.article, material.language
    yield TextBlock("story", _title(article, language))
    proof = line.story.line
    told = (
        markup.bounded(article.source_name, render.SOURCE),
        _moment(article.published or article.first_seen, material),
        texts.text(language, "brief.line", witness=proof.witness) if proof else "",
        _others(line.story.others, language),
        render.maybe(line.story.near, language),
    )
    yield _block("small", " · ".join(filter(None, told)))
    address = markup.address(article.url)
    if address:
        yield TextBlock("small", (Piece(address, address),))
    yield _block("small", markup.clean(render.why(line.best, language)))
    if said := excerpt(article, line.best, language):
        yield _block("quote", said)
    yield from _comment(line, COMMENT)


def excerpt(article: StoredArticle, match: Match, language: Language) -> str:
    """At most 200 characters of it; "" where its source gives no right to them."""
    if _OPTED_OUT & set(article.flags):
        return ""
    return markup.visible(passage(article, match, language))


def _comment(line: BriefLine, longest: int) -> Iterator[TextBlock]:
    if line.note.note:
        signed = markup.bounded(line.note.signed, render.LABEL)
        yield _block("comment", f"{markup.bounded(line.note.note, longest)} — {signed}")


def _title(article: StoredArticle, language: Language) -> tuple[Piece, ...]:
    label = markup.bounded(article.title, render.TITLE)
    shown = label if label.strip() else texts.text(language, "article.untitled")
    return (Piece(shown, markup.address(article.url) or ""),)


def _where(line: BriefLine, material: BriefMaterial) -> Piece:
    article = line.story.article
    outlet = markup.bounded(article.source_name, render.SOURCE)
    when = _moment(article.published or article.first_seen, material)
    near = render.maybe(line.story.near, material.language)
    return Piece(f" — {outlet}, {when}{near and f' · {near}'}")


def _others(names: Sequence[str], language: Language) -> str:
    if not names:
        return ""
    shown = ", ".join(markup.bounded(name, render.SOURCE) for name in names[:OUTLETS])
    more = f" {texts.text(language, 'why.more', n=len(names) - OUTLETS)}" if len(names) > OUTLETS else ""
    return texts.text(language, "article.also", names=shown + more)


def _foot(material: BriefMaterial) -> Iterator[TextBlock]:
    language, head = material.language, material.head
    yield _block("small", texts.text(language, "brief.rights"))
    if head is not None:
        yield _block("small", texts.text(language, "brief.proof", witness=head.witness))


def _block(kind: BlockKind, text: str, *, new_page: bool = False) -> TextBlock:
    return TextBlock(kind, (Piece(markup.clean(text)),), new_page)


def _moment(when: datetime, material: BriefMaterial) -> str:
    return texts.moment(material.language, when, material.zone, year=True)
