"""A strict Bot API server on loopback: what Vigie sends is checked as Telegram would, or harder."""

from tests.emulator.api import TOKEN, BotApi, Call, Fault, Response
from tests.emulator.chats import Chat, Post
from tests.emulator.server import Emulator

__all__ = ["TOKEN", "BotApi", "Call", "Chat", "Emulator", "Fault", "Post", "Response"]
