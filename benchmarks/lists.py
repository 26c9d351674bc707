"""Three years of an official list, read every day or every month, one reading in twenty damaged: withdrawals and
entries that are told and were none, and how many good readings a true one takes.

python -m benchmarks.lists [SEEDS]
"""

import random
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.feeds.rows import ListPage, read_rows
from matchers.lists import KnownList, ListMoved, ListReading, ListSpec, ListUnread, diff

START = datetime(2026, 1, 1, 8, tzinfo=UTC)
DAYS = 3 * 365
BAD = 0.05
HEADS = ("Prestataire", "Service", "Statut", "Fin de validité", "Décision")
SPEC = ListSpec(("Prestataire", "Service"), "table", "Statut", "Fin de validité")
STEPS = ("J0", "J1", "J2", "J3", "Qualifié")
DAMAGES = (
    *("empty", "maintenance", "cut bytes", "first page", "more button", "last page", "filtered", "one status hidden"),
    *("former copy", "other heads", "half", "wrong charset", "no statuses", "marked statuses", "another table"),
    "no names",
)
Row = tuple[str, str, str, str, str]


@dataclass
class ListLife:
    """A list as it truly is, and what it was."""

    chance: random.Random
    rows: list[Row] = field(default_factory=list)
    made: int = 0
    former: list[str] = field(default_factory=list)
    gone: dict[str, datetime] = field(default_factory=dict)
    there: set[str] = field(default_factory=set)

    def begin(self, many: int) -> None:
        for _ in range(many):
            self.add()

    def add(self) -> None:
        self.made += 1
        status = self.chance.choice(STEPS)
        end = f"{self.chance.randint(1, 28):02}/0{self.chance.randint(1, 9)}/{2030 + self.made % 3}"
        qualified = status == "Qualifié"
        name = f"Firme {self.made:03}"
        self.rows.append((name, f"Nuage {self.made:03}", status, end if qualified else "", str(3000 + self.made)))
        self.there.add(name)

    def move(self, now: datetime) -> None:
        """What happens on a day: about one thing a fortnight."""
        happening = self.chance.random()
        if happening < 0.02:
            self.add()
        elif happening < 0.04 and len(self.rows) > 12:
            row = self.rows.pop(self.chance.randrange(len(self.rows)))
            self.gone[row[0]] = now
        elif happening < 0.07:
            at = self.chance.randrange(len(self.rows))
            row = self.rows[at]
            step = STEPS[min(STEPS.index(row[2]) + 1, len(STEPS) - 1)]
            self.rows[at] = (*row[:2], step, row[3] or ("01/06/2031" if step == "Qualifié" else ""), row[4])
        if happening < 0.07:
            self.former.append(page(self.rows))


def page(rows: list[Row], heads: tuple[str, ...] = HEADS, below: str = "") -> str:
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    head = "<tr>" + "".join(f"<th>{each}</th>" for each in heads) + "</tr>"
    return f"<html><body><table><thead>{head}</thead><tbody>{body}</tbody></table>{below}</body></html>"


def damaged(life: ListLife, how: str) -> str:
    rows, chance = life.rows, life.chance
    whole, status = page(rows), chance.choice([row[2] for row in rows])
    shapes = {
        "empty": lambda: page([]),
        "maintenance": lambda: "<html><body><p>Site en maintenance</p></body></html>",
        "cut bytes": lambda: whole[: chance.randrange(len(whole))],
        "first page": lambda: page(rows[: chance.randint(5, len(rows) - 3)]),
        "more button": lambda: page(rows[: chance.randint(5, len(rows) - 1)], below="<a href='?p=2'>Voir plus</a>"),
        "last page": lambda: page(rows[chance.randint(3, len(rows) - 1) :]),
        "filtered": lambda: page([row for row in rows if row[2] == status]),
        "one status hidden": lambda: page([row for row in rows if row[2] != status]),
        "former copy": lambda: chance.choice(life.former[-4:-1] or [whole]),
        "other heads": lambda: page(rows, ("Société", "Offre", "Étape", "Échéance", "N°")),
        "half": lambda: page(chance.sample(rows, len(rows) // 2)),
        "wrong charset": lambda: whole.encode().decode("latin-1"),
        "no statuses": lambda: page([(*row[:2], "", "", row[4]) for row in rows]),
        "marked statuses": lambda: page([(*row[:2], row[2].upper() + " *", *row[3:]) for row in rows]),
        "another table": lambda: page([("Assistance", "Téléphone", "Ouvert", "", "")] * 3),
        "no names": lambda: page([("", *row[1:]) if chance.random() < 0.3 else row for row in rows]),
    }
    return shapes[how]()


def lived(seed: int, every: int) -> Counter[str]:
    """One list's three years, in counts."""
    life = ListLife(random.Random(seed))
    life.begin(24)
    known: KnownList | None = None
    counts: Counter[str] = Counter()
    seen_gone: Counter[str] = Counter()
    told: Counter[str] = Counter()
    listed: set[str] = set()
    for day in range(DAYS):
        now = START + timedelta(days=day)
        life.move(now)
        if day % every:
            continue
        bad = day > 0 and life.chance.random() < BAD
        how = life.chance.choice(DAMAGES) if bad else ""
        reading = read(damaged(life, how) if how else page(life.rows))
        answer = diff(known, reading, now)
        known = answer.known
        listed |= {each.row.key[0] for each in known.rows.values()} if known else set()
        counts["readings"] += 1
        counts["damaged"] += bad
        if not bad:
            seen_gone.update(listed & life.gone.keys())
        for event in answer.events if isinstance(answer, ListMoved) else ():
            name = event.row.key[0]
            told[f"{event.kind} {name}"] += 1
            counts[f"{event.kind} told"] += 1
            if event.kind == "removed" and name not in life.gone:
                counts["false removed"] += 1
                counts[f"false removed, {how or 'good reading'}"] += 1
            elif event.kind == "removed" and seen_gone[name] > 2:
                counts["removed late"] += 1
            elif event.kind == "renamed":
                counts["false renamed"] += 1
            elif event.kind == "added" and (name not in life.there or told[f"added {name}"] > 1):
                counts["false added"] += 1
    counts["withdrawn"] += len(life.gone)
    counts["never told"] += sum(not told[f"removed {name}"] and seen_gone[name] > 2 for name in life.gone)
    return counts


def read(text: str) -> ListReading | ListUnread:
    match read_rows(text.encode(), "text/html; charset=utf-8", "https://liste.test/", SPEC):
        case ListPage(reading):
            return reading
        case unread:
            return unread


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    for name, every in (("every day", 1), ("every month", 30)):
        counts = sum((lived(seed, every) for seed in range(seeds)), Counter[str]())
        print(f"{name}, {seeds} lists: " + ", ".join(f"{counts[each]} {each}" for each in sorted(counts)))


if __name__ == "__main__":
    main()
