"""How the command line speaks when it is called wrongly, or for help: argparse's words, in French."""

import argparse
import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from bot.ending import WRONG, Stop

# argparse's own sentences, from Python 3.11 on; one that is not here stays as it is
_SENTENCES = (
    (r"the following arguments are required: (.+)", "il manque : {0}"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", "{0} : « {1} » n’existe pas"),
    (r"argument (.+?): invalid (?:int|float) value: '(.*)'", "{0} attend un nombre, pas « {1} »"),
    (r"argument (.+?): expected (?:one|\d+|at least one) arguments?", "{0} attend une valeur"),
    (r"argument (.+?): not allowed with argument (.+)", "{0} et {1} ne vont pas ensemble"),
    (r"argument (.+?): ignored explicit argument (.+)", "{0} ne prend pas de valeur"),
    (r"one of the arguments (.+) is required", "il faut l’un de : {0}"),
    (r"ambiguous option: (.+) could match (.+)", "« {0} » peut vouloir dire {1}"),
    (r"unrecognized arguments: (.+)", "en trop : {0}"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[Any], groups: Iterable[Any], prefix: Any = None) -> None:
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Raises Stop with one French line where argparse would print English ones and exit.

    With `minus_words`, « -mot » is a word to be given, not an option: only « -h » and what begins with « -- » are.
    """

    def __init__(self, *, minus_words: bool = False, **arguments: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **arguments)
        self._positionals.title = "à donner"
        self._optionals.title = "options"
        self.add_argument("-h", "--help", action="help", help="montrer cette aide")
        self._minus_words = minus_words

    def parse_known_args(self, args: Sequence[str] | None = None, namespace: Any = None) -> Any:  # type: ignore[override]  # it has overloads
        if self._minus_words and args is not None:  # what begins with a blank is never an option to argparse
            args = [f" {given}" if given != "-h" and re.match(r"-[^-\s]", given) else given for given in args]
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        raise Stop(WRONG, f"{french(message)} (aide : {self.prog} --help)")


def french(message: str) -> str:
    """One of argparse's sentences in French, with the nearest name where a name is unknown."""
    for pattern, sentence in _SENTENCES:
        if told := re.fullmatch(pattern, message, re.DOTALL):
            return sentence.format(*told.groups()) + (_hint(told[2], told[3]) if "choose from" in pattern else "")
    return message


def _hint(given: str, choices: str) -> str:
    known = [choice.strip(" '") for choice in choices.split(",")]
    near = difflib.get_close_matches(given, known, n=1)
    return f" ; vouliez-vous « {near[0]} » ?" if near else f" ; il y a : {', '.join(known)}"
