"""What comes from chats is answered here, and done: the shell around `commands`."""

import logging
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.conversation import access, commands, group_setup, menus
from bot.conversation.background import BackgroundTasks
from bot.conversation.commands import Task
from bot.conversation.context import Context
from bot.conversation.limits import Patience
from bot.conversation.model import Beneath, Keys, Noticed, Question, Request, Shown
from bot.conversation.scene import may_change, view_of
from bot.delivery.chat import ChatGone, MessageRefused, Moved, Sent
from bot.messages import texts
from bot.model import Incoming, Message
from storage import StoreError
from storage.operators.model import NewNotice

log = logging.getLogger("vigie.conversation")

QUESTIONS = 1_000  # that wait for an answer at once
PATIENCE = timedelta(minutes=10)  # for the answer to a question of ours


@dataclass(slots=True)
class Conversation:
    """Answers what comes in."""

    context: Context
    _questions: dict[tuple[int, int], tuple[str, datetime]] = field(default_factory=dict)  # asked, until when
    _patience: Patience = field(init=False)

    def __post_init__(self) -> None:
        self._patience = Patience(self.context.clock, self.context.access.admins)

    @property
    def offers(self) -> BackgroundTasks:
        """The menus of commands that are being told to Telegram."""
        return self.context.offers

    async def handle(self, incoming: Incoming) -> None:
        """Answer one message, press or change of membership. Never raises for a bug of ours: it is logged, and told."""
        try:
            await self._handle(incoming)
        except Exception as bug:
            log.exception("conversation failed", extra={"kind": incoming.kind})
            await self._apologise(incoming)
            with suppress(StoreError):  # it may be the store that failed: the log has it
                told = NewNotice("bug", type(bug).__name__, self.context.clock())
                await self.context.offload(self.context.store.notices.put, None, (told,), (), self.context.clock())

    async def _handle(self, incoming: Incoming) -> None:
        match incoming.kind:
            case "membership":
                await self._membership(incoming)
            case "migration":
                if incoming.moved_to is not None:
                    migrate = self.context.store.chats.migrate
                    await self.context.offload(migrate, incoming.chat, incoming.moved_to)
            case "topic":
                await self._topic(incoming)
            case "message" | "press":
                if incoming.chat_kind != "channel":
                    await self._talk(incoming)
            case _:
                assert_never(incoming.kind)

    async def _membership(self, incoming: Incoming) -> None:
        """A chat that leaves is no longer written to; one that we know and that comes back is."""
        offload, chats, now = self.context.offload, self.context.store.chats, self.context.clock()
        if incoming.text in ("left", "kicked"):
            await offload(chats.leave, incoming.chat, now)
            return
        if incoming.text == "restricted":
            await offload(chats.silence, incoming.chat)
            return
        known = await offload(chats.find, incoming.chat)
        if known is not None:
            await offload(chats.arrive, incoming.chat, incoming.chat_kind, known.language, now)
        elif incoming.chat_kind != "private" and access.is_admitted(incoming, None, self.context):
            language = texts.language_of(incoming.language)
            chat = await offload(chats.arrive, incoming.chat, incoming.chat_kind, language, now, incoming.user)
            await group_setup.greet(incoming, chat, self.context)

    async def _topic(self, incoming: Incoming) -> None:
        chats, thread = self.context.store.chats, incoming.thread or 0
        moved = chats.close_topic if incoming.text == "closed" else chats.free_topic
        await self.context.offload(moved, incoming.chat, thread, self.context.clock())

    # --- talk ------------------------------------------------------------------------------------------------------
    async def _talk(self, incoming: Incoming) -> None:
        """Decide, answer the press before any slow work, so that it never spins, then do and show."""
        incoming = self._answered(incoming)
        try:
            task = await self._decided(incoming)
        except Exception:
            await self._answer(incoming, "")
            raise
        if task is None:
            await self._answer(incoming, "")
            return
        if task.leads and (link := await task.leads(task.request, self.context)):
            await self.context.messenger.answer(incoming.callback or "", url=link)
            return
        if task.notice is not None:
            await self._answer(incoming, task.notice)
        await self._show(task, await self._done(task))

    async def _done(self, task: Task) -> Shown:
        """What it shows. A press that only this can answer is answered now, whatever comes of it."""
        notice = ""
        try:
            shown = await task.do(task.request, self.context)
            if isinstance(shown, Noticed):
                notice, shown = shown.notice, shown.keys
            return shown
        finally:
            if task.notice is None:
                await self._answer(task.request.incoming, notice)

    def _remember(self, incoming: Incoming, command: str) -> None:
        """A question waits for ten minutes; the oldest gives way where many are asked."""
        now = self.context.clock()
        waiting = [(who, asked) for who, asked in self._questions.items() if now <= asked[1]]
        self._questions = dict(waiting[-QUESTIONS + 1 :])
        self._questions[incoming.chat, incoming.speaker] = (command, now + PATIENCE)

    def _answered(self, incoming: Incoming) -> Incoming:
        """An answer to what we asked stands for the whole command."""
        if incoming.kind != "message":
            return incoming
        now = self.context.clock()
        command, until = self._questions.pop((incoming.chat, incoming.speaker), ("", now))
        fits = incoming.reply_to is not None or incoming.chat_kind == "private"
        if not command or not fits or incoming.text.startswith("/") or now > until:
            return incoming
        return replace(incoming, text=f"/{command} {incoming.text}")

    async def _decided(self, incoming: Incoming) -> Task | None:
        verdict = self._patience.verdict(incoming.speaker)
        if verdict == "silence":  # before the store is asked anything
            return None
        view = await view_of(incoming, self.context)
        request = Request(incoming, view, may_change=False)
        if verdict == "enough":
            return _refused(request, "rights.slower")
        allowed = await may_change(incoming, view, self.context)
        if view.place is not None and not allowed:  # a client may press data of its own: it sees nothing of others
            return _refused(request, "rights.admins")
        operator = incoming.user in self.context.access.admins
        request = replace(request, may_change=allowed, operator=operator)
        task = commands.decide(request)
        # A link of ours opens what it was made for: who reads or administers an admitted chat has no need to ask
        if access.is_admitted(incoming, view.chat, self.context) or (task and task.sealed):
            return task
        return _refused(request, "rights.request") if incoming.kind == "press" else Task(request, access.turn_away)

    async def _answer(self, incoming: Incoming, notice: str) -> None:
        if incoming.callback is not None:
            await self.context.messenger.answer(incoming.callback, notice)

    async def _show(self, task: Task, shown: Shown) -> None:
        """In place of the menu that was pressed, or else as a new message."""
        incoming, messenger = task.request.incoming, self.context.messenger
        match shown:
            case Message():
                message = menus.placed(task.request.view, shown) if task.headed else shown
                if not await self._edited(incoming, message):
                    await self._send(incoming, message)
            case Beneath(answer):
                await self._send(incoming, menus.placed(task.request.view, answer), reply_to=incoming.message)
            case Question(command, words):
                self._remember(incoming, command)
                await self._send(incoming, Message(words, ask=True))
            case Keys(buttons, beneath) if incoming.message is not None:
                await messenger.keys(incoming.chat, incoming.message, buttons)
                if beneath is not None:
                    await self._send(incoming, beneath, reply_to=incoming.message)

    async def _edited(self, incoming: Incoming, message: Message) -> bool:
        """Whether it stands now where the menu was that was pressed."""
        if incoming.kind != "press" or incoming.message is None:
            return False
        answer = await self.context.messenger.edit(incoming.chat, incoming.message, message)
        return not isinstance(answer, MessageRefused)

    async def _send(self, incoming: Incoming, message: Message, reply_to: int | None = None) -> None:
        messenger, offload, chats = self.context.messenger, self.context.offload, self.context.store.chats
        answer = await messenger.send(incoming.chat, message, reply_to=reply_to, thread=incoming.thread)
        if isinstance(answer, Moved):
            await offload(chats.migrate, incoming.chat, answer.chat_id)
            await messenger.send(answer.chat_id, message)
        elif isinstance(answer, ChatGone):
            await offload(chats.leave, incoming.chat, self.context.clock())
        elif not isinstance(answer, Sent):
            log.warning("reply not sent", extra={"answer": type(answer).__name__})

    async def _apologise(self, incoming: Incoming) -> None:
        if incoming.kind in ("message", "press") and incoming.chat_kind != "channel":
            sorry = texts.text(texts.language_of(incoming.language), "error.reader")
            await self.context.messenger.send(incoming.chat, Message(sorry), thread=incoming.thread)


def _refused(request: Request, key: str) -> Task:
    return commands.refused(request, request.say(key))
