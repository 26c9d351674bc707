"""What must be true of a delivery afterwards, whatever happened: checked on the file and on what readers see."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.model import Message
from storage import Store
from storage.chats.model import Lane, NewDelivery
from storage.ids import ChatKey
from storage.schema import chat, delivery, held_topic
from tests.emulator import BotApi

MARK = re.compile(r"⟦(\w+)⟧")  # each message holds its own, so that it is known wherever it is read


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that was queued, and its mark."""

    chat: ChatKey
    item: str
    mark: str


class Promise:
    """Messages given to the outbox of `store`, read by the people of `api`."""

    def __init__(self, store: Store, api: BotApi) -> None:
        self.store = store
        self.api = api
        self.accepted: list[Accepted] = []

    def message(self, key: ChatKey, lane: Lane, thread: int = 0, target: str | None = None) -> NewDelivery:
        """A new message; it counts as accepted, so queue it."""
        mark = f"m{len(self.accepted)}"
        brief = f"<b>alerte</b> ⟦{mark}⟧" if lane == "flash" else ""
        body = Message(f"<b>message</b> &amp; {lane} ⟦{mark}⟧", brief=brief, silent=lane != "flash")
        self.accepted.append(Accepted(key, f"i{mark}", mark))
        return NewDelivery(key, lane, f"i{mark}", body, thread=thread, target=target)

    def check(self) -> None:
        """Everything accepted came once, or is accounted for. Call it once nothing is left to do."""
        rows = self._rows()
        seen = self._seen()
        for each in self.accepted:
            self._arrived(rows[each.chat, each.item], len(seen[each.mark]), rows)
        self._ordered(rows, seen)
        assert not self.api.violations, self.api.violations[:3]
        with self.store.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"

    def copies(self) -> int:
        """How many messages came more often than once."""
        return sum(len(numbers) - 1 for numbers in self._seen().values())

    def doubts(self) -> int:
        return sum(row.doubts for row in self._rows().values())

    def _rows(self) -> dict[tuple[ChatKey, str], Any]:
        with self.store.database.read() as connection:
            found = connection.execute(select(delivery).where(delivery.c.part == 1)).all()
        return {(ChatKey(row.chat_id), row.item): row for row in found}

    def _seen(self) -> dict[str, list[int]]:
        """Where each mark stands: the numbers of the messages."""
        found: dict[str, list[int]] = defaultdict(list)
        for each in self.api.chats():
            for post in each.messages:
                for mark in MARK.findall(post.text):
                    found[mark].append(post.id)
        return found

    def _arrived(self, row: Any, copies: int, rows: dict[tuple[ChatKey, str], Any]) -> None:
        doubts = row.doubts
        if row.state == "muted":
            row = rows[ChatKey(row.chat_id), row.error]  # the catch-up that tells of it, or one that tells of that
            self._arrived(row, copies, rows)
        elif row.state == "done":
            assert 1 <= copies <= 1 + doubts, row
        elif row.state == "dead":
            assert row.error, row
            told = {(each.kind, each.about) for each in self.store.notices.open()}
            assert ("undelivered", f"@{row.chat_id}") in told, "the administrators are told"
        else:
            assert row.state == "queued", row
            assert self._shut(row), row

    def _shut(self, row: Any) -> bool:
        """Whether its chat or its topic takes nothing now."""
        with self.store.database.read() as connection:
            state = connection.execute(select(chat.c.state).where(chat.c.id == row.chat_id)).scalar()
            held = select(held_topic).where(held_topic.c.chat_id == row.chat_id, held_topic.c.thread == row.thread)
            return state != "active" or connection.execute(held).first() is not None

    def _ordered(self, rows: dict[tuple[ChatKey, str], Any], seen: dict[str, list[int]]) -> None:
        """Within a chat, a thread and a lane, what was queued first came first, doubts or not."""
        came: dict[tuple[int, int, str], list[int]] = defaultdict(list)
        for each in self.accepted:
            row = rows[each.chat, each.item]
            if row.state == "done" and row.lane not in ("edit", "catchup"):
                came[row.chat_id, row.thread, row.lane].append(min(seen[each.mark]))
        for order in came.values():
            assert order == sorted(order)

    def rates_kept(self) -> None:
        """In no second more than 30 calls that send, in no minute more than 20 to a group."""
        moments: dict[int, list[float]] = defaultdict(list)
        for call in self.api.calls:
            if call.method in ("sendMessage", "editMessageText"):
                moments[0].append(call.at)
                if (to := int(call.parameters["chat_id"])) < 0:
                    moments[to].append(call.at)
        for to, times in moments.items():
            many, span = (20, 60.0) if to else (30, 1.0)
            assert all(later - first > span - 1e-6 for first, later in zip(times, times[many:], strict=False)), to
