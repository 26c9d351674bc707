"""Who was seen first with a story, and who copied: 150 events of ours with the minute at which each source had them.

    python -m benchmarks.leads [SEED]

Each event is told by two to six of twenty sources: one reports it in words of its own, the others print an agency's
text, cut, retitled, with a lead of their own or a footer. Sentences come from one stock, so that any two events share
some of them, names and figures aside. Polls bring each article at its minute; what is judged is what the store then
holds.
"""

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.corpus import ABOUT, ORDINARY, SLOTS, sentence
from bot import grouping
from matchers.engine.engine import Engine, compile_engine
from matchers.model import Article
from matchers.stories.grouping import Grouping
from matchers.watchlists.watchlist import EntityEntry, WatchlistFile
from storage.articles.model import ArticleText, EntryKey, EntryRecord, Standing
from storage.schema import article, grouped
from storage.store import Store
from tests.grouping.world import FEEDS, NEWSROOM, opened
from tests.storage.builders import NOW, poll

EVENTS, SEED, SOURCES, KNOWN = 150, 20261129, 20, 2
TITLES = (
    (
        "{who} obtient la qualification SecNumCloud pour son offre de {where}",
        "SecNumCloud : l’ANSSI qualifie {who}, à {where}",
        "Qualifié SecNumCloud, {who} ({where}) vise les ministères",
        "{who} décroche SecNumCloud",
    ),
    (
        "La CNIL inflige {n} millions d’euros d’amende à {who}, hébergeur SecNumCloud de {where}",
        "{who} sanctionné par la CNIL : {n} millions d’euros (SecNumCloud)",
        "SecNumCloud : amende de {n} millions d’euros pour {who}",
        "Données de santé : {who}, de {where}, condamné par la CNIL malgré SecNumCloud",
    ),
    (
        "Panne chez {who} : les services SecNumCloud de {where} interrompus {n} heures",
        "{who} : {n} heures de panne de son cloud SecNumCloud",
        "À {where}, une panne de {who} coupe le cloud SecNumCloud",
        "Incident chez {who} : retour à la normale de SecNumCloud après {n} heures",
    ),
    (
        "{who} remporte le marché SecNumCloud du CHU de {where}",
        "Le CHU de {where} choisit {who} pour son hébergement SecNumCloud",
        "Hébergement SecNumCloud : {who} retenu par le CHU de {where}",
        "CHU de {where} : {who} gagne un marché SecNumCloud de {n} millions",
    ),
    (
        "{who} ouvre à {where} un centre de données SecNumCloud de {n} mégawatts",
        "SecNumCloud : {who} inaugure {n} mégawatts à {where}",
        "Nouveau centre de données SecNumCloud pour {who} à {where}",
        "À {where}, {who} mise {n} mégawatts sur SecNumCloud",
    ),
    (
        "{who} rachète son voisin de {where} pour {n} millions et vise SecNumCloud",
        "Rachat : {who} débourse {n} millions à {where}, SecNumCloud en vue",
        "Cloud : {who} avale un hébergeur de {where} avant SecNumCloud",
        "SecNumCloud : {who} grandit par un rachat à {where}",
    ),
)
BODY = """
Le directeur général de {who} l’a confirmé {day} devant ses équipes de {where}.
« Nous y travaillons depuis {n} mois », explique la porte-parole de {who}, jointe par téléphone.
À {where}, où {who} emploie {n} personnes, la nouvelle circulait depuis la fin de l’été.
Fondée par deux anciens chercheurs, {who} compte aujourd’hui {n} clients dans le secteur public.
Le comité social de {who} sera consulté le mois prochain, promet la direction.
Un concurrent, qui préfère ne pas être nommé, juge que {who} « prend un risque calculé ».
Les élus de {where} s’étaient inquiétés en {month} des promesses faites par l’hébergeur.
Contactée, l’ANSSI renvoie vers {who} et ne fait pas d’autre commentaire.
Pour les hôpitaux clients, rien ne change avant {month}, assure {who} dans un courriel.
L’action de ses fournisseurs n’a pas bougé ; {who}, elle, n’est pas cotée.
Selon nos calculs, {who} réalise un tiers de son activité avec les ministères.
Le site de {where} accueille {n} baies, dont la moitié pour des données de santé.
Une association de patients demande à {who} de publier son audit complet.
« C’est un signal pour toute la filière », estime une députée de la région de {where}.
{who} avait déjà fait parler d’elle en {month}, lors d’un appel d’offres contesté.
La facture atteindrait {n} millions d’euros sur trois ans, calcule un cabinet de {where}.
Des salariés de {who} racontent des semaines de préparation, week-ends compris.
Le préfet a réuni {day} les services concernés et le patron de {who}.
Prochaine étape pour {who} : un second site, à une heure de {where}, d’ici à {month}.
Dans un courrier que nous avons lu, {who} s’engage sur {n} points précis.
Le syndicat de la filière salue {who} et réclame des règles plus simples.
Rien n’est joué pour autant, tempère un consultant qui a suivi {who} à {where}.
""".strip().splitlines()
FOOTERS = (
    "© Agence Dépêche. Tous droits de reproduction réservés. Abonnez-vous à notre lettre du matin.",
    "Avec l’agence. Suivez-nous sur les réseaux et recevez l’essentiel de l’actualité chaque jour.",
)


@dataclass(frozen=True, slots=True)
class LedText:
    """One article of an event, the minute at which its source had it, and whether it prints what another had before."""

    event: int
    source: int
    at: datetime
    title: str
    text: str
    copy: bool


def main(seed: int) -> None:
    texts = sorted((each for number in range(EVENTS) for each in _event(number, seed)), key=lambda each: each.at)
    engine = _engine(seed)
    with TemporaryDirectory() as folder, opened(Path(folder)) as world:
        for number, each in enumerate(texts):
            _published(world.store, number, each, engine)
        found = _held(world.store)
    first, copies = _firsts(texts, found), [found[number][1] == each.copy for number, each in enumerate(texts)]
    wrong = Counter(each.copy for each, right in zip(texts, copies, strict=True) if not right)
    print(f"{EVENTS} events, {len(texts)} articles, {sum(each.copy for each in texts)} of them copies (seed {seed})")
    shared = _shared(texts, found)
    print(f"first seen, right  {sum(first)} of {EVENTS}  {sum(first) / EVENTS:.3f}", end="")
    print(f"; of the {len(shared)} stories told as shared {sum(shared) / len(shared):.3f}")
    print(f"copy or own, right {sum(copies)} of {len(texts)}  {sum(copies) / len(texts):.3f}", end="")
    print(f"  (copies taken for own {wrong[True]}, own for copies {wrong[False]})")


def _event(number: int, seed: int) -> Iterator[LedText]:
    chance = random.Random(f"{seed}-{number}")
    facts = {
        "who": _name(random.Random(f"{seed}-{number}-name")),
        "where": chance.choice(SLOTS["lieu"].split("|")),
        "n": str(chance.randrange(2, 90)),
        "day": chance.choice(("lundi", "mardi", "mercredi", "jeudi")),
        "month": chance.choice(SLOTS["mois"].split("|")),
    }
    own_title, *titles = [title.format(**facts) for title in chance.sample(TITLES[number % len(TITLES)], 4)]
    sources = chance.sample(range(SOURCES), chance.randrange(2, 7))
    stock = [each.format(**facts) for each in chance.sample(BODY, len(BODY))]
    agency = [f"{titles[0]}.", *stock[:3], *_prose(chance, 6)]
    of_agency = chance.sample([True] * (len(sources) - 1) + [False], len(sources))
    at, printed = NOW + timedelta(days=chance.randrange(80), minutes=chance.randrange(1440)), False
    for source, copies in zip(sources, of_agency, strict=True):
        if copies:
            yield LedText(number, source, at, chance.choice(titles), _edited(chance, agency, printed=printed), printed)
        else:
            yield LedText(
                number, source, at, own_title, " ".join([f"{own_title}.", *stock[3:6], *_prose(chance, 6)]), copy=False
            )
        printed = printed or copies
        at += timedelta(minutes=chance.choice((1, 3, 12, 25, 70, 230)))


def _name(chance: random.Random) -> str:
    """« Tavorel », « Bekanis »: no word of French."""
    syllables = [chance.choice("btvkdgzmlnp") + chance.choice("aeiou") for _ in range(3)]
    return "".join(syllables).capitalize() + chance.choice(("rel", "nis", "tex", "vox", "lan", "dor"))


def _prose(chance: random.Random, count: int) -> list[str]:
    return [sentence(chance, ABOUT if chance.random() < 0.2 else ORDINARY) for _ in range(count)]


def _edited(chance: random.Random, agency: list[str], *, printed: bool) -> str:
    """What a newsroom makes of an agency's text; the first prints it as it came."""
    if not printed:
        return " ".join(agency)
    match chance.randrange(5):
        case 0:
            kept = agency
        case 1:
            kept = agency[: len(agency) * 2 // 3]
        case 2:
            kept = [*_prose(chance, 1), *agency[1:]]
        case 3:
            kept = [*agency, *_prose(chance, 2)]
        case _:
            kept = [each for each in agency if chance.random() > 0.15]
    return " ".join([*kept, chance.choice(FOOTERS)])


def _engine(seed: int) -> Engine:
    """One list, and the names of the actors of every other event, as somebody's entities would know them."""
    sheet = WatchlistFile(name="Essai", level="flash", any=["SecNumCloud"], threshold=1)
    known = [_name(random.Random(f"{seed}-{number}-name")) for number in range(0, EVENTS, KNOWN)]
    entities = {name.lower(): EntityEntry(name=name, aliases=[name]) for name in known}
    return compile_engine({"essai": sheet}, entities)


def _published(store: Store, number: int, each: LedText, engine: Engine) -> None:
    url = f"https://site{each.source}.example/{number}"
    told = Article(title=each.title, text=each.text, url=url)
    reading = ArticleText(each.title, "", each.text, url, (url,), published=each.at, source="page")
    matches = engine.match(told)
    traits = grouping.traits(engine.scan(told), matches, engine, Grouping())
    entry = EntryRecord(EntryKey(url, each.text, (url,)), Standing("new"), reading, matches, traits=traits)
    poll(store, entry, feed=FEEDS[each.source], newsroom=NEWSROOM, now=each.at)


def _held(store: Store) -> dict[int, tuple[int, bool]]:
    """The story of each article, and whether it is taken for a copy."""
    query = select(article.c.url, grouped.c.story_id, grouped.c.copy_of, grouped.c.article_id).join(
        grouped, grouped.c.article_id == article.c.id
    )
    with store.database.read() as connection:
        rows = connection.execute(query).all()
    return {int(row.url.rpartition("/")[2]): (row.story_id, row.copy_of != row.article_id) for row in rows}


def _firsts(texts: list[LedText], found: dict[int, tuple[int, bool]]) -> list[bool]:
    """For each event, is the first of the story that holds most of its articles the source that had it first?"""
    stories = defaultdict[int, list[int]](list)
    for number in range(len(texts)):
        stories[found[number][0]].append(number)
    right = []
    for event in range(EVENTS):
        mine = [number for number, each in enumerate(texts) if each.event == event]
        story = Counter(found[number][0] for number in mine).most_common(1)[0][0]
        right.append(len(stories[story]) > 1 and stories[story][0] == mine[0])
    return right


def _shared(texts: list[LedText], found: dict[int, tuple[int, bool]]) -> list[bool]:
    """For each story that two sources have, is its first the one that had its event first?"""
    stories = defaultdict[int, list[int]](list)
    for number in range(len(texts)):
        stories[found[number][0]].append(number)
    begun: dict[int, int] = {}
    for number, each in enumerate(texts):
        begun.setdefault(each.event, number)
    told = [held for held in stories.values() if len({texts[number].source for number in held}) > 1]
    return [held[0] == begun[Counter(texts[each].event for each in held).most_common(1)[0][0]] for held in told]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEED)
