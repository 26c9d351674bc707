"""How a digest reads: its head, its lines under their lists, its foot, what it leaves for a button. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.digest.content import DigestLine, Heading
from bot.digest.official import mark
from bot.digest.parts import WholeLine, packed
from bot.digest.render import LABEL, OTHERS_SHOWN, list_name, maybe, reserve, source, title
from bot.messages import markup, texts
from bot.model import Button, Message
from matchers.model import Match, Watchlist
from storage.articles.model import Newcomer, RegisterHead, StoredArticle
from storage.chats.model import NUMBERED, DigestItem, DigestPart, Ongoing, Window

ONGOING_SHOWN = 3  # dossiers named in the header
NEWCOMERS_SHOWN = 5  # entities named at the foot
WEEK = timedelta(days=6)  # within which the name of a day tells which one
INDENT = "\u00a0\u00a0\u00a0"  # a chat shows blanks at the head of a line only if they may not break


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
    parts = packed(_blocks(lines, watchlists, language, timezone, foot))
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


def digest_foot(window: Window, names: Mapping[str, str], language: str, heading: Heading) -> str:
    """What stands below the stories, as HTML; "" for nothing. Once a week a reader is given the head of the register,
    whichever digest he gets: who may rewrite the whole of it can't rewrite what was read."""
    new = _first_seen(window.newcomers, names, language) if heading.kind == "weekly" else ""
    told = heading.kind == "weekly" or heading.opens_week
    return "\n".join(filter(None, (new, witness(window.head, language) if told else "")))


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
            said.append("\n" + markup.bold(list_name(section, watchlists)))
        said.append(f"{number}. {_item(line.item, line.watchlist, watchlists, language, timezone)}")
    return "\n".join(said)


def rest_line(lines: Sequence[DigestLine], watchlists: Mapping[str, Watchlist], language: str) -> str:
    """« Le reste : 5 sujets (3 SecNumCloud et qualification, 2 …). », as HTML; "" where there is no rest."""
    counted = Counter(line.watchlist for line in lines if line.part == "rest")
    if not counted:
        return ""
    named = [f"{n} {markup.cut(list_name(watchlist, watchlists), LABEL)}" for watchlist, n in counted.most_common()]
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
) -> list[WholeLine]:
    blocks: list[WholeLine] = []
    section: tuple[DigestPart, str] | None = None
    for number, line in enumerate((line for line in lines if line.part in NUMBERED), start=1):
        here = (line.part, line.watchlist if line.part == "shown" else "")
        if here != section:
            section = here
            blocks.append(_section(line.watchlist, watchlists, language) if here[1] else _weak(language))
        item = replace(line.item, near="") if line.beside else line.item  # it stands right above
        said = _item(item, line.watchlist, watchlists, language, timezone, line.part)
        told = _beside(f"{number}. ", said, language) if line.beside else f"{number}. {said}"
        blocks.append(WholeLine(told, folded=line.part == "weak"))
    blocks += _flashed([line for line in lines if line.part == "flashed"], language)
    last = "\n".join(filter(None, (foot, rest_line(lines, watchlists, language))))
    return [*blocks, WholeLine(f"\n{last}")] if last else blocks


def _beside(number: str, said: str, language: str) -> str:
    """A line below the one whose event it may be; `number`: « 3. », "" where lines have none."""
    return f"{INDENT}{number}· {texts.text(language, 'digest.beside')} {said}"


def _weak(language: str) -> WholeLine:
    """The head of what the lists only saw named in passing."""
    name = texts.text(language, "digest.weak")
    head = f"{markup.bold(name)} — {markup.italic(texts.text(language, 'digest.weak_means'))}"
    return WholeLine(head, True, markup.bold(texts.text(language, "digest.section_rest", name=name)))


def _flashed(lines: Sequence[DigestLine], language: str) -> list[WholeLine]:
    if not lines:
        return []
    head = WholeLine(texts.text(language, "digest.flashed"), True, texts.text(language, "digest.flashed_rest"))
    said = [(line, _already(line.item, language)) for line in lines]
    return [head, *(WholeLine(_beside("", each, language) if line.beside else f"• {each}") for line, each in said)]


def _already(item: DigestItem, language: str) -> str:
    more = f" ({texts.text(language, 'story.since', n=item.later)})" if item.later else ""
    return title(item.article, language) + markup.escape(more)


def _section(watchlist: str, watchlists: Mapping[str, Watchlist], language: str) -> WholeLine:
    """The name alone: who reads it each morning knows the question, and the card has it."""
    name = list_name(watchlist, watchlists)
    again = texts.text(language, "digest.section_rest", name=name)
    return WholeLine(markup.bold(name), True, markup.bold(again))


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
        list_name(watchlist, watchlists) if weak else "",
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
    names = [list_name(match.watchlist, watchlists) for match in matches]
    if not names:
        return ""
    said = ", ".join(names[:OTHERS_SHOWN])
    if (rest := len(names) - OTHERS_SHOWN) > 0:
        said += " " + texts.text(language, "why.more", n=rest)
    return texts.text(language, "article.also", names=said)
