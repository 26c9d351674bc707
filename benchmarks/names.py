"""How well names that mean several things are told apart, and how many spellings of a term are found.

    python -m benchmarks.names

The first uses tests/matchers/names.txt and the starter's entities, the second a list of terms and every way that the
press spells them.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.config.settings import starter
from bot.config.yamlfile import Loaded, load
from matchers.engine.engine import compile_engine
from matchers.model import Article
from matchers.watchlists.watchlist import EntitiesFile, EntityEntry, WatchlistFile

NAMES = Path(__file__).parent.parent / "tests" / "matchers" / "names.txt"


@dataclass(frozen=True, slots=True)
class Line:
    """A labelled text: does it speak of the entity?"""

    meant: bool
    entity: str
    article: Article


def lines(text: str) -> list[Line]:
    found = [line for line in text.splitlines() if line.startswith(("+ ", "- "))]
    return [_line(*line.split(None, 3)) for line in found]


def _line(sign: str, entity: str, _bar: str, text: str) -> Line:
    title, _, summary = text.partition(" / ")
    return Line(sign == "+", entity, Article(title=title, summary=summary))


def gazetteer() -> Mapping[str, EntityEntry]:
    read = load(starter() / "entities.yaml")
    assert isinstance(read, Loaded), read
    return EntitiesFile.model_validate(read.data).root


def mistakes(labelled: Iterable[Line], entries: Mapping[str, EntityEntry]) -> tuple[int, list[Line], list[Line]]:
    """How many were rightly found, those found wrongly, and those missed."""
    every = list(labelled)
    lists = {
        line.entity: WatchlistFile.model_validate({"name": "x", "any": [f"@{line.entity}"], "threshold": 1})
        for line in every
    }
    engine = compile_engine(lists, entries)
    found = [line for line in every if any(each.watchlist == line.entity for each in engine.match(line.article))]
    right = sum(line.meant for line in found)
    missed = [line for line in every if line.meant and line not in found]
    return right, [line for line in found if not line.meant], missed


def _seeking(term: str) -> WatchlistFile:
    return WatchlistFile.model_validate({"name": "x", "any": [term], "threshold": 1})


# --- spellings ---
TERMS = (
    "données de santé", "hébergeur agréé", "Conseil d'État", "cloud souverain", "l'hébergement des données",
    "extraterritorial", "cœur de réseau", "réseau hospitalier", "opérateur européen", "prestataire qualifié",
    "dossier médical", "aujourd'hui", "mise en demeure", "règlement général", "loi extra-européenne",
    "commission d'enquête", "directeur médical", "certification française", "entrepôt de données",
    "administration centrale",
)  # fmt: skip
SPELT = {  # plural, feminine or masculine of each, by hand
    "hébergeur agréé": "hébergeurs agréés", "cloud souverain": "clouds souverains",
    "réseau hospitalier": "réseaux hospitaliers", "opérateur européen": "opératrices européennes",
    "prestataire qualifié": "prestataires qualifiées", "dossier médical": "dossiers médicaux",
    "extraterritorial": "extraterritoriales", "règlement général": "règlements généraux",
    "directeur médical": "directrice médicale", "certification française": "certifications françaises",
    "entrepôt de données": "entrepôts de donnée", "administration centrale": "administrations centrales",
    "loi extra-européenne": "loi extra-européennes", "mise en demeure": "mises en demeure",
}  # fmt: skip


def spellings(term: str) -> set[str]:
    """Ways that the press, browsers and typesetters write the same."""
    curly, blanks = term.replace("'", "’"), term.replace(" ", "\u00a0")
    plain = "".join(char for char in unicodedata.normalize("NFD", term) if not unicodedata.combining(char))
    found = {term, curly, blanks, term.replace(" ", "\u202f"), term.replace(" ", "  "), term.replace(" ", "-")}
    found |= {term.upper(), term.capitalize(), plain, plain.upper(), unicodedata.normalize("NFD", curly)}
    found |= {term.replace("œ", "oe"), term.replace("-", "\u2011"), f"«\u00a0{term}\u00a0»", f"({term})", f"d’{term}"}
    found |= {"\u00ad".join((term[:3], term[3:])), "\u200b".join((term[:2], term[2:])), term.replace("fi", "\ufb01")}
    found |= {"".join(chr(0x1D41A + ord(char) - 97) if "a" <= char <= "z" else char for char in term)}
    return found | ({SPELT[term]} if term in SPELT else set())


def unfound() -> tuple[int, list[tuple[str, str]]]:
    """How many spellings there are, and those that are missed."""
    count, missed = 0, []
    for term in TERMS:
        engine = compile_engine({"x": _seeking(term)}, {})
        for spelling in sorted(spellings(term)):
            count += 1
            if not engine.match(Article(text=f"On parle de {spelling}, dit-il.")):
                missed.append((term, spelling))
    return count, missed


def main() -> None:
    labelled = lines(NAMES.read_text(encoding="utf-8"))
    right, false, missed = mistakes(labelled, gazetteer())
    precision, recall = right / max(1, right + len(false)), right / max(1, right + len(missed))
    print(f"ambiguous names: {len(labelled)} texts, P {precision:.3f}  R {recall:.3f}")
    for kind, wrong in (("false", false), ("missed", missed)):
        for line in wrong:
            print(f"  {kind} @{line.entity}: {line.article.title}")
    count, lost = unfound()
    print(f"spellings: {count} of {len(TERMS)} terms, recall {1 - len(lost) / count:.3f}")
    for term, spelling in lost:
        print(f"  {term}: {spelling!r}")


if __name__ == "__main__":
    main()
