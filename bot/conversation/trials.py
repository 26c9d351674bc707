"""What an operator tries, done in a thread of its own while the chat shows how far it is."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.conversation import registry, trial_view
from bot.conversation.context import Context
from bot.conversation.model import Beneath, Request
from bot.conversation.registry import button, command
from bot.delivery.chat import MessageRefused, Sent
from bot.model import Message
from bot.operators import quality
from bot.operators.review import voted_titles
from bot.trials.findings import Tell
from matchers.model import Watchlist

T = TypeVar("T")

EVERY = 3.0  # seconds between two words of progress


@command("essai", "backtest", rank=140, right="operators", offered=("operators",))
async def try_rules(request: Request, context: Context) -> Message | None:
    """How often a term would be found; without one, what the files on disk would change. Nothing is put into force."""
    bench, term = context.bench, request.argument
    if term:
        weighed, shown = await _watched(lambda tell: bench.term(term, tell), request, context)
        message = trial_view.weighed(weighed, request.view, context.clock())
    else:
        found, shown = await _watched(bench.files, request, context)
        message = trial_view.tried(found, request.view.language)
    return await _told(message, shown, request, context)


@button("b", reads=registry.watchlist_and_number, right="operators")
async def try_without(request: Request, context: Context, exclusion: tuple[Watchlist, int]) -> Beneath | None:
    """Try a watchlist in force with one more exclusion. A button has no room for the word: it is found again, by its
    mark, among the titles that were voted on."""
    (watchlist, mark), view = exclusion, request.view
    name = watchlist.id
    word = quality.word_of(mark, await voted_titles(context.store, context.offload, name, context.clock()))
    if word is None:
        return Beneath(Message(view.say("trial.gone")))
    found, shown = await _watched(lambda tell: context.bench.without(name, word, tell), request, context)
    tried = trial_view.tried_without(found, view.name(name), word, view.language)
    message = await _told(tried, shown, request, context)
    return Beneath(message) if message else None


async def _watched(work: Callable[[Tell], T], request: Request, context: Context) -> tuple[T, int | None]:
    """What the work leads to, and the message that told of it on the way, if it took long enough for one."""
    far, chat = (0, 0), request.incoming.chat

    def tell(done: int, size: int) -> None:
        nonlocal far
        far = (done, size)

    await context.messenger.typing(chat)
    task = asyncio.create_task(asyncio.to_thread(work, tell))
    shown, wait = None, context.bench.soon
    while not (await asyncio.wait({task}, timeout=wait))[0]:
        await context.messenger.typing(chat)
        shown = await _progress(shown, trial_view.progress(*far, request.view.language), request, context)
        wait = EVERY
    return task.result(), shown


async def _progress(shown: int | None, message: Message, request: Request, context: Context) -> int | None:
    incoming, messenger = request.incoming, context.messenger
    if shown is not None:
        await messenger.edit(incoming.chat, shown, message)
        return shown
    answer = await messenger.send(incoming.chat, message, thread=incoming.thread)
    return answer.message_id if isinstance(answer, Sent) else None


async def _told(message: Message, shown: int | None, request: Request, context: Context) -> Message | None:
    """None where it stands in the message that told how far it was."""
    chat = request.incoming.chat
    if shown is None or isinstance(await context.messenger.edit(chat, shown, message), MessageRefused):
        return message
    return None
