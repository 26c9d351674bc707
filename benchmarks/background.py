"""Makes bot/background.txt: in how many articles each term stands. Counts only; no sentence can be read back from them.

python -m benchmarks.background DATA
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.config.configuration import Rules
from bot.config.settings import load_rules, starter
from bot.grouping import named
from matchers import stories
from matchers.engine import Engine
from matchers.grouping import Grouping

TOTAL = 2_000  # articles that the table stands for
DOMAIN = 0.3  # the part of them that is of this domain: from .15 to .5 stories come out alike
LEAST = 2  # articles: rarer terms are left out
HEAD = """# How common words are: in how many of {total} articles a term stands, for the weight of terms
# (matchers/stories.py). Made by benchmarks/background.py. Counted in {general} items of French news feeds, for
# {rest:.0%}, and in {domain} short notes in our own words on articles of this domain, for {part:.0%}. Counts only:
# terms seen in fewer than {least} articles are left out.
# Terms: a stem, ^ a stem written with a capital, @ an entity of entities.yaml. The line without a term is the total.
"""


def texts(path: Path, lead: str) -> Iterable[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        item: dict[str, Any] = json.loads(line)
        yield item.get("title") or item.get("slug_title") or "", item.get(lead) or ""


def counts(articles: Iterable[tuple[str, str]], engine: Engine) -> tuple[int, Counter[str]]:
    grouping, found, total = Grouping(), Counter[str](), 0
    for title, lead in articles:
        topic = stories.read(title, lead, named(title, lead, engine, grouping), grouping)
        found.update(term for term, _ in topic.terms)
        total += 1
    return total, found


def main(data: str) -> None:
    rules = load_rules(starter())
    assert isinstance(rules, Rules), rules
    general, common = counts(texts(Path(data) / "stream-dev.jsonl", "summary"), rules.engine)
    domain, special = counts(texts(Path(data) / "articles-dev.jsonl", "text"), rules.engine)
    lines = [
        HEAD.format(total=TOTAL, general=general, domain=domain, least=LEAST, part=DOMAIN, rest=1 - DOMAIN)
        + f" {TOTAL}"
    ]
    for term in sorted({*common, *special}):
        if common[term] + special[term] >= LEAST and " " not in term:
            share = (1 - DOMAIN) * common[term] / general + DOMAIN * special[term] / domain
            lines.append(f"{term} {max(1, round(share * TOTAL))}")
    target = Path(__file__).parent.parent / "bot" / "background.txt"
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{target} : {len(lines) - 1} terms")


if __name__ == "__main__":
    main(sys.argv[1])
