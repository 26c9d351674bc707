"""What is wrong, or doubtful, in watchlists and entities whose shape is right: everything at once."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from itertools import takewhile
from types import MappingProxyType
from typing import assert_never

from matchers.acts.acts import is_id
from matchers.engine.engine import Engine, Former, compile_engine
from matchers.engine.tree import NEAR_POINTS, SUMMARY_POINTS, TEXT_HITS, TITLE_POINTS
from matchers.language.families import FAMILIES
from matchers.language.graphemes import border
from matchers.language.text import fold
from matchers.model import FIELDS, Article, Problem
from matchers.scan.automaton import Automaton
from matchers.scan.page import lay_out
from matchers.scan.regexes import Regex, compile_regex
from matchers.scan.surfaces import Book, sight
from matchers.trials.doubts import TWO_WAYS, doubt
from matchers.trials.retry import ExamplePlace
from matchers.watchlists.blocks import bad_queries, tree_of
from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Path, Some, gate, leaves, sources
from matchers.watchlists.terms import Term, TermKind, exactness, family, is_findable, parse, patterns
from matchers.watchlists.watchlist import (
    ENTITIES,
    EntityEntry,
    Example,
    News,
    WatchlistFile,
    folded_words,
    sure_aliases,
)

Located = tuple[Path, str]
Proven = Mapping[str, tuple[Problem, ...]]

_ACRONYM_LETTERS = 4
_MARKS_MEANT = {"titre": "title:", "chapo": "lead:", "resume": "lead:", "intro": "lead:", "entite": "@",
                "famille": "~", "origine": "source:", "expression": "regex:"}  # fmt: skip
_FRENCH_MARKS = re.compile(r"(titre|chap[oô]|r[eé]sum[eé]|intro|entit[eé]|famille|origine|expression):", re.IGNORECASE)
_LINKED = re.compile(r"\s(OR|OU|AND|ET|NOT|SAUF)\s")
_BETWEEN = re.compile(r"\s*[;|•·/+]+\s*|\s*,\s+|\s+[-–—]\s+")
_PLAIN = re.compile(r"\w[\w’'. -]*")  # what needs no quotes between brackets
_AS_NEAR = 0.05  # of a ratio of resemblance
_SHOWN = 60  # characters of an example in a message
_PREFIX_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Built:
    """A configuration checked, and compiled once. `engine` is None if there is an error among the problems."""

    engine: Engine | None
    problems: tuple[Problem, ...]


def build(
    watchlists: Mapping[str, WatchlistFile],
    entities: Mapping[str, EntityEntry],
    proven: Proven = MappingProxyType({}),
    again: Collection[ExamplePlace] = frozenset(),
    former: Former | None = None,
) -> Built:
    """Check and compile. Every error, and the warnings that come with them, entities first; `doubts` has others.

    The examples are tried only where nothing else is wrong: a broken watchlist fails them all. `proven`: watchlists
    that were found right, with the entities that they name, and the warnings they got, which stand: they are not looked
    at again, but for the examples to try `again`. `former`: as for `compile_engine`.
    """
    found = _problems(watchlists, entities, proven)
    if _is_refused(found):
        return Built(None, tuple(found))
    engine = compile_engine(watchlists, entities, former)
    found += _examples(watchlists, engine, proven, again)
    return Built(None if _is_refused(found) else engine, tuple(found))


def build_untried(watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry]) -> Built:
    """As `build`, without trying any example: for who reads the lists to answer, and puts none of them in force."""
    found = tuple(_problems(watchlists, entities, {}))
    return Built(None if _is_refused(found) else compile_engine(watchlists, entities), found)


def _is_refused(found: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in found)


def _problems(
    watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry], proven: Proven
) -> list[Problem]:
    found = [problem for name, entry in entities.items() for problem in _entity(name, entry, entities)]
    for name, watchlist in watchlists.items():
        found += proven[name] if name in proven else _watchlist(name, watchlist, entities)
    return found


# --- terms ---------------------------------------------------------------------------------------------------------
def _term(file: str, path: Path, written: str, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    term = parse(written)
    match term.kind:
        case TermKind.ENTITY if term.text not in entities:
            hint = _apart(written) or _hint(term.text, entities, "@")
            yield Problem(file, path, f"entité inconnue\u00a0: «\u00a0@{term.text}\u00a0»{hint}")
        case TermKind.ENTITY:
            pass
        case TermKind.FAMILY if family(term.text) is None:
            yield Problem(
                file, path, f"famille inconnue\u00a0: «\u00a0~{term.text}\u00a0»{_hint(term.text, FAMILIES, '~')}"
            )
        case TermKind.FAMILY:
            pass
        case TermKind.REGEX:
            reason = compile_regex(term.text)
            yield from () if isinstance(reason, Regex) else (Problem(file, path, reason),)
        case TermKind.SOURCE:
            yield from _source(file, path, term)
        case TermKind.ACT if not is_id(term.text):
            message = f"« {term.written} » : après « act: » vient un numéro, comme celex:32016R0679 ou decret:2018-137"
            yield Problem(file, path, message)
        case TermKind.ACT:
            pass
        case _:
            yield from _surface(file, path, term)


def _source(file: str, path: Path, term: Term) -> Iterable[Problem]:
    if term.reach < len(FIELDS):
        yield Problem(file, path, f"« {term.written} » : une source n'est pas dans le titre ; retirez « title: »")
    elif term.text.startswith(("@", "~")) or term.text.endswith("!"):
        message = f"« {term.written} » : après « source: » vient un nom, « =nom » ou « début* »"
        yield Problem(file, path, message)
    elif not is_findable(term):
        yield Problem(file, path, f"« {term.written} » ne contient aucune lettre ni chiffre à chercher")


def _surface(file: str, path: Path, term: Term) -> Iterable[Problem]:
    if not is_findable(term):
        message = f"«\u00a0{term.written}\u00a0» ne contient aucune lettre ni chiffre à chercher"
        yield Problem(file, path, message)
        return
    folded = fold(term.text)
    if ":" in term.text and (meant := _FRENCH_MARKS.match(term.text)):
        mark = _MARKS_MEANT[fold(meant[1]).decode("latin-1").strip()]
        yield doubt(file, path, f"« {term.written} » : cette marque s'écrit « {mark} », sans espace après")
    if (b"  " in folded.strip() or term.kind is TermKind.EXACT) and _is_lost(term):
        message = "ne se trouve pas dans son propre texte : aucune expression ne franchit une virgule ni un point"
        yield doubt(file, path, f"« {term.written} » {message}{_apart(term.written)}")
    elif (linked := _LINKED.search(term.text)) and not term.text.isupper():
        message = f"cherche ces mots à la suite, «\u00a0{linked[1]}\u00a0» compris"
        yield doubt(
            file, path, f"«\u00a0{term.written}\u00a0» {message}\u00a0; une condition va sous «\u00a0query:\u00a0»"
        )
    letters = folded.replace(b" ", b"")
    if term.kind is TermKind.PREFIX and len(letters) < _PREFIX_LETTERS:
        yield doubt(
            file, path, f"«\u00a0{term.written}\u00a0»\u00a0: un début si court trouvera beaucoup d'autres mots"
        )
    is_acronym = term.kind is TermKind.INFLECTED and term.text.isupper() and term.text.isalpha()
    if is_acronym and len(letters) <= _ACRONYM_LETTERS and letters not in TWO_WAYS:
        message = f"se lit sans égard à la casse\u00a0; «\u00a0{term.written}!\u00a0» l'exigerait"
        yield doubt(file, path, f"«\u00a0{term.written}\u00a0» {message}")


def _apart(written: str) -> str:
    """What to write instead where several terms stand in one, between marks that keep nothing apart; "" elsewhere."""
    parts = [part for part in _BETWEEN.split(written) if part]
    if len(parts) < 2 or not all(is_findable(parse(part)) or part.startswith(("@", "~")) for part in parts):
        return ""
    quoted = (part if _PLAIN.fullmatch(part) else f'"{part}"' for part in parts)
    return f"\u00a0; plusieurs termes\u00a0? un par ligne, ou «\u00a0[{', '.join(quoted)}]\u00a0»"


def _is_lost(term: Term) -> bool:
    """Does the term not find its own text? A comma or a full stop in it, which no phrase crosses."""
    if term.text.isascii() and term.text.replace(" ", "").isalnum():
        return False  # nearly every exact one
    book = Book()
    number = book.add(term)
    page = lay_out(Article(title=f"{'mot ' * len(term.text)}{term.text} mot"))  # a field in capitals proves nothing
    found = Automaton(list(book.uses), book.phrases).find(page)
    return number not in sight(page, found, book.shortened()).seen


def _alike(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _hint(name: str, known: Iterable[str], mark: str) -> str:
    """The nearest known names, what begins alike first: the second one too where it is as near, to the eye."""
    near = get_close_matches(name, list(known), n=2, cutoff=0.6)
    near.sort(key=lambda each: (-SequenceMatcher(None, each, name).ratio(), -_alike(each, name)))
    ratios = [SequenceMatcher(None, each, name).ratio() for each in near]
    close = [each for each, ratio in zip(near, ratios, strict=True) if ratio > ratios[0] - _AS_NEAR]
    choice = " ou ".join(f"«\u00a0{mark}{each}\u00a0»" for each in close)
    return f"\u00a0; vouliez-vous {choice}\u00a0?" if close else ""


# --- entities ------------------------------------------------------------------------------------------------------
def _entity(name: str, entry: EntityEntry, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    doubtful = _at(entry.ambiguous.aliases, "ambiguous", "aliases") if entry.ambiguous else []
    context = _at(entry.ambiguous.context, "ambiguous", "context") if entry.ambiguous else []
    aliases = [*_at(entry.aliases, "aliases"), *doubtful]
    denied = _at(entry.not_, "not")
    if entry.name in sure_aliases(entry):
        aliases.append((("name",), entry.name))
    for path, written in (*aliases, *denied):
        if problem := _not_a_name(name, path, parse(written).kind):
            yield problem
            continue
        yield from _term(ENTITIES, (name, *path), written, entities)
    for path, written in context:  # an acronym may vouch in any case
        if parse(written).kind in (TermKind.REGEX, TermKind.SOURCE, TermKind.ACT):
            yield Problem(ENTITIES, (name, *path), f"« {written} » n'est compris que dans une veille")
            continue
        found = _term(ENTITIES, (name, *path), written, entities)
        yield from (problem for problem in found if problem.severity == "error")
    yield from _swallowed(name, [written for _, written in aliases], denied)
    yield from _useless_context(name, [written for _, written in doubtful], context)


def _not_a_name(name: str, path: Path, kind: TermKind) -> Problem | None:
    if kind is TermKind.ENTITY:
        return Problem(ENTITIES, (name, *path), "une entité ne peut être l'alias d'une autre : écrivez un nom")
    if kind is TermKind.ACT:
        return Problem(ENTITIES, (name, *path), "un acte a sa clé à lui : « act: celex:32016R0679 », sans alias")
    if kind in (TermKind.REGEX, TermKind.SOURCE):
        return Problem(ENTITIES, (name, *path), "ni regex: ni source: ne nomment une entité : écrivez un nom")
    return None


def _at(terms: Iterable[str], *path: str) -> list[Located]:
    return [((*path, index), written) for index, written in enumerate(terms)]


def _swallowed(name: str, aliases: list[str], denied: list[Located]) -> Iterable[Problem]:
    """A `not` that is the alias itself: then nothing is ever found."""
    known = {folded_words(alias) for alias in aliases} if denied else set()
    for path, written in denied:
        asked = exactness(parse(written))
        is_worn = parse(written).kind is TermKind.EXACT and (asked.before or asked.after)
        if folded_words(written) in known and not is_worn:
            message = f"«\u00a0{written}\u00a0» se lit comme un alias de cette entité, qui ne sera plus trouvé"
            yield doubt(ENTITIES, (name, *path), message)


def _useless_context(name: str, aliases: list[str], context: list[Located]) -> Iterable[Problem]:
    names = [b" %b " % folded_words(alias) for alias in aliases]
    for path, written in context:
        if any(b" %b " % folded_words(written) in name for name in names):
            message = f"«\u00a0{written}\u00a0» est contenu dans un alias ambigu\u00a0: ce contexte ne prouve rien"
            yield doubt(ENTITIES, (name, *path), message)


# --- watchlists ----------------------------------------------------------------------------------------------------
def _watchlist(name: str, watchlist: WatchlistFile, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    unread = [Problem(name, path, str(bad)) for path, bad in bad_queries(watchlist)]
    if unread:
        yield from unread
        return
    root = tree_of(watchlist)
    shape = list(_shape(name, root))
    yield from shape
    for leaf in (*leaves(root), *leaves(root, refused=True)):
        yield from _term(name, leaf.path, leaf.term, entities)
    for spot in sources(root):
        yield from _source(name, spot.path, parse(spot.written))
    for written in watchlist.boost:
        yield from _term(name, ("boost", written), written, entities)
    if not shape and gate(root, {}) is None:
        yield Problem(name, (), "aucune condition n'exige un terme : cette veille verrait tous les articles")
    yield from _unsatisfiable(name, root)
    yield from _threshold(name, watchlist, root)
    if watchlist.news is not None:
        yield from _news(name, watchlist.news, root, entities)
    elif "news" in watchlist.model_fields_set:
        yield Problem(name, ("news",), _NO_NEWS)
    for side in ("match", "ignore"):
        if not getattr(watchlist.examples, side):
            yield doubt(name, ("examples",), f"aucun exemple « {side} » : rien ne prouve cette veille")


def _shape(file: str, node: Node[str]) -> Iterable[Problem]:
    """Blocks that hold nothing, or ask for more than they hold."""
    match node:
        case Every(children=(), path=path) if path[-1:] != ("all",):
            yield Problem(file, path, "ce bloc est vide : il lui faut any, all, at_least, near, query ou none")
        case Every(children=()) | Some(children=()) | No(children=()):
            yield Problem(file, (*node.path, "of") if _is_counted(node) else node.path, "cette liste est vide")
        case Every() | Some() | No():
            if isinstance(node, Some) and node.least > (most := len(node.terms) + len(node.blocks)):
                message = f"n vaut {node.least}, mais la liste n'a que {most} éléments différents"
                yield Problem(file, (*node.path, "n"), message)
            for child in node.children:
                yield from _shape(file, child)
        case Close():
            yield from _near(file, node)
        case Leaf() | From():
            return
        case _:
            assert_never(node)


def _is_counted(node: Node[str]) -> bool:
    return node.path[-1:] == ("at_least",)


def _near(file: str, near: Close[str]) -> Iterable[Problem]:
    path = (*near.path, "terms") if near.path[-1:] == ("near",) else near.path
    if len(near.items) < 2:
        yield Problem(file, path, "near demande au moins deux termes")
    for index, item in enumerate(near.items):
        if not item:
            yield Problem(file, (*path, index), "cette liste d'alternatives est vide")
    for item, places in zip(near.items, near.places, strict=True):
        for written, place in zip(item, places, strict=True):
            if parse(written).kind is TermKind.SOURCE:
                yield Problem(file, place, f"« {written} » n'a pas de place dans le texte : sortez-le de near")


def _required(node: Node[str]) -> Iterable[str]:
    """Terms without which the tree cannot hold."""
    match node:
        case Leaf():
            yield node.term
        case Every() | Some():
            if isinstance(node, Every) or node.least == len(node.children):
                for child in node.children:
                    yield from _required(child)
        case Close():
            yield from (item[0] for item in node.items if len(item) == 1)
        case No() | From():
            return
        case _:
            assert_never(node)


def _refused(node: Node[str]) -> Iterable[Leaf[str]]:
    """Terms that alone keep the tree from holding."""
    match node:
        case Every():
            for child in node.children:
                yield from _refused(child)
        case No():
            yield from (child for child in node.children if isinstance(child, Leaf))
        case _:
            return


def _unsatisfiable(file: str, root: Node[str]) -> Iterable[Problem]:
    required = [parse(written) for written in _required(root)]
    for leaf in _refused(root):
        refused = parse(leaf.term)
        for term in required:
            if _implies(term, refused):
                message = f"« {leaf.term} » est exclu, mais « {term.written} », exigé, le contient"
                yield Problem(file, leaf.path, message)


def _implies(term: Term, refused: Term) -> bool:
    """Is the refused term seen wherever the required one is?"""
    if refused.reach < term.reach:
        return False
    if TermKind.ENTITY in (term.kind, refused.kind):
        return (term.kind, term.text) == (refused.kind, refused.text)
    if refused.kind is TermKind.EXACT:
        return term.kind is TermKind.EXACT and f" {refused.text} " in f" {term.text} "
    needles, forms = patterns(refused), patterns(term)
    return bool(forms) and all(any(needle in form for needle in needles) for form in forms)


_NO_NEWS = "rien n'y fait une nouvelle : il y faut words, facts, people ou official"


def _news(file: str, news: News, root: Node[str], entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    if not news.words and not news.facts and news.people is None and not news.official:
        yield Problem(file, ("news",), _NO_NEWS)
    elif news.people is None and "people" in news.model_fields_set:
        yield Problem(
            file, ("news", "people"), "il y manque un nombre : combien de personnes touchées font une nouvelle"
        )
    refused = [(leaf.term, parse(leaf.term)) for leaf in _refused(root)]
    for index, written in enumerate(news.words):
        path, word = ("news", "words", index), parse(written)
        if word.kind is TermKind.SOURCE:
            yield Problem(
                file, path, f"« {written} » n'est pas un mot du texte ; official compte les sources officielles"
            )
            continue
        yield from _term(file, path, written, entities)
        excluded = next((other for other, term in refused if _implies(word, term)), None)
        if excluded is not None:
            message = f"« {written} » ne peut accompagner le sujet : « {excluded} » est exclu par none"
            yield Problem(file, path, message)


def _threshold(file: str, watchlist: WatchlistFile, root: Node[str]) -> Iterable[Problem]:
    terms = {(term.kind, term.text): term.reach for term in (parse(leaf.term) for leaf in leaves(root))}
    points = (TITLE_POINTS, SUMMARY_POINTS, TEXT_HITS)
    highest = sum(sum(points[:reach]) for reach in terms.values())
    highest += sum(watchlist.boost.values()) + NEAR_POINTS * _nears(root)
    if terms and highest < watchlist.threshold:
        message = f"ce seuil ne peut être atteint : le plus haut score possible est {highest}"
        yield Problem(file, ("threshold",), message)


def _nears(node: Node[str]) -> int:
    match node:
        case Every() | Some():
            return sum(map(_nears, node.children))
        case _:
            return int(isinstance(node, Close))


# --- examples ------------------------------------------------------------------------------------------------------
def article_of(example: str | Example) -> Article:
    """An example as an article: a bare text is a title."""
    if isinstance(example, str):
        return Article(title=example)
    return Article(title=example.title, summary=example.summary, text=example.text)


def _examples(
    watchlists: Mapping[str, WatchlistFile], engine: Engine, proven: Proven, again: Collection[ExamplePlace]
) -> Iterable[Problem]:
    for name, watchlist in watchlists.items():
        sides = (
            ("match", watchlist.examples.match, "devrait alerter"),
            ("ignore", watchlist.examples.ignore, "ne devrait pas alerter"),
        )
        for side, examples, wish in sides:
            for index, example in enumerate(examples):
                if name in proven and (name, side, index) not in again:
                    continue
                article = article_of(example)
                if (engine.kept(engine.read(article), name) is not None) == (side == "match"):
                    continue
                from matchers.trials.explain import in_short, why  # costly, and asked of what fails alone

                reason = in_short(why(engine, article, name))
                message = f"l'exemple «\u00a0{_called(article)}\u00a0» {wish}\u00a0: {reason}"
                yield Problem(name, ("examples", side, index), message)


def _called(article: Article) -> str:
    """The beginning of what a reader would know the example by."""
    text = " ".join((article.title or article.summary or article.text).split())
    return text if len(text) <= _SHOWN else f"{text[: border(text, _SHOWN)].rstrip()}…"
