"""`vigie group`: articles in, what goes together out, one JSON object a line."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, TextIO

from bot import grouping
from bot.jsonl import BadLine, encoded, identity, moment, numbered, read_object, text_of
from bot.web import urls
from matchers.engine.engine import Engine
from matchers.model import FIELDS, Article
from matchers.stories import topics
from matchers.stories.grouping import Grouping
from matchers.stories.parts import Part
from storage.schema import EPOCH
from storage.stories.ledger import Filed, Ledger, Line

AHEAD = timedelta(hours=1)  # a clock may be wrong by that much: a later date is no date


def run(
    engine: Engine,
    lines: Iterable[bytes],
    out: BinaryIO,
    errors: TextIO,
    now: datetime,
    state: Path | None,
    without: tuple[Part, ...] = (),
) -> int:
    """Answer every line before the next one is read. Exit code: 1 if a line was bad, else 0."""
    judge = grouping.Grouper(Grouping(without=without))
    with TemporaryDirectory(prefix="vigie-group-") as folder:
        ledger = Ledger(state or Path(folder) / "base.db", judge, durable=state is not None)
        names = {name: each.name or name for name, each in engine.entities.items()}
        reader = _LineReader(engine, judge.grouping, now, errors)
        try:
            for answer in ledger.file(reader.read(lines)):
                out.write(encoded(_shown(answer, reader.said, names)))
                out.flush()
        finally:
            ledger.close()
    return 1 if reader.bad else 0


class _LineReader:
    """Lines of JSON as values; a bad one is told at once, and counted."""

    def __init__(self, engine: Engine, grouping: Grouping, now: datetime, errors: TextIO) -> None:
        self._engine = engine
        self._grouping = grouping
        self._now = now
        self._errors = errors
        self.bad = 0
        self._named: dict[str, int] = {}  # the line on which each id stood first
        self.said = ""  # the start of the line read last

    def read(self, lines: Iterable[bytes]) -> Iterator[Line]:
        number = 0
        for number, line in numbered(lines):
            try:
                yield self._line(read_object(line), number)
            except BadLine as problem:
                self.bad += 1
                self._tell(number, str(problem))
        if not number:
            print("vigie : aucun article sur l'entrée", file=self._errors, flush=True)

    def _tell(self, number: int, said: str) -> None:
        print(f"vigie : ligne {number} : {said}", file=self._errors, flush=True)

    def _doubts(self, name: str, value: dict[str, Any], number: int) -> Iterator[str]:
        """What of a line is read otherwise than it was meant, perhaps; its article counts all the same."""
        before = self._named.setdefault(name, number)
        if before != number:
            yield f"«\u00a0id\u00a0» a déjà servi ligne {before}\u00a0: les réponses ne diront plus lequel des deux"
        written = text_of(value, "published")
        if written.strip() and moment_of(written, self._now) is None:
            yield f"«\u00a0published\u00a0» {_undated(moment(written))}\u00a0: l'article est daté comme celui d'avant"
        if not any(text_of(value, field).strip() for field in FIELDS):
            yield "ni titre, ni résumé, ni texte\u00a0: rien à comparer"

    def _line(self, value: dict[str, Any], number: int) -> Line:
        name = json.dumps(identity(value))
        title, summary, text, url = (text_of(value, field) for field in ("title", "summary", "text", "url"))
        article = Article(title=title, summary=summary, text=text, url=url)
        self.said = f"{title} {(summary or text)[: self._grouping.lead]}"
        for doubt in self._doubts(name, value, number):
            self._tell(number, doubt)
        scan = self._engine.scan(article)
        return Line(
            name=name,
            traits=grouping.traits(scan, self._engine.matches(scan), self._engine, self._grouping),
            title=title,
            url=url,
            url_keys=urls.url_keys(url) if urls.is_page(url) else (),
            feed=text_of(value, "feed"),
            guid=text_of(value, "guid"),
            published=moment_of(text_of(value, "published"), self._now),
        )


def moment_of(written: str, now: datetime) -> datetime | None:
    """A date as aware UTC; None for none, for one that can't be read, and for one in the future or before 1970."""
    found = moment(written)
    return found if found is not None and EPOCH <= found <= now + AHEAD else None


def _undated(found: datetime | None) -> str:
    """Why a date is none."""
    if found is None:
        return "n'est pas une date ISO 8601 (2026-11-20T10:00:00+01:00)"
    return "est d'avant 1970" if found < EPOCH else "est dans l'avenir"


def _shown(filed: Filed, said: str, names: Mapping[str, str]) -> dict[str, Any]:
    """An answer: `said` is the line's text, in which its words are looked for; `names` are those of the entities."""
    found = filed.grouped
    near = [
        {"story": json.loads(story), "score": score, **({"veto": veto} if veto else {})}
        for story, score, veto in filed.near
    ]
    reason = {"level": found.level, "rule": found.rule, **found.numbers, **({"near": near} if near else {})}
    reason |= {key: _written(reason[key], said, names) for key in ("words", "subject") if key in reason}
    return {
        "id": json.loads(filed.name),
        "duplicate_of": None if filed.copy_of is None else json.loads(filed.copy_of),
        "story": json.loads(filed.story),
        "dossier": json.loads(filed.dossier),
        "answer": reason.pop("answer", "apart" if found.level == "new" else "sure"),
        "near": near[0]["story"] if near else None,
        "reason": reason,
    }


def _written(terms: Any, said: str, names: Mapping[str, str]) -> list[str]:
    """Terms as people write them: words and figures as the text does, entities by their names."""
    spelled = topics.spelled(terms, said)
    return [spelled.get(each) or names.get(each.removeprefix("@")) or each for each in terms]
