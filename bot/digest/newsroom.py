"""The newsroom of the rules in force: who judges what goes together, what is announced, what is told again."""

from collections.abc import Mapping

from bot import grouping
from bot.digest import compose, living
from bot.digest.team import NOBODY, Team
from bot.messages.deep_links import Links
from matchers.model import Watchlist
from storage.stories.newsroom import Newsroom


def newsroom(watchlists: Mapping[str, Watchlist], links: Links | None = None, team: Team = NOBODY) -> Newsroom:
    """`links` are those to ourselves, None where nobody can follow one back to us; `team` keeps the triage."""
    announce, retell = compose.announcer(watchlists, links, team), living.teller(watchlists, links, team)
    return Newsroom(grouping.Grouper(), announce, retell)
