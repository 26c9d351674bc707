"""How an alert and a digest read: Telegram HTML that never exceeds its limits. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from bot.digest.official import is_own_act, mark
from bot.messages import markup, texts
from bot.model import Button, Message
from matchers import sites
from matchers.graphemes import border
from matchers.model import Hit, Match, Point, Watchlist
from storage.articles.model import Newcomer, RegisterHead, StoredArticle
from storage.chats.model import NUMBERED, DigestItem, DigestPart, Ongoing, Window

TITLE, NAME, SOURCE, LABEL, PASSAGE = 120, 80, 60, 40, 200  # code points
POINTS_SHOWN = 6
OTHERS_SHOWN = 3
PART, PART_ENTITIES, PART_BYTES = 3_900, 90, 30_000  # Telegram: 4,096, 100, and 35,000 before parsing
ONGOING_SHOWN = 3  # dossiers named in the header
NEWCOMERS_SHOWN = 5  # entities named at the foot
WEEK = timedelta(days=6)  # within which the name of a day tells which one
HEADER = 400  # code points kept for the header of a part
LEAD, OWN = 70, 120  # code points of context before a hit; so many where its sentence begins there
STUB = 40  # code points: of a last sentence, fewer tell nothing
HITS_WEIGHED = 50

_PARTIAL_FLAGS = frozenset(
    (
        "reserved",
        "robots",
        "consent",
        "needs_js",
        "short",
        "unreachable",
        "waiting",
        "too_big",
        "killed",
        "aggregator",
        "not_html",
    )
)
_PARTIAL_SOURCES = frozenset(("feed_summary", "title_only", "none"))
_PATH = " | "  # between the steps of a path to a page
_HEADING, _ENDINGS = 60, (".", "!", "?", "…", "»", ":", ";", ",")
_BREAK = re.compile(r"\n| \| ")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{3})[.!?…]+\s+(?=[A-ZÀ-Þ«])")
_WORD = re.compile(" ")
_BYLINE = re.compile(
    r"\b(?:Par|By|PAR)\s+[A-ZÀ-Þ][\w’'.-]+(?:\s+[A-ZÀ-Þ][\w’'.-]+){1,3}(?:,|\s[-–—|•·])?\s+(?=[A-ZÀ-Þ«])"
)
_OPERATORS = re.compile(r"^(?:title:|lead:)?[=~@]?(.*?)[!*]?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Heading:
    """What a digest says of itself. `day` is the local day of its slot; for the weekly one, the Monday. `opens_week`:
    it is the first of its week that the chat gets."""

    kind: Literal["daily", "weekly", "now"]
    day: date
    late: bool = False
    opens_week: bool = False


@dataclass(frozen=True, slots=True)
class _Block:
    """A line that stays whole. `opening` marks a section's head, `again` is its form at the head of a next part;
    what is `folded` opens by a tap, with its neighbours."""

    html: str
    opening: bool = False
    again: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How a flash reaches one chat. `capped`: it is the last one for now, and the rest comes with the digest at this
    minute of the day; None: more may come."""

    silent: bool = False
    preview: bool = True
    capped: int | None = None


PLAINLY = Manner()


# --- flash ---------------------------------------------------------------------------------------------------------
def flash(
    article: StoredArticle,
    matches: Sequence[Match],
    watchlists: Mapping[str, Watchlist],
    language: str,
    timezone: str,
    manner: Manner = PLAINLY,
) -> Message:
    """One alert for all its matches, of which the first is named: what happened comes before who wanted to know, since
    a lock screen shows sixty characters. `matches` is not empty."""
    main = matches[0]
    lines = (
        title(article, language),
        markup.italic(_origin(article, main, language, timezone)),
        texts.text(language, "story.act") if is_own_act(article) else "",
        passage(article, main, language),
        markup.escape(_event(main, language)),
        markup.escape(reserve(article, language)),
        capped(manner, language),
        _flash_foot(matches, watchlists, language),
    )
    preview = markup.address(article.url) if manner.preview and article.policy != "summary" else None
    outlet = markup.escape(markup.cut(article.source_name, SOURCE))
    brief = f"{title(article, language)} — {outlet}" if outlet else title(article, language)
    return Message("\n".join(filter(None, lines)), silent=manner.silent, preview=preview, brief=brief)


def title(article: StoredArticle, language: str) -> str:
    """The title, cut and linked, as HTML."""
    label = markup.cut(article.title, TITLE)
    shown = label if label.strip() else texts.text(language, "article.untitled")  # no-break spaces alone show nothing
    return markup.link(shown, article.url)


def why(match: Match, language: str) -> str:
    """« Pourquoi : SecNumCloud (titre, texte ×3), proches · 14 pour un seuil de 3 », as plain text."""
    points = [point(each, match.hits, language) for each in match.points]
    shown = list(dict.fromkeys(points))
    listed = ", ".join(shown[:POINTS_SHOWN])
    if (rest := len(shown) - POINTS_SHOWN) > 0:
        listed += " " + texts.text(language, "why.more", n=rest)
    return texts.text(language, "why.line", points=listed, score=match.score, threshold=match.threshold)


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


def _flash_foot(matches: Sequence[Match], watchlists: Mapping[str, Watchlist], language: str) -> str:
    """« ⚡ Health Data Hub, +2 veilles »."""
    name, more = _name(matches[0].watchlist, watchlists), len(matches) - 1
    return "⚡ " + markup.escape(texts.text(language, "article.lists", name=name, n=more) if more else name)


def _origin(article: StoredArticle, match: Match, language: str, timezone: str) -> str:
    published = article.published
    when = published or article.first_seen
    said = texts.moment(language, when, timezone, year=abs(article.first_seen - when) > timedelta(days=180))
    if published is None:
        said = texts.text(language, "article.seen", when=said)
    return " · ".join(filter(None, (source(article), said, _stance(match, language))))


def source(article: StoredArticle) -> str:
    """Who brought it, and the host that its link leads to where that is not theirs."""
    name, host = markup.cut(article.source_name, SOURCE), _foreign(article)
    return f"{name} ({host})" if name and host else name


def _foreign(article: StoredArticle) -> str:
    there = sites.host(article.url)
    if not there or not article.feed_url or sites.is_local(there) or "aggregator" in article.flags:
        return ""
    stranger = sites.owner(there) != sites.owner(sites.host(article.feed_url))
    return markup.cut(sites.bare(there), SOURCE) if stranger else ""


def _event(match: Match, language: str) -> str:
    """The words that make news of it, or ""."""
    return texts.text(language, "article.event", words=markup.cut(match.news, LABEL)) if match.news else ""


def _stance(match: Match, language: str) -> str:
    """What it is to the watchlist: its subject, or a mention."""
    if match.subject:
        return texts.text(language, "article.subject")
    return texts.text(language, "article.mention", n=sum(hit.field == "text" for hit in match.hits))


def reserve(article: StoredArticle, language: str) -> str:
    """What the reader must know of how much was read, or ""."""
    if "imitation" in article.flags:
        return "⚠ " + texts.text(language, "article.imitation")
    if "paywalled" in article.flags:
        return "🔒 " + texts.text(language, "article.paywalled")
    if article.source in _PARTIAL_SOURCES or _PARTIAL_FLAGS.intersection(article.flags):
        return texts.text(language, "article.partial")
    if "maybe_incomplete" in article.flags:
        return texts.text(language, "article.maybe_incomplete")
    return ""


def capped(manner: Manner, language: str) -> str:
    """The line that says that this is the last one for now, or ""."""
    if manner.capped is None:
        return ""
    return texts.text(language, "article.capped", hour=texts.clock(manner.capped))


def point(held: Point, hits: Iterable[Hit], language: str) -> str:
    if held.kind == "near":
        return texts.text(language, "why.near")
    same = [hit.text for hit in hits if hit.term == held.term]
    same = same or [
        hit.text for hit in hits if _bare(hit.term) == _bare(held.term)
    ]  # « title:@cnil » is « @cnil » there
    written = next(iter(same), _bare(held.term))
    counts = (("why.title", held.title), ("why.summary", held.summary), ("why.text", held.text))
    places = ", ".join(_place(texts.text(language, key), n, language) for key, n in counts if n)
    label = markup.cut(written, LABEL)
    return f"{label} ({places})" if places else label


def _bare(term: str) -> str:
    return _OPERATORS.sub(r"\1", term)


def _place(place: str, n: int, language: str) -> str:
    return place if n == 1 else texts.text(language, "why.times", place=place, n=n)


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


INDENT = "\u00a0\u00a0\u00a0"  # a chat shows blanks at the head of a line only if they may not break


# --- digest --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class DigestLine:
    """An item of a digest, the list under which it stands, and its part: shown, there as a weak signal, sent as a flash
    already, or rest. `beside`: it may be the event of the line above it."""

    item: DigestItem
    watchlist: str
    part: DigestPart
    beside: bool = False


def digest(
    head: str,
    lines: Sequence[DigestLine],
    watchlists: Mapping[str, Watchlist],
    language: str,
    timezone: str,
    foot: str = "",
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> tuple[Message, ...]:
    """A digest under its first lines, in as many parts as it takes, split between items; `foot` stands above the rest,
    `buttons` are under the last part."""
    parts = _packed(_blocks(lines, watchlists, language, timezone, foot))
    said = [[head, *parts[0]]] + [[_next_head(head, part, len(parts), language), *held]
                                  for part, held in enumerate(parts[1:], start=2)]  # fmt: skip
    messages = [Message("\n".join(part), silent=True) for part in said]
    return (*messages[:-1], replace(messages[-1], buttons=buttons))


def digest_head(window: Window, lines: Sequence[DigestLine], language: str, timezone: str, heading: Heading) -> str:
    """The first lines of a digest; the only one where nothing matched. A weekly one names the dossiers that moved."""
    name = _digest_name(window, language, timezone, heading)
    if not lines:
        return f"{name} · {markup.escape(empty(window, language))}"
    if heading.kind != "weekly":
        return f"{name} · {_kept(lines, window.read, language)}"
    moved = _moved(window.ongoing, language, timezone)
    return "\n".join(filter(None, (f"{name} · {_week(lines, language)}", moved)))


def _kept(lines: Sequence[DigestLine], read: int, language: str) -> str:
    """« 9 sujets, 23 articles, sur 412 lus »; the articles where there are more of them than stories."""
    articles = sum(line.item.articles for line in lines)
    said = [texts.text(language, "digest.kept", n=len(lines))]
    said += [texts.text(language, "affair.articles", n=articles)] if articles > len(lines) else []
    return ", ".join((*said, texts.text(language, "digest.of", n=read)))


def _week(lines: Sequence[DigestLine], language: str) -> str:
    """« 6 sujets nouveaux, 3 suites, 31 sources »."""
    sources = {name for line in lines for name in (line.item.article.source_name, *line.item.others)}
    follow_ups = sum(line.item.follows is not None for line in lines)
    counts = (("digest.new", len(lines) - follow_ups), ("digest.follow_ups", follow_ups))
    said = [texts.text(language, key, n=n) for key, n in counts if n]
    return ", ".join((*said, texts.text(language, "digest.sources_of", n=len(sources))))


def digest_foot(window: Window, names: Mapping[str, str], language: str, heading: Heading) -> str:
    """What stands below the stories, as HTML; "" for nothing. Once a week a reader is given the head of the register,
    whichever digest he gets: who may rewrite the whole of it can't rewrite what was read."""
    new = _first_seen(window.newcomers, names, language) if heading.kind == "weekly" else ""
    told = heading.kind == "weekly" or heading.opens_week
    return "\n".join(filter(None, (new, witness(window.head, language) if told else "")))


def witness(head: RegisterHead | None, language: str) -> str:
    """« Témoin du registre : 1204:9f3ac2b1d0e4 », as HTML; "" while the register is empty."""
    return markup.escape(texts.text(language, "digest.witness", witness=head.witness)) if head else ""


def _first_seen(newcomers: Sequence[Newcomer], names: Mapping[str, str], language: str) -> str:
    """« Vu pour la première fois : Cirrova (2 articles), Nuage-sur-Mer (1 article) », as HTML; "" for nobody."""
    said = [
        f"{markup.cut(names.get(each.entity, each.entity), LABEL)} "
        f"({texts.text(language, 'affair.articles', n=each.articles)})"
        for each in newcomers[:NEWCOMERS_SHOWN]
    ]
    if (more := len(newcomers) - NEWCOMERS_SHOWN) > 0:
        said[-1] += " " + texts.text(language, "why.more", n=more)
    return markup.escape(texts.text(language, "digest.first_seen", names=", ".join(said))) if said else ""


def _moved(ongoing: Sequence[Ongoing], language: str, timezone: str) -> str:
    """« Dossiers qui ont bougé : Qualification de Nébulis (4 sujets, 17 sources, dernier jeu. 26) »; "" for none."""
    said = [
        f"{markup.link(markup.cut(each.title, LABEL), each.url)} ({_size(each, language, timezone)})"
        for each in ongoing[:ONGOING_SHOWN]
    ]
    return texts.text(language, "digest.moved", dossiers=", ".join(said)) if said else ""


def _size(dossier: Ongoing, language: str, timezone: str) -> str:
    stories = texts.text(language, "affair.stories", n=dossier.stories)
    sources = texts.text(language, "digest.sources_of", n=dossier.sources)
    last = dossier.last.astimezone(ZoneInfo(timezone))
    return f"{stories}, {sources}, {texts.text(language, 'digest.last', day=texts.short_day(language, last.date()))}"


def rest(
    lines: Sequence[DigestLine], start: int, watchlists: Mapping[str, Watchlist], language: str, timezone: str
) -> str:
    """Some of the rest of a digest, numbered from `start` on, as the lines of a page."""
    said: list[str] = []
    section = ""
    for number, line in enumerate(lines, start=start):
        if line.watchlist != section:
            section = line.watchlist
            said.append("\n" + markup.bold(_name(section, watchlists)))
        said.append(f"{number}. {_item(line.item, line.watchlist, watchlists, language, timezone)}")
    return "\n".join(said)


def rest_line(lines: Sequence[DigestLine], watchlists: Mapping[str, Watchlist], language: str) -> str:
    """« Le reste : 5 sujets (3 SecNumCloud et qualification, 2 …). », as HTML; "" where there is no rest."""
    counted = Counter(line.watchlist for line in lines if line.part == "rest")
    if not counted:
        return ""
    named = [f"{n} {markup.cut(_name(watchlist, watchlists), LABEL)}" for watchlist, n in counted.most_common()]
    listed = ", ".join(named[:OTHERS_SHOWN])
    if (more := len(named) - OTHERS_SHOWN) > 0:
        listed += " " + texts.text(language, "why.more", n=more)
    return markup.escape(texts.text(language, "digest.rest", n=counted.total(), lists=listed))


def first_reading(
    items: Sequence[DigestItem], watchlists: Mapping[str, Watchlist], language: str, timezone: str
) -> Message:
    """What a first reading would have kept, newest first; none of it was sent."""
    lines = (
        f"{number}. {_item(item, _best(item).watchlist, watchlists, language, timezone)}"
        for number, item in enumerate(items, start=1)
    )
    return Message("\n".join((texts.text(language, "preview.first"), *lines)), silent=True)


def empty(window: Window, language: str) -> str:
    """« rien à signaler : 388 articles lus, 0 retenu, 61 sources relevées », as plain text."""
    said = texts.text(language, "digest.empty", read=texts.text(language, "digest.read", n=window.read))
    if not window.sources:
        return said
    return f"{said}, {texts.text(language, 'digest.sources', n=window.sources)}"


def _digest_name(window: Window, language: str, timezone: str, heading: Heading) -> str:
    icon = "📅" if heading.kind == "weekly" else "☀"
    named = markup.bold(_digest_title(window, language, timezone, heading))
    return f"{icon} {named} · {texts.text(language, 'digest.late')}" if heading.late else f"{icon} {named}"


def _digest_title(window: Window, language: str, timezone: str, heading: Heading) -> str:
    if heading.kind == "daily":
        return texts.text(language, "digest.daily", day=texts.day(language, heading.day))
    if heading.kind == "weekly":
        week = texts.span(language, heading.day - timedelta(days=7), heading.day - timedelta(days=1))
        return texts.text(language, "digest.weekly", span=week)
    if window.since is None:
        return texts.text(language, "digest.now_first")
    return texts.text(language, "digest.now", since=texts.moment(language, window.since, timezone))


def _next_head(head: str, part: int, parts: int, language: str) -> str:
    name = head.partition("</b>")[0] + "</b>" if "</b>" in head else head
    return f"{name} · {texts.text(language, 'digest.part', part=part, parts=parts)}"


def _blocks(
    lines: Sequence[DigestLine], watchlists: Mapping[str, Watchlist], language: str, timezone: str, foot: str
) -> list[_Block]:
    blocks: list[_Block] = []
    section: tuple[DigestPart, str] | None = None
    for number, line in enumerate((line for line in lines if line.part in NUMBERED), start=1):
        here = (line.part, line.watchlist if line.part == "shown" else "")
        if here != section:
            section = here
            blocks.append(_section(line.watchlist, watchlists, language) if here[1] else _weak(language))
        item = replace(line.item, near="") if line.beside else line.item  # it stands right above
        said = _item(item, line.watchlist, watchlists, language, timezone, line.part)
        told = _beside(f"{number}. ", said, language) if line.beside else f"{number}. {said}"
        blocks.append(_Block(told, folded=line.part == "weak"))
    blocks += _flashed([line for line in lines if line.part == "flashed"], language)
    last = "\n".join(filter(None, (foot, rest_line(lines, watchlists, language))))
    return [*blocks, _Block(f"\n{last}")] if last else blocks


def _beside(number: str, said: str, language: str) -> str:
    """A line below the one whose event it may be; `number`: « 3. », "" where lines have none."""
    return f"{INDENT}{number}· {texts.text(language, 'digest.beside')} {said}"


def _weak(language: str) -> _Block:
    """The head of what the lists only saw named in passing."""
    name = texts.text(language, "digest.weak")
    head = f"{markup.bold(name)} — {markup.italic(texts.text(language, 'digest.weak_means'))}"
    return _Block(head, True, markup.bold(texts.text(language, "digest.section_rest", name=name)))


def _flashed(lines: Sequence[DigestLine], language: str) -> list[_Block]:
    if not lines:
        return []
    head = _Block(texts.text(language, "digest.flashed"), True, texts.text(language, "digest.flashed_rest"))
    said = [(line, _already(line.item, language)) for line in lines]
    return [head, *(_Block(_beside("", each, language) if line.beside else f"• {each}") for line, each in said)]


def _already(item: DigestItem, language: str) -> str:
    more = f" ({texts.text(language, 'story.since', n=item.later)})" if item.later else ""
    return title(item.article, language) + markup.escape(more)


def _section(watchlist: str, watchlists: Mapping[str, Watchlist], language: str) -> _Block:
    """The name alone: who reads it each morning knows the question, and the card has it."""
    name = _name(watchlist, watchlists)
    again = texts.text(language, "digest.section_rest", name=name)
    return _Block(markup.bold(name), True, markup.bold(again))


def _item(
    item: DigestItem,
    watchlist: str,
    watchlists: Mapping[str, Watchlist],
    language: str,
    timezone: str,
    part: DigestPart = "shown",
) -> str:
    mine = next((match for match in item.matches if match.watchlist == watchlist), None)
    others = [match for match in item.matches if match is not mine]
    weak = part == "weak"  # its section says that it is a mention, and does not say of which list
    origin = (
        source(item.article),
        mark(item.article, language),
        texts.text(language, "story.plus", n=len(item.others)) if item.others else "",
        _follow_up(item, language, timezone),
        "" if weak or mine is None or mine.subject else texts.text(language, "article.mention_short"),
    )
    details = (
        ", ".join(filter(None, origin)),
        _name(watchlist, watchlists) if weak else "",
        maybe(item.near, language),
        reserve(item.article, language),
        _others(others, watchlists, language),
        _dated(item.article, language, timezone),
    )
    said = " · ".join(filter(None, details))
    return f"{title(item.article, language)} — {markup.escape(said)}" if said else title(item.article, language)


def _follow_up(item: DigestItem, language: str, timezone: str) -> str:
    """« suite de lundi », or « suite du 12 novembre » where the name of the day would not tell which."""
    if item.follows is None:
        return ""
    zone = ZoneInfo(timezone)
    opened, seen = item.follows.astimezone(zone).date(), item.article.first_seen.astimezone(zone).date()
    if abs(seen - opened) <= WEEK:
        return texts.text(language, "story.since_day", day=texts.day_name(language, opened))
    return texts.text(language, "story.since_date", day=texts.day_of_month(language, opened))


def maybe(near: str, language: str) -> str:
    """« peut-être le même fait que « … » » of what may be the story with this title, as plain text; "" for ""."""
    return texts.text(language, "story.maybe", title=markup.bounded(near, NAME)) if near else ""


def _dated(article: StoredArticle, language: str, timezone: str) -> str:
    """« daté du 12 novembre » of what was old when it came, with its year where that is another."""
    if "dated" not in article.flags or article.published is None:
        return ""
    zone = ZoneInfo(timezone)
    day, seen = article.published.astimezone(zone).date(), article.first_seen.astimezone(zone).date()
    said = texts.day_of_month(language, day)
    return texts.text(language, "story.dated", day=said if day.year == seen.year else f"{said} {day.year}")


def _best(item: DigestItem) -> Match:
    return max(item.matches, key=lambda match: match.score)


def _others(matches: Sequence[Match], watchlists: Mapping[str, Watchlist], language: str) -> str:
    names = [_name(match.watchlist, watchlists) for match in matches]
    if not names:
        return ""
    said = ", ".join(names[:OTHERS_SHOWN])
    if (rest := len(names) - OTHERS_SHOWN) > 0:
        said += " " + texts.text(language, "why.more", n=rest)
    return texts.text(language, "article.also", names=said)


def _name(watchlist: str, watchlists: Mapping[str, Watchlist]) -> str:
    known = watchlists.get(watchlist)
    return markup.cut(known.name if known else watchlist, NAME)


def _packed(blocks: Sequence[_Block]) -> list[list[str]]:
    """Blocks laid into parts, in order; a section that goes on says so at the head of the next part."""
    parts: list[list[_Block]] = [[]]
    section = _Block("")
    for index, block in enumerate(blocks):
        needed = [block]
        if block.opening:
            section = _Block(block.again, True)
            needed.append(blocks[index + 1])  # a section never opens at the foot of a part
        if parts[-1] and not _fits([*parts[-1], *needed]):
            parts.append([] if block.opening else [section])
        parts[-1].append(block)
    return [_lines(part) for part in parts]


def _lines(blocks: Iterable[_Block]) -> list[str]:
    """Blocks as lines, those that are folded together in one quotation; a blank line lets the eye find a section."""
    lines: list[str] = []
    for is_folded, run in groupby(blocks, key=lambda block: block.folded):
        told = [f"\n{block.html}" if block.opening else block.html for block in run]
        lines += [markup.fold(told)] if is_folded else told
    return lines


def _fits(blocks: Sequence[_Block]) -> bool:
    return fits("\n".join(_lines(blocks)), PART - HEADER)


def fits(html: str, room: int = PART) -> bool:
    """Whether it goes in one message; `room`: visible code points."""
    return (
        len(markup.visible(html)) <= room
        and markup.entities(html) <= PART_ENTITIES
        and len(html.encode()) <= PART_BYTES
    )
