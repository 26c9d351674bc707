"""Who works with this Vigie, and so keeps its triage: everybody who was let in, or those who run it. Pure."""

from dataclasses import dataclass

from storage.chats.model import Chat


@dataclass(frozen=True, slots=True)
class Team:
    """`everybody`: access is closed, so that whoever reads was let in. `operators` are the Telegram ids of those who
    run this Vigie."""

    everybody: bool = False
    operators: frozenset[int] = frozenset()

    def reads_in(self, chat: Chat) -> bool:
        """Whether it is the team's: where anybody may come in, the private chats of operators, and what they set up."""
        return self.everybody or chat.telegram_id in self.operators or chat.set_by in self.operators


NOBODY = Team()
