"""A strict Bot API server on loopback: what Vigie sends is checked as Telegram would, or harder."""

from tests.emulator.chats import Chat, Post
from tests.emulator.server import TOKEN, Emulator, Fault

__all__ = ["TOKEN", "Chat", "Emulator", "Fault", "Post"]
