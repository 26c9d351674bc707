"""The living message of a story: one per chat, edited in silence as sources join, answered when there is news. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache, partial
from zlib import crc32

from bot.digest import calendar, keys, render, revised
from bot.digest.compose import alert_keys, below, channel_links, doubt_links, flashes, has_buttons, manner_of
from bot.digest.official import is_own_act, word
from bot.digest.team import NOBODY, Team, judgement
from bot.messages import markup, texts
from bot.messages.deep_links import Links
from bot.model import Message
from matchers.model import Match, Watchlist
from matchers.official import is_official
from matchers.stories.newsrooms import house
from storage.chats.model import Chat, NewDelivery
from storage.ids import ArticleId
from storage.stories.model import Fresh, Saying, SayingKind, StoryNews, StorySource, Told
from storage.stories.newsroom import Retell

NAMED = 8  # sources named in a message
EDIT_EVERY = timedelta(minutes=10)
EDITS = 20  # of one message
LIFE = timedelta(hours=72)  # after which a message is left as it is
MILESTONES = (5, 15)  # texts that surely bear one another out
DOUBTS = 3  # stories of one affair that are told while nobody says whether they are others
LEAD = 200  # characters of a new lead that are shown


@dataclass(frozen=True, slots=True)
class _Look:
    """What a living message shows. `buttons` are about the first article. `follows` is the title of the story that this
    one takes further, "" for none; `unsure`: it may be the same event; `into` is the title of the one it has become
    part of; `link` where to ask why it came and `asked` where to say which event it is, where no button does. `judged`:
    it says how the story stands in the triage."""

    shown: ArticleId
    matches: tuple[Match, ...]
    buttons: keys.Rows
    manner: render.Manner
    follows: str
    unsure: bool
    into: str
    link: str
    asked: str
    judged: bool


@dataclass(frozen=True, slots=True)
class _Outside:
    """What a message may lead to: see `compose.announcer`."""

    links: Links | None
    team: Team


def teller(watchlists: Mapping[str, Watchlist], links: Links | None = None, team: Team = NOBODY) -> Retell:
    """What is said of a story that has changed, to those who have none of its messages yet, and to the others.
    `links`, `team`: see `compose.announcer`."""

    def retell(news: StoryNews, now: datetime) -> Sequence[Saying]:
        @cache  # one rendering for all who read the same
        def body(look: _Look, language: str, timezone: str) -> Message:
            source = next(each for each in news.sources if each.article.id == look.shown)
            message = render.flash(source.article, look.matches, watchlists, language, timezone, look.manner)
            if look.unsure:
                message = below(_doubtful(message, look.follows, look.manner, language), look.asked)
            dressed = below(replace(message, buttons=look.buttons), look.link)
            whole = below(dressed, sources_line(news.sources, source, language))
            whole = below(whole, _judged(news, language)) if look.judged else whole
            if look.into:
                line = texts.text(language, "story.into", title=markup.cut(look.into, render.TITLE))
                whole = below(whole, f"🔗 {markup.italic(line)}")
            return whole if look.unsure else _above(whole, look.follows, language)

        outside = _Outside(links, team)
        sayings = [*filter(None, (_opening(each, news, outside) for each in news.fresh))]
        changed = revised.changed(news)
        for told in news.told:
            sayings += filter(None, (_edit(news, told, now, body, outside), _reply(news, told, changed, now)))
        return sayings

    return retell


# --- first messages ------------------------------------------------------------------------------------------------
def _opening(fresh: Fresh, news: StoryNews, outside: _Outside) -> Saying | None:
    """A first message, as it was composed; with the other sources if there are any, in reply to what it follows. One
    line where that may be the same event; None where enough of them are said below it: the digest has the rest."""
    delivery, language = fresh.delivery, fresh.follower.chat.language
    message = delivery.body
    assert isinstance(message, Message), "as the announcer composed it"
    before = news.before.get((delivery.chat, delivery.thread))
    asked = before if news.unsure else None
    if asked is not None and asked.doubts >= DOUBTS:
        return None
    message = message if asked is None else _asking_which(message, asked.title, fresh, outside)
    shown = next((each for each in news.sources if delivery.item == f"a{each.article.id}"), None)
    if shown is not None:
        message = below(message, sources_line(news.sources, shown, language))
    if outside.team.shows_in(fresh.follower.chat):
        message = below(message, _judged(news, language))
    if before is None:
        return Saying(replace(delivery, body=message))
    body = message if asked else _above(message, before.title, language)
    return Saying(replace(delivery, body=body, target=before.item))


def _asking_which(message: Message, near: str, fresh: Fresh, outside: _Outside) -> Message:
    """What may have been told already, as the story that is called `near`, with where to say whether it was."""
    chat, article, thread = fresh.follower.chat, ArticleId(int(fresh.delivery.item[1:])), fresh.delivery.thread
    said = _doubtful(message, near, _as_last(render.Manner(), message.html, chat), chat.language)
    if has_buttons(chat):
        return replace(said, buttons=keys.doubt(chat.language, article))
    asked = _asked(outside.links, chat, thread, article)
    return below(below(said, asked), channel_links(outside.links, chat, thread, article, outside.team))


def _asked(links: Links | None, chat: Chat, thread: int, article: ArticleId) -> str:
    """Where to settle a doubt that no button asks, as HTML; "" where it can't be settled."""
    return doubt_links(links, chat, thread, article, chat.language) if chat.kind == "channel" else ""


def _doubtful(message: Message, near: str, manner: render.Manner, language: str) -> Message:
    """One line of a message, for what may have been told already as the story that is called `near`; with the one that
    says that no more come for now. It is named: what Telegram would quote may have been deleted."""
    known = markup.bounded(near, render.NAME) or texts.text(language, "article.untitled")
    asked = markup.italic(texts.text(language, "story.unsure", title=known))
    return below(replace(message, html=f"↪ {asked}\n{message.brief}"), render.capped(manner, language))


def _judged(news: StoryNews, language: str) -> str:
    """How the story stands in the triage, as HTML; "" while nobody said."""
    return "" if news.stands is None else markup.italic(judgement(news.stands, language))


def _above(message: Message, follows: str, language: str) -> Message:
    if not follows:
        return message
    said = markup.italic(texts.text(language, "story.follows"))  # Telegram quotes the message that it answers
    return replace(message, html=f"↪ {said} · {message.html}")


# --- what joins ----------------------------------------------------------------------------------------------------
def _edit(
    news: StoryNews, told: Told, now: datetime, body: Callable[[_Look, str, str], Message], outside: _Outside
) -> Saying | None:
    """The living message as it should read now; None where it is too old, or was edited often enough. How the team
    judges it is shown at once however old it is, and to the team only."""
    chat = told.follower.chat
    if not outside.team.shows_in(chat) if news.judged else now - told.at > LIFE or told.edits >= EDITS:
        return None
    for source in sorted(news.sources, key=partial(_worth, told)):
        if chosen := flashes(source.article, source.matches, told.follower):
            look = _look(news, told, outside, now)
            text = body(replace(look, shown=source.article.id, matches=chosen), chat.language, chat.timezone)
            item, late = f"{told.item}-e{told.edits}", None if news.judged else _soonest(told, now)
            edit = NewDelivery(chat.key, "edit", item, text, thread=told.thread, target=told.item, not_before=late)
            return Saying(edit, shown=source.article.id)
    return None


def _look(news: StoryNews, told: Told, outside: _Outside, now: datetime) -> _Look:
    """What the message shows beside an article and its matches."""
    chat, links, team = told.follower.chat, outside.links, outside.team
    first, before = ArticleId(int(told.item[1:])), news.before.get((chat.key, told.thread))
    unsure = news.unsure and before is not None
    return _Look(
        shown=first,
        matches=(),
        buttons=_buttons(chat, first, team, unsure=unsure),
        manner=_manner(told, now),
        follows="" if before is None else before.title,
        unsure=unsure,
        into=news.into,
        link=channel_links(links, chat, told.thread, first, team),
        asked=_asked(links, chat, told.thread, first) if unsure else "",
        judged=team.shows_in(chat),
    )


def _soonest(told: Told, now: datetime) -> datetime | None:
    """When the next edit may leave; None for at once."""
    soonest = None if told.edited_at is None else told.edited_at + EDIT_EVERY
    return soonest if soonest is not None and soonest > now else None


def _buttons(chat: Chat, first: ArticleId, team: Team, *, unsure: bool) -> keys.Rows:
    if not unsure:
        return alert_keys(chat, first, team)
    return keys.doubt(chat.language, first) if has_buttons(chat) else ()


def _manner(told: Told, now: datetime) -> render.Manner:
    """An edit is silent; but a message that has yet to leave leaves with the text of its edit, and keeps its sound."""
    chat = told.follower.chat
    silent = not told.waits or calendar.loudness(chat, now) != "sound"
    manner = render.Manner(silent=silent, preview=chat.preview)
    return _as_last(manner, Message.from_json(told.body).html, chat) if told.waits else manner


def _as_last(manner: render.Manner, html: str, chat: Chat) -> render.Manner:
    """The same, but as the last one for now where this message says that it is."""
    last = replace(manner, capped=calendar.hour_of(chat))
    return last if render.capped(last, chat.language) in html else manner


def _worth(told: Told, source: StorySource) -> tuple[bool, bool, bool, datetime, int]:
    """The best source first: one that can be read, then a walled one, then an aggregator's; the one the chat has seen
    stays, else the first to be published."""
    article = source.article
    seen = not told.waits and told.shown == article.id
    at = article.published or article.first_seen
    return "aggregator" in article.flags, "paywalled" in article.flags, not seen, at, article.id


def _reply(news: StoryNews, told: Told, changed: revised.Changed, now: datetime) -> Saying | None:
    """What rings: an official source that joins, the fifth and the fifteenth independent text, a revision that tells
    something else. Not while the message itself has yet to leave: it says so."""
    if told.waits:
        return None
    if news.revised is not None:
        return _revision(news, told, changed, now)
    newest = news.source(news.newest)
    if newest is None or newest.article.id == news.sources[0].article.id:
        return None
    day = now.toordinal()
    language = told.follower.chat.language
    if _is_authority(newest) and not any(
        is_official(each.host, each.article.official) for each in news.sources if each is not newest
    ):
        if not {("official", day), ("official", day - 1)} & told.said:
            is_its_act = is_own_act(newest.article)
            head = markup.bold(texts.text(language, "story.act_joins" if is_its_act else "story.official_joins"))
            return _answer(news, told, now, "official", day, f"🏛 {head}", newest)
    elif newest.backs and (reached := _milestone(n := _independent(news))) and ("milestone", reached) not in told.said:
        head = markup.bold(texts.text(language, "story.milestone", n=n))
        return _answer(news, told, now, "milestone", reached, f"📈 {head}", newest)
    return None


def _is_authority(source: StorySource) -> bool:
    """Does an authority surely tell this event: in its own words, or in the very text of another?"""
    return is_official(source.host, source.article.official) and (source.backs or source.copy)


def _milestone(texts: int) -> int:
    """The last milestone that so many texts have passed, be it that the one that reached it was told otherwise; 0 for
    none."""
    return max((each for each in MILESTONES if each <= texts), default=0)


def _independent(news: StoryNews) -> int:
    """Of how many newsrooms the texts are that surely tell one event, each in its own words, with the first one."""
    return len({house(each.host) for each in news.sources if each.backs or int(each.article.id) == news.story})


# --- a title or a lead that says something else --------------------------------------------------------------------
def _revision(news: StoryNews, told: Told, changed: revised.Changed, now: datetime) -> Saying | None:
    """The same change is told once: a site that goes back and forth between two titles rings once for each."""
    source = news.source(news.revised.article) if news.revised is not None else None
    chosen = () if source is None else flashes(source.article, source.matches, told.follower)
    found = changed(tuple(match.watchlist for match in chosen))
    seq = crc32("|".join(sorted(found)).encode())
    if news.revised is None or source is None or not found or ("revision", seq) in told.said:
        return None
    language = told.follower.chat.language
    what = ", ".join(dict.fromkeys(texts.text(language, "story.quoted", words=each) for each in found.values()))
    head = markup.bold(texts.text(language, "story.revised", what=markup.cut(what, render.TITLE)))
    retitled = news.revised.title != source.article.title
    line = texts.text(language, "story.revised_before", title=markup.cut(news.revised.title, render.TITLE))
    added = markup.italic(line if retitled else markup.cut(source.article.summary, LEAD))
    return _answer(news, told, now, "revision", seq, f"✏️ {head}", source, added)


def _answer(
    news: StoryNews,
    told: Told,
    now: datetime,
    kind: SayingKind,
    seq: int,
    head: str,
    source: StorySource,
    added: str = "",
) -> Saying | None:
    manner = manner_of(told.follower, now, official=kind == "official")
    if manner is None:  # over its cap, or in hours that wait: the message was edited, and the digest tells
        return None
    chat = told.follower.chat
    outlet = markup.escape(render.source(source.article))
    html = f"{head}\n{render.title(source.article, chat.language)} — {outlet}"
    message = below(below(Message(html, silent=manner.silent), added), render.capped(manner, chat.language))
    item = f"s{news.story}-{kind[0]}{seq}"
    delivery = NewDelivery(chat.key, "flash", item, message, thread=told.thread, target=told.item)
    return Saying(delivery, kind, seq)


# --- sources -------------------------------------------------------------------------------------------------------
def sources_line(sources: Sequence[StorySource], shown: StorySource, language: str) -> str:
    """« +3 sources : Gazette ↗, Le Fil (ailleurs.example) ↗, ANSSI ↗ (source officielle), et 4 autres », as HTML; ""
    for a single source."""
    others: dict[str, StorySource] = {}
    for each in sources:
        name = each.article.source_name
        if name != shown.article.source_name:
            others.setdefault(name, each)
    if not others:
        return ""
    named = [_named(each, language, sources[0]) for each in list(others.values())[:NAMED]]
    if (more := len(others) - NAMED) > 0:
        named.append(markup.escape(texts.text(language, "story.more", n=more)))
    head = markup.escape(texts.text(language, "story.sources", n=len(others)))
    return f"{head} {', '.join(named)}"


def _named(source: StorySource, language: str, first: StorySource) -> str:
    """Its link; what an authority published is called so where it surely tells the event of the `first` source."""
    link = markup.link(render.source(source.article), source.article.url)
    is_sure = _is_authority(source) or (source is first and is_official(source.host, source.article.official))
    return f"{link} ({word(source.article, language)})" if is_sure else link
