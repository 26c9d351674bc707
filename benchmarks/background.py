"""Makes bot/background.txt and bot/beside.txt: in how many articles each term stands, in all and beside each entity.
Counts only; no sentence can be read back from them.

python -m benchmarks.background DATA
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from bot.grouping import named
from matchers.engine.engine import Engine
from matchers.model import Article
from matchers.stories import topics
from matchers.stories.grouping import Grouping, Topic

TOTAL = 2_000  # articles that the table stands for
DOMAIN = 0.3  # the part of them that is of this domain: from .15 to .5 stories come out alike
LEAST = 2  # articles: rarer terms are left out
HEAD = """# How common words are: in how many of {total} articles a term stands, for the weight of terms
# (matchers/stories/stories.py). Made by benchmarks/background.py. Counted in {general} items of French news feeds, for
# {rest:.0%}, and in {domain} short notes in our own words on articles of this domain, for {part:.0%}. Counts only:
# terms seen in fewer than {least} articles are left out.
# Terms: a stem, ^ a stem written with a capital, @ an entity of entities.yaml. The line without a term is the total.
"""
BESIDE = """# What words stand beside an entity whatever happens: of how many stories they would be, before ours are
# counted (matchers/stories/stories.py). Made by benchmarks/background.py, from {domain} short notes in our own words.
# A line that begins with @ names an entity and how many notes name it (from {least} on); below it, the terms that
# {share:.0%} of them hold, with their number.
"""
KNOWN = 12  # notes that name an entity, from which its words are known
OFTEN = 0.3  # of them hold a word that is kept


def texts(path: Path, lead: str) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item: dict[str, Any] = json.loads(line)
        yield item.get("title") or item.get("slug_title") or "", item.get(lead) or ""


def read(articles: Iterable[tuple[str, str]], engine: Engine) -> list[Topic]:
    grouping = Grouping()
    return [
        topics.read(title, lead, named(engine.scan(Article(title=title, summary=lead)), engine, grouping), grouping)
        for title, lead in articles
    ]


def counts(told: Sequence[Topic]) -> Counter[str]:
    """Terms, and capitalised words by themselves; kinds of steps are told by many words."""
    found = Counter[str]()
    for topic in told:
        found.update(term for term in (*topic.title, *topic.lead) if not term.startswith(("%", "#")))
        found.update(name for name in topic.said if name.startswith("^") and " " not in name)
    return found


def beside(told: Sequence[Topic]) -> Iterable[str]:
    """The lines of bot/beside.txt."""
    by_entity: dict[str, list[Topic]] = defaultdict(list)
    for topic in told:
        for term in {*topic.title, *topic.lead}:
            if term.startswith("@"):
                by_entity[term].append(topic)
    for entity, notes in sorted(by_entity.items()):
        if len(notes) >= KNOWN:
            yield f"{entity} {len(notes)}"
            held = Counter(term for topic in notes for term in {*topic.title, *topic.lead})
            yield from (f" {term} {n}" for term, n in sorted(held.items()) if n >= max(2, OFTEN * len(notes)))


def main(data: str) -> None:
    rules = load_rules(starter())
    assert isinstance(rules, Rules), rules
    general = read(texts(Path(data) / "stream-dev.jsonl", "summary"), rules.engine)
    domain = read(texts(Path(data) / "articles-dev.jsonl", "text"), rules.engine)
    common, special = counts(general), counts(domain)
    lines = [
        HEAD.format(total=TOTAL, general=len(general), domain=len(domain), least=LEAST, part=DOMAIN, rest=1 - DOMAIN)
        + f" {TOTAL}"
    ]
    for term in sorted({*common, *special}):
        if common[term] + special[term] >= LEAST:
            share = (1 - DOMAIN) * common[term] / len(general) + DOMAIN * special[term] / len(domain)
            lines.append(f"{term} {max(1, round(share * TOTAL))}")
    write("background.txt", lines)
    write("beside.txt", [BESIDE.format(domain=len(domain), least=KNOWN, share=OFTEN).rstrip(), *beside(domain)])


def write(name: str, lines: Sequence[str]) -> None:
    target = Path(__file__).parent.parent / "bot" / name
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target} : {len(lines)} lignes")


if __name__ == "__main__":
    main(sys.argv[1])
