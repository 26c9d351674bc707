"""The newsroom of the rules in force: who judges what goes together, what is announced, what is told again."""

from collections.abc import Mapping

from bot import grouping
from bot.digest import compose, living
from bot.messages.deep_links import Links
from matchers.model import Watchlist
from storage.stories.newsroom import Newsroom


def newsroom(watchlists: Mapping[str, Watchlist], links: Links | None = None) -> Newsroom:
    """`links` are those to ourselves, None where nobody can follow one back to us."""
    return Newsroom(grouping.Grouper(), compose.announcer(watchlists, links), living.teller(watchlists, links))
