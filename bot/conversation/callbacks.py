"""What a button that was pressed asks for: its data and a scene in, a reply and changes out. Pure."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.conversation import menus, settings
from bot.conversation.model import (
    SILENCE,
    Admit,
    AlertKeys,
    Choose,
    ConfirmMiss,
    DigestKeys,
    FeedCard,
    FeedNormal,
    FeedNow,
    FeedPause,
    Follow,
    Forget,
    Journal,
    Missed,
    MyPlaces,
    PauseSending,
    Preview,
    Reply,
    Scene,
    SearchPage,
    SetInPrivate,
    ShowDigest,
    ShowRest,
    Sources,
    TakeOver,
    TryWithout,
    Undo,
    Unfollow,
    View,
    Vote,
    VoteNumber,
    VoteReason,
    WhyArticle,
    Yields,
)
from bot.digest.keys import REASONS, Thumb
from bot.messages import callback_data
from bot.messages.callback_data import Press, number
from bot.model import Message
from matchers.model import Level, Watchlist

PAUSES = ("0", "24")  # hours


def reply(data: str, scene: Scene) -> Reply:
    """The answer to a press; for data of another grammar, or about what is gone, the fresh menu.

    The journal may stand in a group, where anybody can press: its message is no menu of theirs, and stays.
    """
    press = callback_data.parse(data)
    if press and press.verb in _OPERATORS_ONLY and not scene.operator:
        return Reply(notice=scene.view.say("rights.operators"))
    handler = _PRESSES.get(press.verb) if press else None
    answer = handler(press, scene) if press and handler else None
    return answer or _stale(scene.view)


def _stale(view: View) -> Reply:
    return Reply(menus.lists(view), notice=view.say("menu.changed"))


def _lists(press: Press, scene: Scene) -> Reply:
    return Reply(menus.lists(scene.view, press.page))


def _card(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    return Reply(menus.card(scene.view, watchlist)) if watchlist else None


def _terms(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    return Reply(menus.terms(scene.view, watchlist, press.page)) if watchlist else None


def _preview(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    return Reply(change=Preview(watchlist)) if watchlist else None


def _follow(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    if watchlist is None:
        return None
    if not scene.may_change:
        return _refused(scene.view)
    if press.value == "x":
        return Reply(change=Unfollow(watchlist))
    levels: dict[str, Level | None] = {"o": None, **dict(menus.LEVELS)}
    return Reply(change=Follow(watchlist, levels[press.value])) if press.value in levels else None


def _settings(press: Press, scene: Scene) -> Reply | None:
    if not scene.may_change:
        return _refused(scene.view)
    if not press.value:
        shown = settings.menu(scene.view, press.target)
        return Reply(shown) if shown else None
    chosen = settings.choice(press.target, press.value)
    return Reply(change=Choose(chosen, settings.after(press.target))) if chosen else None


def _take_over(press: Press, scene: Scene) -> Reply | None:
    held = next((thread for thread in scene.view.held if callback_data.base36(thread) == press.target), None)
    if held is None:
        return None
    return Reply(change=TakeOver(held)) if scene.may_change else _refused(scene.view)


def _places(press: Press, scene: Scene) -> Reply | None:
    return Reply(change=MyPlaces(press.page)) if scene.private else None


def _in_private(press: Press, scene: Scene) -> Reply | None:
    if scene.private or press.place is not None:
        return None
    return Reply(change=SetInPrivate()) if scene.may_change else _refused(scene.view)


def _stop(press: Press, scene: Scene) -> Reply | None:
    if not scene.may_change:
        return _refused(scene.view)
    if scene.view.chat is None:
        return Reply(Message(scene.view.say("stop.nothing")))
    match press.target:
        case "":
            return Reply(menus.stop(scene.view))
        case "y":
            return Reply(change=Forget())
        case "n":
            return Reply(Message(scene.view.say("stop.kept")))
    return None


def _admit(press: Press, _: Scene) -> Reply | None:
    if not press.target or press.value not in menus.DECISIONS:
        return None
    return Reply(change=Admit(number(press.target), *menus.DECISIONS[press.value]))


def _rest(press: Press, _: Scene) -> Reply | None:
    return Reply(change=ShowRest(press.target, press.page)) if press.target else None


def _digest(press: Press, _: Scene) -> Reply | None:
    return Reply(change=ShowDigest(press.target)) if press.target else None


def _digest_keys(press: Press, _: Scene) -> Reply | None:
    return Reply(change=DigestKeys(press.target)) if press.target else None


def _number(press: Press, scene: Scene) -> Reply | None:
    """A digest's vote buttons: they open its numbers, and a number is a vote."""
    opinion: Thumb = "u" if press.verb == "wu" else "n"
    if not press.target:
        return None
    if not press.value.isdecimal():
        return Reply(change=DigestKeys(press.target, opinion), notice=scene.view.say(f"vote.pick_{opinion}"))
    said = scene.view.say(f"vote.number_{opinion}", n=press.value)
    return Reply(change=VoteNumber(press.target, opinion, int(press.value)), notice=said)


def _vote(press: Press, scene: Scene) -> Reply | None:
    if not _is_article(press.target) or press.value not in ("y", "n"):
        return None
    opinion: Thumb = "u" if press.value == "y" else "n"
    return Reply(change=Vote(number(press.target), opinion), notice=scene.view.say(f"vote.thanks_{opinion}"))


def _reason(press: Press, scene: Scene) -> Reply | None:
    if not _is_article(press.target) or press.value not in REASONS:
        return None
    said = scene.view.say("vote.reason", reason=scene.view.say(f"reason.{press.value}"))
    return Reply(change=VoteReason(number(press.target), press.value), notice=said)


def _alert_keys(press: Press, _: Scene) -> Reply | None:
    return Reply(change=AlertKeys(number(press.target))) if _is_article(press.target) else None


def _is_article(target: str) -> bool:
    return target != "" and 0 < number(target) < 2**63


def _undo(press: Press, scene: Scene) -> Reply | None:
    return Reply(change=Undo(number(press.target))) if _is_article(press.target) else None


def _search(press: Press, _: Scene) -> Reply | None:
    return Reply(change=SearchPage(press.target, press.page)) if press.target else None


def _why(press: Press, _: Scene) -> Reply | None:
    return Reply(change=WhyArticle(number(press.target)), beside=True) if _is_article(press.target) else None


def _missed(press: Press, _: Scene) -> Reply | None:
    return Reply(change=Missed("", number(press.target))) if _is_article(press.target) else None


def _confirm_miss(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    if watchlist is None or not press.value.isdecimal():
        return None
    return Reply(change=ConfirmMiss(int(press.value), watchlist))


def _sources(press: Press, scene: Scene) -> Reply | None:
    return Reply(change=Sources(press.page))


def _yields(press: Press, scene: Scene) -> Reply | None:
    """From the weekly message, which stays; then by edit."""
    return Reply(change=Yields(press.page), beside=not press.target) if scene.operator else None


def _feed(press: Press, scene: Scene) -> Reply | None:
    return Reply(change=FeedCard(press.target)) if press.target else None


def _feed_now(press: Press, scene: Scene) -> Reply | None:
    return Reply(change=FeedNow(press.target)) if press.target else None


def _feed_pause(press: Press, scene: Scene) -> Reply | None:
    if not press.target or press.value not in PAUSES:
        return None
    journal, hours = press.verb == "lp", int(press.value)
    said = scene.view.say("sources.paused_for", n=hours) if hours else ""
    return Reply(change=FeedPause(press.target, timedelta(hours=hours), journal), notice=said)


def _feed_normal(press: Press, scene: Scene) -> Reply | None:
    if not press.target:
        return None
    change = FeedNormal(press.target, journal=press.verb == "ln")
    return Reply(change=change, notice=scene.view.say("sources.normal_said"))


def _resume(_: Press, scene: Scene) -> Reply | None:
    return Reply(change=PauseSending(timedelta()))


def _journal(press: Press, scene: Scene) -> Reply | None:
    if press.target not in ("h", "p"):
        return None
    return Reply(change=Journal(move=press.target == "h"))


def _try_without(press: Press, scene: Scene) -> Reply | None:
    watchlist = _target(press, scene.view)
    if not scene.operator or watchlist is None or not press.value.isdecimal():
        return None
    return Reply(change=TryWithout(watchlist, int(press.value)), beside=True)


def _everything(_: Press, scene: Scene) -> Reply:
    return Reply(menus.everything(scene.view, operator=scene.operator))


def _nothing(_: Press, __: Scene) -> Reply:
    return SILENCE


_PRESSES: Mapping[str, Callable[[Press, Scene], Reply | None]] = {
    "v": _lists,
    "c": _card,
    "t": _terms,
    "p": _preview,
    "f": _follow,
    "g": _settings,
    "th": _take_over,
    "s": _stop,
    "o": _places,
    "e": _in_private,
    "a": _admit,
    "q": _rest,
    "d": _digest,
    "kd": _digest_keys,
    "wu": _number,
    "wn": _number,
    "u": _vote,
    "r": _reason,
    "k": _alert_keys,
    "z": _search,
    "xs": _sources,
    "i": _yields,
    "x": _feed,
    "xd": _feed_now,
    "xp": _feed_pause,
    "lp": _feed_pause,
    "xn": _feed_normal,
    "ln": _feed_normal,
    "xr": _resume,
    "lj": _journal,
    "h": _everything,
    "b": _try_without,
    "y": _why,
    "m": _missed,
    "j": _confirm_miss,
    "n": _nothing,
    "uo": _undo,
}


_OPERATORS_ONLY = frozenset({"a", "j", "lj", "ln", "lp", "uo", "x", "xd", "xn", "xp", "xr", "xs"})


def _target(press: Press, view: View) -> Watchlist | None:
    watchlist = callback_data.named(press.target, view.watchlists)
    return view.watchlists[watchlist] if watchlist is not None else None


def _refused(view: View) -> Reply:
    return Reply(notice=view.say("rights.admins"))
