"""What an administrator tries, done in a thread of its own while the chat shows how far it is."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar, assert_never

from bot.clock import Clock
from bot.conversation import trial_view
from bot.conversation.model import Try, TryChange, TryTerm, TryWithout, View
from bot.conversation.trial_view import Tried
from bot.delivery.chat import MessageRefused, Messenger, Sent
from bot.model import Incoming, Message
from bot.operators import quality
from bot.operators.review import voted_titles
from bot.store_thread import Offload
from bot.trials.findings import Misread, Tell, Trial, Weighed
from storage import Store

T = TypeVar("T")

SOON, EVERY = 1.0, 3.0  # seconds before the first word of progress, and between two


@dataclass(frozen=True, slots=True)
class Bench:
    """What can be tried: the files on disk, a term, a watchlist that would exclude a word. Each may take seconds."""

    files: Callable[[Tell], Tried]
    term: Callable[[str, Tell], Weighed | Misread]
    without: Callable[[str, str, Tell], Trial | None]


@dataclass(slots=True)
class Trials:
    store: Store
    offload: Offload
    messenger: Messenger
    clock: Clock
    bench: Bench
    soon: float = SOON

    async def do(self, change: TryChange, incoming: Incoming, view: View) -> Message | None:
        """What the trial led to; None where it stands in the message that told how far it was."""
        match change:
            case Try():
                found, shown = await self._watched(self.bench.files, incoming, view)
                message = trial_view.tried(found, view.language)
            case TryTerm(term):
                weighed, shown = await self._watched(lambda tell: self.bench.term(term, tell), incoming, view)
                message = trial_view.weighed(weighed, view, self.clock())
            case TryWithout():
                return await self._without(change, incoming, view)
            case _:
                assert_never(change)
        return await self._told(message, shown, incoming)

    async def _without(self, change: TryWithout, incoming: Incoming, view: View) -> Message | None:
        """A button has no room for a word: it is found again among the titles that were voted on."""
        name = change.watchlist.id
        word = quality.word_of(change.mark, await voted_titles(self.store, self.offload, name, self.clock()))
        if word is None:
            return Message(view.say("trial.gone"))
        found, shown = await self._watched(lambda tell: self.bench.without(name, word, tell), incoming, view)
        return await self._told(trial_view.tried_without(found, view.name(name), word, view.language), shown, incoming)

    async def _watched(self, work: Callable[[Tell], T], incoming: Incoming, view: View) -> tuple[T, int | None]:
        """What the work leads to, and the message that told of it on the way, if it took long enough for one."""
        far = (0, 0)

        def tell(done: int, size: int) -> None:
            nonlocal far
            far = (done, size)

        await self.messenger.typing(incoming.chat)
        task = asyncio.create_task(asyncio.to_thread(work, tell))
        shown, wait = None, self.soon
        while not (await asyncio.wait({task}, timeout=wait))[0]:
            await self.messenger.typing(incoming.chat)
            shown = await self._progress(shown, trial_view.progress(*far, view.language), incoming)
            wait = EVERY
        return task.result(), shown

    async def _progress(self, shown: int | None, message: Message, incoming: Incoming) -> int | None:
        if shown is not None:
            await self.messenger.edit(incoming.chat, shown, message)
            return shown
        answer = await self.messenger.send(incoming.chat, message, thread=incoming.thread)
        return answer.message_id if isinstance(answer, Sent) else None

    async def _told(self, message: Message, shown: int | None, incoming: Incoming) -> Message | None:
        if shown is None or isinstance(await self.messenger.edit(incoming.chat, shown, message), MessageRefused):
            return message
        return None
