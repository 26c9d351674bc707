"""`vigie act ID`: an official act, the days that it sets and what is said of it, out of the store alone."""

from contextlib import closing
from typing import TextIO

from bot.conversation import act_view
from bot.conversation.model import View
from bot.ending import FAILED, FINE, WRONG, Stop
from bot.messages import markup
from bot.opening import opened
from matchers.acts.acts import meant
from storage.place import Place


def show(database: Place, asked: str, limit: int, out: TextIO) -> int:
    """Print the act of this id, by whichever of its names; 1 where none is known. Raises Stop for what is no id."""
    names = meant(asked)
    if not names:
        raise Stop(
            WRONG, f"« {asked} » n’est pas un acte : essayez « décret 2018-137 », SAN-2024-013 ou celex:32016R0679"
        )
    with closing(opened(database)) as store:
        for name in names:
            found, press = store.acts.act(name), store.acts.press(name, limit)
            if found is not None or press:
                told = act_view.told(View("fr", {}), name, found, store.deadlines.of_act(name), press)
                print(markup.visible(told), file=out)
                return FINE
    print(f"aucun article ne nomme « {asked} »", file=out)
    return FAILED
