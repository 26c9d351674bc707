"""What matching costs: CPU time per article with the starter's lists, beside the two obvious ways to look for terms."""

import random
import re
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot.config import Rules, load_rules, starter
from bot.yamlfile import Loaded, load
from matchers.engine import Engine
from matchers.lint import article_of
from matchers.model import Article
from matchers.text import fold
from matchers.watchlist import Example

SEED = 20260101
ARTICLES = 200
LENGTH = 4_000
REPEATS = 7

FILLER = (
    "Le conseil municipal s’est réuni jeudi soir pour examiner le budget de l’année à venir.",
    "« Nous n’avons pas d’autre choix », reconnaît la directrice de l’établissement.",
    "La réunion a duré près de trois heures ; aucune décision n’a été prise.",
    "Les travaux de la ligne 4 commenceront au printemps, après l’enquête publique.",
    "Selon l’étude, 62 % des personnes interrogées disent mal connaître leurs droits.",
    "Le tribunal rendra son jugement le 12 mars (les deux parties peuvent faire appel).",
    "À l’hôpital, les équipes de nuit manquent encore de bras : vingt postes restent à pourvoir.",
    "Qui paiera ? La question revient à chaque séance, sans réponse claire.",
    "Les données de l’enquête seront publiées à l’automne, promet le ministère.",
    "Un opérateur de réseau a prévenu ses clients d’une panne de quelques minutes.",
    "Le prix du gaz a reculé de 3,5 % en un mois, d’après les chiffres officiels.",
    "L’éditeur prévoit d’embaucher une cinquantaine d’ingénieurs à Lyon et à Rennes.",
    "Cette réforme, attendue depuis 2019, avait été repoussée deux fois.",
    "Interrogé par nos soins, le porte-parole n’a pas souhaité faire de commentaire…",
    "Le cœur du projet reste inchangé : moderniser les outils et former les agents.",
)


def texts_of(folder: Path) -> tuple[str, ...]:
    """The sentences of the examples of every watchlist."""
    found: list[str] = []
    for path in sorted(folder.glob("watchlists/*.yaml")):
        match load(path):
            case Loaded(data={"examples": {"match": [*match], "ignore": [*ignore]}}):
                for example in (*match, *ignore):
                    read = article_of(example if isinstance(example, str) else Example(**example))
                    found += filter(None, (read.title, read.summary, read.text))
            case _:
                continue
    return tuple(found)


def corpus(examples: Sequence[str], count: int = ARTICLES) -> tuple[Article, ...]:
    """Articles of about 4,000 characters; one in five speaks of what the watchlists look for."""
    choice = random.Random(SEED)
    return tuple(_article(choice, examples if number % 5 == 0 else FILLER, number) for number in range(count))


def _article(choice: random.Random, about: Sequence[str], number: int) -> Article:
    sentences = [choice.choice(about)]
    while sum(map(len, sentences)) < LENGTH:
        sentences.append(choice.choice(about if choice.random() < 0.1 else FILLER))
    return Article(str(number), choice.choice(about), sentences[0], " ".join(sentences))


def micros(work: Callable[[Article], object], articles: Sequence[Article], repeats: int = REPEATS) -> float:
    """Microseconds of CPU per article: the median of several rounds."""
    rounds = []
    for _ in range(repeats):
        begin = time.process_time()
        for article in articles:
            work(article)
        rounds.append(time.process_time() - begin)
    return statistics.median(rounds) / len(articles) * 1e6


def words_of(engine: Engine) -> tuple[str, ...]:
    """What a simple bot would look for: the words of every pattern of the engine."""
    return tuple(sorted({pattern.decode("latin-1").strip() for pattern in engine.patterns}))


def report() -> str:
    """The table, ready to print."""
    rules = load_rules(starter())
    assert isinstance(rules, Rules), rules
    engine = rules.engine
    words = words_of(engine)
    alternation = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    articles = corpus(texts_of(starter()))
    size = statistics.mean(len(_whole(article)) for article in articles)
    ways: dict[str, tuple[Callable[[Article], Any], Sequence[Article], int]] = {
        "match": (engine.match, articles, REPEATS),
        "read (fold, one pass, names)": (engine.read, articles, REPEATS),
        "fold": (lambda article: fold(_whole(article)), articles, REPEATS),
        "`kw in text` loop": (lambda article: _loop(words, article), articles[:20], 3),
        "one `re` alternation": (lambda article: alternation.findall(_whole(article).lower()), articles[:5], 1),
    }
    costs = {name: micros(*way) for name, way in ways.items()}
    lines = [f"{len(words)} patterns, {len(articles)} articles of {size:.0f} characters, µs of CPU per article"]
    lines += [f"{name:32} {cost:10.0f}   {cost / costs['match']:8.1f} × match" for name, cost in costs.items()]
    lines.append(f"fold: {size / costs['fold']:.0f} MB/s")
    return "\n".join(lines)


def _whole(article: Article) -> str:
    return f"{article.title}  {article.summary}  {article.text}"


def _loop(words: Sequence[str], article: Article) -> list[str]:
    text = _whole(article).lower()
    return [word for word in words if word in text]


if __name__ == "__main__":
    print(report())
