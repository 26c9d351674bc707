"""What is wrong, or doubtful, in watchlists and entities whose shape is right: everything at once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from matchers.engine import Engine, compile_engine, sure_aliases
from matchers.families import FAMILIES
from matchers.model import Article, Problem
from matchers.terms import Kind, Term, exactness, family, is_findable, parse, patterns
from matchers.text import fold
from matchers.tree import NEAR_POINTS, SUMMARY_POINTS, TEXT_HITS, TITLE_POINTS
from matchers.watchlist import ENTITIES, Block, EntityEntry, Example, WatchlistFile

Path = tuple[str | int, ...]
Placed = tuple[Path, str]

_ACRONYM_LETTERS = 4
_PREFIX_LETTERS = 4
_TWO_WAYS = frozenset({b"cnil"})  # the press writes CNIL and Cnil: exact case would lose a third


@dataclass(frozen=True, slots=True)
class Built:
    """A configuration checked, and compiled once. `engine` is None if there is an error among the problems."""

    engine: Engine | None
    problems: tuple[Problem, ...]


def build(
    watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry], proven: Collection[str] = ()
) -> Built:
    """Check and compile. Every error and warning, entities first.

    The examples are tried only where nothing else is wrong: a broken watchlist fails them all. Those of a watchlist
    that is `proven` pass already, with these entities, and are not tried again.
    """
    found = _doubts(watchlists, entities)
    if _is_refused(found):
        return Built(None, tuple(found))
    engine = compile_engine(watchlists, entities)
    found += _examples({name: each for name, each in watchlists.items() if name not in proven}, engine)
    return Built(None if _is_refused(found) else engine, tuple(found))


def lint(watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry]) -> tuple[Problem, ...]:
    """The problems alone. With no error among them, `compile_engine` accepts the two."""
    return build(watchlists, entities).problems


def _is_refused(found: Iterable[Problem]) -> bool:
    return any(problem.severity == "error" for problem in found)


def _doubts(watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry]) -> list[Problem]:
    found = [problem for name, entry in entities.items() for problem in _entity(name, entry, entities)]
    for name, watchlist in watchlists.items():
        found += _watchlist(name, watchlist, entities)
    return found


# --- terms ---------------------------------------------------------------------------------------------------------
def _term(file: str, path: Path, written: str, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    term = parse(written)
    match term.kind:
        case Kind.ENTITY if term.text not in entities:
            hint = _hint(term.text, entities, "@")
            yield Problem(file, path, f"entité inconnue\u00a0: «\u00a0@{term.text}\u00a0»{hint}")
        case Kind.ENTITY:
            pass
        case Kind.FAMILY if family(term.text) is None:
            yield Problem(
                file, path, f"famille inconnue\u00a0: «\u00a0~{term.text}\u00a0»{_hint(term.text, FAMILIES, '~')}"
            )
        case Kind.FAMILY:
            pass
        case _:
            yield from _surface(file, path, term)


def _surface(file: str, path: Path, term: Term) -> Iterable[Problem]:
    if not is_findable(term):
        message = f"«\u00a0{term.written}\u00a0» ne contient aucune lettre ni chiffre à chercher"
        yield Problem(file, path, message)
        return
    letters = fold(term.text).replace(b" ", b"")
    if term.kind is Kind.PREFIX and len(letters) < _PREFIX_LETTERS:
        yield _doubt(
            file, path, f"«\u00a0{term.written}\u00a0»\u00a0: un début si court trouvera beaucoup d'autres mots"
        )
    is_acronym = term.kind is Kind.INFLECTED and term.text.isupper() and term.text.isalpha()
    if is_acronym and len(letters) <= _ACRONYM_LETTERS and letters not in _TWO_WAYS:
        message = f"se lit sans égard à la casse\u00a0; «\u00a0{term.written}!\u00a0» l'exigerait"
        yield _doubt(file, path, f"«\u00a0{term.written}\u00a0» {message}")


def _hint(name: str, known: Iterable[str], mark: str) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"\u00a0; vouliez-vous «\u00a0{mark}{near[0]}\u00a0»\u00a0?" if near else ""


def _doubt(file: str, path: Path, message: str) -> Problem:
    return Problem(file, path, message, "warning")


# --- entities ------------------------------------------------------------------------------------------------------
def _entity(name: str, entry: EntityEntry, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    doubtful = _at(entry.ambiguous.aliases, "ambiguous", "aliases") if entry.ambiguous else []
    context = _at(entry.ambiguous.context, "ambiguous", "context") if entry.ambiguous else []
    aliases = [*_at(entry.aliases, "aliases"), *doubtful]
    denied = _at(entry.not_, "not")
    if entry.name in sure_aliases(entry):
        aliases.append((("name",), entry.name))
    for path, written in (*aliases, *denied):
        if parse(written).kind is Kind.ENTITY:
            yield Problem(ENTITIES, (name, *path), "une entité ne peut être l'alias d'une autre\u00a0: écrivez un nom")
            continue
        yield from _term(ENTITIES, (name, *path), written, entities)
    for path, written in context:  # an acronym may vouch in any case
        found = _term(ENTITIES, (name, *path), written, entities)
        yield from (problem for problem in found if problem.severity == "error")
    yield from _swallowed(name, [written for _, written in aliases], denied)
    yield from _useless_context(name, [written for _, written in doubtful], context)


def _at(terms: Iterable[str], *path: str) -> list[Placed]:
    return [((*path, index), written) for index, written in enumerate(terms)]


def _swallowed(name: str, aliases: list[str], denied: list[Placed]) -> Iterable[Problem]:
    """A `not` that is the alias itself: then nothing is ever found."""
    known = {_letters(alias) for alias in aliases}
    for path, written in denied:
        asked = exactness(parse(written))
        is_worn = parse(written).kind is Kind.EXACT and (asked.before or asked.after)
        if _letters(written) in known and not is_worn:
            message = f"«\u00a0{written}\u00a0» se lit comme un alias de cette entité, qui ne sera plus trouvé"
            yield _doubt(ENTITIES, (name, *path), message)


def _useless_context(name: str, aliases: list[str], context: list[Placed]) -> Iterable[Problem]:
    for path, written in context:
        if any(b" " + _letters(written) + b" " in b" " + _letters(alias) + b" " for alias in aliases):
            message = f"«\u00a0{written}\u00a0» est contenu dans un alias ambigu\u00a0: ce contexte ne prouve rien"
            yield _doubt(ENTITIES, (name, *path), message)


def _letters(written: str) -> bytes:
    return b" ".join(fold(parse(written).text).split())


# --- watchlists ----------------------------------------------------------------------------------------------------
def _watchlist(name: str, watchlist: WatchlistFile, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    yield from _block(name, watchlist, ())
    terms = list(_terms(watchlist, ()))
    for path, written in (*terms, *((("boost", key), key) for key in watchlist.boost)):
        yield from _term(name, path, written, entities)
    positive = [(path, written) for path, written in terms if "none" not in path]
    if not _is_gated(watchlist):
        yield Problem(name, (), "aucune condition n'exige un terme\u00a0: cette veille verrait tous les articles")
    yield from _unsatisfiable(name, watchlist)
    yield from _threshold(name, watchlist, positive)
    for side in ("match", "ignore"):
        if not getattr(watchlist.examples, side):
            yield _doubt(name, ("examples",), f"aucun exemple «\u00a0{side}\u00a0»\u00a0: rien ne prouve cette veille")


def _lists(block: Block) -> list[tuple[Path, list[str | Block]]]:
    found: list[tuple[Path, list[str | Block] | None]] = [
        (("all",), block.all_of),
        (("any",), block.any_of),
        (("at_least", "of"), block.at_least.of if block.at_least else None),
        (("none",), block.none_of),
    ]
    return [(path, nodes) for path, nodes in found if nodes is not None]


def _block(file: str, block: Block, path: Path) -> Iterable[Problem]:
    """Blocks that hold nothing, or ask for more than they hold."""
    lists = _lists(block)
    if not lists and block.near is None:
        yield Problem(file, path, "ce bloc est vide\u00a0: il lui faut any, all, at_least, near ou none")
    for where, nodes in lists:
        if not nodes:
            yield Problem(file, (*path, *where), "cette liste est vide")
        for index, node in enumerate(nodes):
            if isinstance(node, Block):
                yield from _block(file, node, (*path, *where, index))
    if block.at_least and block.at_least.n > len(block.at_least.of):
        message = f"n vaut {block.at_least.n}, mais la liste n'a que {len(block.at_least.of)} éléments"
        yield Problem(file, (*path, "at_least", "n"), message)
    if block.near:
        yield from _near(file, block.near.terms, (*path, "near", "terms"))


def _near(file: str, items: list[str | list[str]], path: Path) -> Iterable[Problem]:
    if len(items) < 2:
        yield Problem(file, path, "near demande au moins deux termes")
    for index, item in enumerate(items):
        if not item and isinstance(item, list):
            yield Problem(file, (*path, index), "cette liste d'alternatives est vide")


def _terms(block: Block, path: Path) -> Iterable[Placed]:
    """Every term of the blocks, with its place."""
    for where, nodes in _lists(block):
        for index, node in enumerate(nodes):
            here = (*path, *where, index)
            if isinstance(node, Block):
                yield from _terms(node, here)
            else:
                yield here, node
    for index, item in enumerate(block.near.terms if block.near else ()):
        here = (*path, "near", "terms", index)
        if isinstance(item, str):
            yield here, item
        else:
            yield from (((*here, number), written) for number, written in enumerate(item))


def _is_gated(block: Block) -> bool:
    """Does the block hold only if some term is seen?"""
    if block.near is not None:
        return True
    children = [node for node in block.all_of or () if _is_gated_node(node)]
    some = block.any_of
    if children or (some is not None and all(map(_is_gated_node, some))):
        return True
    counted = block.at_least
    return counted is not None and sum(not _is_gated_node(node) for node in counted.of) < counted.n


def _is_gated_node(node: str | Block) -> bool:
    return not isinstance(node, Block) or _is_gated(node)


def _required(block: Block) -> Iterable[str]:
    """Terms without which the block cannot hold."""
    nodes = [*(block.all_of or ()), *(block.any_of if block.any_of and len(block.any_of) == 1 else ())]
    for node in nodes:
        if isinstance(node, Block):
            yield from _required(node)
        else:
            yield node
    if block.near:
        yield from (item for item in block.near.terms if isinstance(item, str))


def _unsatisfiable(file: str, watchlist: WatchlistFile) -> Iterable[Problem]:
    required = [parse(written) for written in _required(watchlist)]
    for index, node in enumerate(watchlist.none_of or ()):
        if isinstance(node, Block):
            continue
        refused = parse(node)
        for term in required:
            if _implies(term, refused):
                message = f"«\u00a0{node}\u00a0» est exclu, mais «\u00a0{term.written}\u00a0», exigé, le contient"
                yield Problem(file, ("none", index), message)


def _implies(term: Term, refused: Term) -> bool:
    """Is the refused term seen wherever the required one is?"""
    if refused.title_only and not term.title_only:
        return False
    if Kind.ENTITY in (term.kind, refused.kind):
        return (term.kind, term.text) == (refused.kind, refused.text)
    if refused.kind is Kind.EXACT:
        return term.kind is Kind.EXACT and f" {refused.text} " in f" {term.text} "
    needles, forms = patterns(refused), patterns(term)
    return bool(forms) and all(any(needle in form for needle in needles) for form in forms)


def _threshold(file: str, watchlist: WatchlistFile, positive: list[Placed]) -> Iterable[Problem]:
    terms = {(term.kind, term.text): term.title_only for term in map(parse, (written for _, written in positive))}
    everywhere = TITLE_POINTS + SUMMARY_POINTS + TEXT_HITS
    highest = sum(TITLE_POINTS if title_only else everywhere for title_only in terms.values())
    highest += sum(watchlist.boost.values()) + NEAR_POINTS * sum(1 for _ in _nears(watchlist))
    if highest < watchlist.threshold:
        message = f"ce seuil ne peut être atteint\u00a0: le plus haut score possible est {highest}"
        yield Problem(file, ("threshold",), message)


def _nears(block: Block) -> Iterable[Block]:
    if block.near:
        yield block
    for where, nodes in _lists(block):
        if where != ("none",):
            for node in nodes:
                if isinstance(node, Block):
                    yield from _nears(node)


# --- examples ------------------------------------------------------------------------------------------------------
def article_of(example: str | Example) -> Article:
    """An example as an article: a bare text is a title."""
    if isinstance(example, str):
        return Article(title=example)
    return Article(title=example.title, summary=example.summary, text=example.text)


def _examples(watchlists: Mapping[str, WatchlistFile], engine: Engine) -> Iterable[Problem]:
    for name, watchlist in watchlists.items():
        for index, example in enumerate(watchlist.examples.match):
            reading = engine.read(article_of(example))
            verdict = engine.judge(reading, name)
            if not verdict.matched:
                missing = (
                    f"score {verdict.score}, seuil {watchlist.threshold}" if verdict.held else "les conditions manquent"
                )
                yield Problem(name, ("examples", "match", index), f"cet exemple devrait alerter\u00a0: {missing}")
        for index, example in enumerate(watchlist.examples.ignore):
            verdict = engine.judge(engine.read(article_of(example)), name)
            if verdict.matched:
                message = (
                    f"cet exemple ne devrait pas alerter\u00a0: score {verdict.score}, seuil {watchlist.threshold}"
                )
                yield Problem(name, ("examples", "ignore", index), message)
