"""Articles that somebody judged: those of a labelled file, and those that readers voted on."""

import gzip
import json
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bot import given
from bot.config.document import near
from bot.ending import WRONG, CannotRun, Stop
from bot.french import counted
from bot.jsonl import BadLine, article_of, encoded, read_object, text_of
from bot.reading.matched import article_of_stored
from matchers.model import FIELDS, Article
from storage import open_store
from storage.chats.model import Balance
from storage.ids import ArticleId
from storage.place import Place
from storage.store import Store
from storage.system import said

SHOWN = 20  # bad lines named before « et … »


@dataclass(frozen=True, slots=True)
class Label:
    """What an article is worth. `label`: 2 the very subject, 1 beside it, 0 to be left alone; `lists` should keep it.

    `flash`: worth telling at once · `mention`: names the subject in passing · `evergreen`: a guide, an opinion, an
    advert · `event`: the articles that tell one event bear the same text, "" is an event of its own · `sure` is False
    where the one who judged was not.
    """

    label: int
    lists: tuple[str, ...] = ()
    flash: bool = False
    mention: bool = False
    evergreen: bool = False
    event: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, what it is worth, its id as the file gives it, and the line where it stands; 0 where in no file.

    `group`: what its line says under the key that was asked for; "" where it says nothing."""

    id: str
    article: Article
    label: Label
    line: int = 0
    group: str = ""


# --- a file --------------------------------------------------------------------------------------------------------
def read_labelled(path: Path, by: str = "") -> tuple[Labelled, ...]:
    """The articles of a JSON Lines file, packed by gzip or not. `by`: the key that groups them; "" for no groups.

    Raises Stop with a line for each that is broken, or where no line has that key."""
    found, wrong = [], []
    for number, line in _lines(path):
        try:
            found.append(replace(labelled(line, str(number), by), line=number))
        except BadLine as problem:
            wrong.append(f"{path}:{number} : {problem}")
    if wrong:
        more = [f"et {len(wrong) - SHOWN} de plus"] if len(wrong) > SHOWN else []
        raise Stop(WRONG, "fichier refusé", *(f"  {each}" for each in (*wrong[:SHOWN], *more)))
    if by and found and not any(each.group for each in found):
        raise CannotRun(f"{path} : aucune ligne ne dit « {by} » ; --by veut une clé du fichier, comme corpus ou source")
    return tuple(found)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers."""
    if path.is_char_device():
        raise CannotRun(f"{path} n’est pas un fichier")
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            yield from ((number, line) for number, line in enumerate(given.lines(file), start=1) if line.strip())
    except (OSError, EOFError, zlib.error) as problem:
        reason = said(problem) if isinstance(problem, OSError) and problem.errno else "ce n’est pas un gzip entier"
        raise CannotRun(f"fichier illisible : {path} ({reason})") from problem


def labelled(line: bytes, otherwise: str, by: str = "") -> Labelled:
    """One line. `otherwise`: its id where it gives none; `by`: the key of its group. Raises BadLine."""
    value = read_object(line)
    name = str(value.get("id") or otherwise)
    article = replace(article_of(line), id=name)
    if article.published is None and text_of(value, "published").strip():
        raise BadLine("« published » est une date, comme 2026-11-30 ou 2026-11-30T08:00:00+01:00")
    return Labelled(name, article, _label(value), group=_group(value, by) if by else "")


def _group(value: dict[str, Any], by: str) -> str:
    told = value.get(by)
    if told is None:
        return ""
    if isinstance(told, list | dict):
        raise BadLine(f"« {by} » groupe les articles : un texte, un nombre, true ou false")
    return told.strip() if isinstance(told, str) else json.dumps(told)


def _label(value: dict[str, Any]) -> Label:
    worth = value.get("label")
    worth = 0 if worth is None else worth
    if isinstance(worth, bool) or worth not in (0, 1, 2):
        raise BadLine(f"« label » vaut 2 (le sujet même), 1 (à côté) ou 0 (à laisser), pas {worth!r}")
    lists = value.get("lists") or ()
    if not isinstance(lists, list | tuple) or not all(isinstance(each, str) for each in lists):
        raise BadLine("« lists » est une liste d’identifiants de veilles")
    flash, mention, evergreen = (_yes(value, key) for key in ("flash", "mention", "evergreen"))
    event = value.get("event") or ""
    if not isinstance(event, str):
        raise BadLine("« event » est un texte, le même pour les articles d’un même fait")
    if flash and not worth:
        raise BadLine("« flash » vaut true et « label » 0 : ce qui est à laisser ne peut presser")
    return Label(int(worth), tuple(lists), flash, mention, evergreen, event, _yes(value, "sure", absent=True))


def _yes(value: dict[str, Any], key: str, *, absent: bool = False) -> bool:
    told = value.get(key)
    if told is None:
        return absent
    if not isinstance(told, bool):
        raise BadLine(f"« {key} » vaut true ou false")
    return told


def unknown(path: Path, rows: Iterable[Labelled], known: Collection[str]) -> Iterator[str]:
    """A line for each watchlist that a label names and that is not there, at the first that names it."""
    named: dict[str, list[int]] = {}
    for row in rows:
        for name in sorted(set(row.label.lists).difference(known)):
            named.setdefault(name, []).append(row.line)
    for name, at in named.items():
        articles = counted(len(at), "article", "articles")
        yield f"{path}:{at[0]} : pas de veille « {name} »{near(name, known)} ({articles})"


# --- votes ---------------------------------------------------------------------------------------------------------
def voted(database: Place) -> tuple[Labelled, ...]:
    """What readers voted on, and what they said they missed and an operator confirmed. Raises StoreError."""
    if not database.exists():
        raise CannotRun(f"pas de base à {database} : rien n’a encore reçu de vote")
    with closing(open_store(database)) as store:
        votes = {each: _of_votes(store, each, said) for each, said in store.votes.balances().items()}
        votes |= {each: Label(1, (watchlist,)) for each, watchlist in store.missed.wanted()}
        return tuple(_stored(store, each, label) for each, label in sorted(votes.items()))


def _of_votes(store: Store, identifier: ArticleId, votes: Balance) -> Label:
    """The majority; a tie is for the article, unsure, and against a flash."""
    worth = int(votes.useful >= votes.noise)
    lists = tuple(sorted(match.watchlist for match in store.articles.matches(identifier))) if worth else ()
    flash = bool(worth) and votes.urgent > votes.not_urgent
    return Label(worth, lists, flash=flash, sure=votes.useful != votes.noise)


def _stored(store: Store, identifier: ArticleId, label: Label) -> Labelled:
    stored = store.articles.get(identifier)
    if stored is None:
        raise AssertionError(f"a vote on article {identifier}, which is gone")  # the foreign key forbids it
    return Labelled(str(identifier), article_of_stored(stored), label)


def written(each: Labelled) -> bytes:
    """The line of a labelled file that says this; the opposite of `labelled`."""
    fields = {field: getattr(each.article, field) for field in ("url", "source", *FIELDS)}
    published = each.article.published
    dated = {} if published is None else {"published": published.isoformat()}
    return encoded({"id": each.id, **fields, **dated, **asdict(each.label)})
