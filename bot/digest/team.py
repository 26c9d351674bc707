"""Who works with this Vigie, and so keeps its triage: everybody who was let in, or those who run it. Pure."""

from dataclasses import dataclass

from bot.messages import texts
from storage.articles.model import Sorted
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

    def shows_in(self, chat: Chat) -> bool:
        """Whether a message there says how its story stands. Where anybody may come in, a channel is the public's."""
        return self.everybody or (chat.kind != "channel" and self.reads_in(chat))


NOBODY = Team()


def judgement(stands: Sorted, language: str) -> str:
    """« Tri : applicable · Claire · « à revoir » », as plain text."""
    note = texts.text(language, "article.quote", passage=stands.note) if stands.note else ""
    said = (texts.text(language, f"triage.{stands.state}"), stands.owner, note)
    return texts.text(language, "triage.line", said=" · ".join(filter(None, said)))
