"""The searches whose pages still turn: a button carries 64 bytes, too few for a query."""

import hashlib
from base64 import b32encode
from collections import OrderedDict

REMEMBERED = 500


class RecentSearches:
    """The newest 500, each under a token of 8 characters."""

    def __init__(self) -> None:
        self._queries: OrderedDict[str, str] = OrderedDict()

    def remember(self, query: str) -> str:
        """The token of a search, the same whenever it is made again."""
        digest = hashlib.sha256(query.encode("utf-8", "replace")).digest()
        token = b32encode(digest[:5]).decode().lower()
        self._queries[token] = query
        self._queries.move_to_end(token)
        while len(self._queries) > REMEMBERED:
            self._queries.popitem(last=False)
        return token

    def query(self, token: str) -> str | None:
        """The search behind a token; None where it is forgotten."""
        return self._queries.get(token)
