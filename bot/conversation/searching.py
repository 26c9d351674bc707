"""Searches are done here, and remembered long enough to turn their pages."""

import asyncio
import hashlib
from base64 import b32encode
from collections import OrderedDict
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot import search
from bot.clock import Clock
from bot.conversation import menus
from bot.conversation.model import FindArticles, SearchChange, View
from bot.model import Message
from bot.store_thread import Offload
from storage import Store

REMEMBERED = 500  # searches whose pages turn; a button carries 64 bytes, too few for a query


@dataclass(slots=True)
class Searches:
    store: Store
    offload: Offload
    clock: Clock
    _queries: OrderedDict[str, str] = field(default_factory=OrderedDict)

    async def do(self, change: SearchChange, view: View) -> Message:
        """A page of a search; what was said where nothing was found."""
        if isinstance(change, FindArticles):
            return await self._page(change.query.strip(), 0, view)
        query = self._queries.get(change.token)
        return Message(view.say("search.forgotten")) if query is None else await self._page(query, change.page, view)

    async def _page(self, query: str, page: int, view: View) -> Message:
        wanted = search.parse(query, self.clock())
        if isinstance(wanted, search.Confusing):
            return menus.confusing(view, wanted.when)
        find = self.store.search.find
        found = await self.offload(find, wanted, page * menus.ROWS, menus.ROWS)
        if not found.count:
            return menus.not_found(view, query, await self._nearest(query), found.oldest)
        if not found.findings:  # fewer than when the page was drawn
            page = (found.count - 1) // menus.ROWS
            found = await self.offload(find, wanted, page * menus.ROWS, menus.ROWS)
        return menus.found(view, query, self._remember(query), page, found)

    async def _nearest(self, query: str) -> dict[str, str]:
        """The spelling in our articles nearest to each word that none of them has."""
        nearest = {}
        for word in search.words(query)[:5]:
            known = await self.offload(self.store.search.near, word)
            close = await asyncio.to_thread(get_close_matches, word, known, 1, 0.75)  # thousands of words take a while
            if close and close[0] != word:
                nearest[word] = close[0]
        return nearest

    def _remember(self, query: str) -> str:
        digest = hashlib.sha256(query.encode("utf-8", "replace")).digest()
        token = b32encode(digest[:5]).decode().lower()
        self._queries[token] = query
        self._queries.move_to_end(token)
        while len(self._queries) > REMEMBERED:
            self._queries.popitem(last=False)
        return token
