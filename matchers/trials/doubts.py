"""What is right but doubtful in watchlists and entities: warnings, none of which stops anything."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from matchers.engine.tree import NEAR_POINTS, TITLE_POINTS
from matchers.language.text import fold
from matchers.language.words import COMMON, EMPTY
from matchers.model import FIELDS, Archive, Problem
from matchers.watchlists.blocks import tree_of
from matchers.watchlists.nodes import Close, Every, From, Leaf, No, Node, Path, Some, leaves
from matchers.watchlists.terms import Term, TermKind, parse, patterns
from matchers.watchlists.watchlist import ENTITIES, VOCABULARY, EntityEntry, WatchlistFile, sure_aliases

_GROWN = 500  # articles from which an archive tells more than a list of words
_TOO_OFTEN = 0.05
_SILENT_DAYS = 180
_SHORT = 2  # letters: by chance, but for an acronym in its own case
_ALIKE, _ALIKE_TERMS = 0.8, 5
# Acronyms that are spoken as words: the press writes CNIL and Cnil, and exact case would lose a third of them
TWO_WAYS = frozenset(
    b"ademe anah anssi arcep arcom asip cigref cnam cnil dinum drees enisa feder hadopi inria insee inserm otan sacem "
    b"ugap unedic unesco unicef urssaf".split()
)


def doubts(watchlists: Mapping[str, WatchlistFile], entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    """Of a configuration in which the linter finds no error."""
    for name, entry in entities.items():
        yield from _entity(name, entry, entities)
    trees = {name: tree_of(watchlist) for name, watchlist in watchlists.items()}
    for name, watchlist in watchlists.items():
        yield from _watchlist(name, watchlist, trees[name])
        yield from _twins(name, trees[name], entities)
    yield from _alike(trees)
    yield from _namesakes(watchlists)
    yield from _shared(entities)
    yield from _uncited(watchlists, trees.values(), entities)


def doubts_today(watchlists: Mapping[str, WatchlistFile], today: date, archive: Archive) -> Iterable[Problem]:
    """What time makes doubtful: reviews that are overdue, and what the articles kept so far say."""
    for name, watchlist in watchlists.items():
        if watchlist.review and watchlist.review < today:
            message = f"à relire depuis le {watchlist.review:%d/%m/%Y}\u00a0: puis repoussez cette date"
            yield doubt(name, ("review",), message)
        yield from _in_archive(name, tree_of(watchlist), archive)


def doubt(file: str, path: Path, message: str) -> Problem:
    """A warning."""
    return Problem(file, path, message, "warning")


def _uncited(
    watchlists: Mapping[str, WatchlistFile], trees: Iterable[Node[str]], entities: Mapping[str, EntityEntry]
) -> Iterable[Problem]:
    """Entities that no watchlist names, nor the context of another one: a name that nobody looks for any more."""
    written = [leaf.term for tree in trees for leaf in (*leaves(tree), *leaves(tree, refused=True))]
    written += [term for watchlist in watchlists.values() for term in watchlist.boost]
    written += [term for entry in entities.values() if entry.ambiguous for term in entry.ambiguous.context]
    cited = {term.text for term in map(parse, written) if term.kind is TermKind.ENTITY}
    for name, entry in entities.items():
        if name not in cited and not entry.context:
            message = f"aucune veille ne cite « @{name} » : citez-la, retirez-la, ou dites « context: true »"
            yield doubt(ENTITIES, (name,), message)


def _namesakes(watchlists: Mapping[str, WatchlistFile]) -> Iterable[Problem]:
    """Watchlists that readers cannot tell apart."""
    first: dict[bytes, str] = {}
    for name, watchlist in watchlists.items():
        other = first.setdefault(_letters(watchlist.name), name)
        if other != name:
            message = f"«\u00a0{watchlist.name}\u00a0» est aussi le nom de la veille «\u00a0{other}\u00a0»"
            yield doubt(name, ("name",), f"{message}\u00a0: donnez-lui-en un autre")


# --- entities --------------------------------------------------------------------------------------------------------
def _entity(name: str, entry: EntityEntry, entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    aliases: list[tuple[Path, str]] = [(("aliases", index), alias) for index, alias in enumerate(entry.aliases)]
    if entry.ambiguous:
        aliases += [(("ambiguous", "aliases", index), alias) for index, alias in enumerate(entry.ambiguous.aliases)]
    yield from _one_case(ENTITIES, [((name, *path), alias) for path, alias in aliases])
    for index, written in enumerate(entry.ambiguous.context if entry.ambiguous else ()):
        if _never_vouches(parse(written), entities):
            message = (
                f"«\u00a0{written}\u00a0» est un nom ambigu, et n'en confirme jamais un autre\u00a0: contexte ignoré"
            )
            yield doubt(ENTITIES, (name, "ambiguous", "context", index), message)


def _shared(entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    """An alias of two entities that name something: a place of a text counts for one."""
    first: dict[tuple[TermKind, str], str] = {}
    for name, entry in entities.items():
        if entry.kind == VOCABULARY:
            continue
        for path, alias in (((), entry.name), *((("aliases", at), alias) for at, alias in enumerate(entry.aliases))):
            if alias not in sure_aliases(entry):
                continue
            term = parse(alias)
            written = term.text if term.kind is TermKind.EXACT else _letters(term.text).decode("latin-1")
            other = first.setdefault((term.kind, written), name)
            if other != name:
                message = f"«\u00a0{alias}\u00a0» est aussi un nom de «\u00a0@{other}\u00a0»"
                yield doubt(ENTITIES, (name, *(path or ("name",))), f"{message}\u00a0: gardez-le à un seul endroit")


def _never_vouches(term: Term, entities: Mapping[str, EntityEntry]) -> bool:
    if term.kind is TermKind.ENTITY:
        return not sure_aliases(entities[term.text])
    written = _letters(term.text)
    sure = {_letters(parse(alias).text) for entry in entities.values() for alias in sure_aliases(entry)}
    doubtful = {
        _letters(parse(alias).text)
        for entry in entities.values()
        for alias in (entry.ambiguous.aliases if entry.ambiguous else ())
    }
    return written in doubtful - sure and term.kind in (TermKind.INFLECTED, TermKind.EXACT, TermKind.LITERAL)


def _letters(text: str) -> bytes:
    return b" ".join(fold(text).split())


def _one_case(file: str, terms: Sequence[tuple[Path, str]]) -> Iterable[Problem]:
    """An exact acronym that the press writes two ways, where the other way is not asked for too."""
    written = [parse(term) for _, term in terms]
    for (path, _), term in zip(terms, written, strict=True):
        letters = fold(term.text)
        if term.kind is TermKind.EXACT and term.text.isupper() and letters in TWO_WAYS:
            if any(other.text != term.text and fold(other.text) == letters for other in written):
                continue
            other_way = term.text.capitalize()
            message = f"la presse écrit aussi «\u00a0{other_way}\u00a0», que «\u00a0{term.written}\u00a0» ne trouve pas"
            yield doubt(file, path, message)


# --- watchlists ------------------------------------------------------------------------------------------------------
def _watchlist(name: str, watchlist: WatchlistFile, root: Node[str]) -> Iterable[Problem]:
    yield from _out_of_reach(name, watchlist, root)
    yield from _nested(name, root)
    terms = [(leaf.path, leaf.term) for leaf in (*leaves(root), *leaves(root, refused=True))]
    yield from _one_case(name, terms)
    for leaf in leaves(root):
        if said := _finds_anything(parse(leaf.term)):
            yield doubt(name, leaf.path, said)
    for path, written in terms:
        if form := _common_form(parse(written)):
            found = f"«\u00a0{written}\u00a0» trouve aussi «\u00a0{form}\u00a0», mot courant"
            message = f"{found}\u00a0: écrivez-le avec «\u00a0=\u00a0»"
            yield doubt(name, path, message)


def _twins(name: str, root: Node[str], entities: Mapping[str, EntityEntry]) -> Iterable[Problem]:
    """Terms spelt alike: a place of a text counts for one term alone, the first in the file."""
    first: dict[tuple[TermKind, bytes], Leaf[str]] = {}
    for leaf in leaves(root):
        term = parse(leaf.term)
        for kind, letters in _spellings(term, entities):
            found = (first[each, letters] for each in _FINDS_TOO[kind] if (each, letters) in first)
            other = next(found, leaf)
            first.setdefault((kind, letters), leaf)
            its = parse(other.term)
            if (its.kind, its.text) != (term.kind, term.text):
                place = ".".join(map(str, other.path))
                message = f"s'écrit comme «\u00a0{other.term}\u00a0» ({place}), pour qui seul cela compte"
                yield doubt(name, leaf.path, f"«\u00a0{leaf.term}\u00a0» {message}\u00a0: gardez l'un des deux")
                break


_FINDS_TOO: Mapping[TermKind, tuple[TermKind, ...]] = {
    TermKind.INFLECTED: (TermKind.INFLECTED,),
    TermKind.LITERAL: (TermKind.INFLECTED, TermKind.LITERAL),
    TermKind.EXACT: (TermKind.INFLECTED, TermKind.LITERAL),
}
"""What finds all that a term of this kind finds, where it is spelt alike."""


def _spellings(term: Term, entities: Mapping[str, EntityEntry]) -> Iterable[tuple[TermKind, bytes]]:
    """Folded, those of an entity by its sure aliases; none of what only begins a word, or is an expression."""
    names = sure_aliases(entities[term.text]) if term.kind is TermKind.ENTITY else (term.written,)
    written = map(parse, names)
    return [(each.kind, _letters(each.text)) for each in written if each.kind in _FINDS_TOO]


def _out_of_reach(name: str, watchlist: WatchlistFile, root: Node[str]) -> Iterable[Problem]:
    terms = {parse(leaf.term).text for leaf in leaves(root)}
    nears = sum(isinstance(node, Close) for node in _positive(root))
    highest = TITLE_POINTS * len(terms) + sum(watchlist.boost.values()) + NEAR_POINTS * nears
    if highest < watchlist.threshold:
        message = f"un titre seul n'y arrive pas\u00a0: il vaut {highest} au plus, et bien des articles n'ont que lui"
        yield doubt(name, ("threshold",), message)


def _positive(node: Node[str]) -> Iterable[Node[str]]:
    yield node
    for child in node.children if isinstance(node, Every | Some) else ():
        yield from _positive(child)


def _nested(name: str, root: Node[str]) -> Iterable[Problem]:
    """A term that holds another of the same choice: where it is seen, the other one is too."""
    for node in _positive(root):
        choices: list[list[Leaf[str]]] = []
        if isinstance(node, Some) and node.least == 1:
            choices = [[child for child in node.children if isinstance(child, Leaf)]]
        elif isinstance(node, Close):
            choices = [list(map(Leaf, item, places)) for item, places in zip(node.items, node.places, strict=True)]
        for choice in choices:
            yield from _nested_in(name, choice)


def _nested_in(name: str, choice: Sequence[Leaf[str]]) -> Iterable[Problem]:
    terms = [(leaf, parse(leaf.term)) for leaf in choice]
    short = {pattern.strip(): term for _, term in terms if _is_plain(term) for pattern in patterns(term)}
    for leaf, term in terms:
        if not _is_plain(term):
            continue
        found = {other.written for words in map(bytes.split, patterns(term)) for other in _inside(words, short, term)}
        if found:
            message = (
                f"«\u00a0{leaf.term}\u00a0» contient «\u00a0{min(found)}\u00a0», du même choix\u00a0: gardez-en un"
            )
            yield doubt(name, leaf.path, message)


def _is_plain(term: Term) -> bool:
    return term.kind in (TermKind.INFLECTED, TermKind.LITERAL) and term.reach == len(FIELDS)


def _inside(words: Sequence[bytes], short: Mapping[bytes, Term], itself: Term) -> Iterable[Term]:
    for begin in range(len(words)):
        for end in range(begin + 1, len(words) + 1):
            other = short.get(b" ".join(words[begin:end]))
            if other and other != itself and end - begin < len(words):
                yield other


def _common_form(term: Term) -> str | None:
    """A form of a word that is another, common word; the plural of a common word is none."""
    written = _letters(term.text).decode("latin-1")
    if term.kind is not TermKind.INFLECTED or written in COMMON:
        return None
    forms = {pattern.strip().decode("latin-1") for pattern in patterns(term)}
    return min((form for form in forms & COMMON if form.rstrip("sx") != written.rstrip("sx")), default=None)


def _finds_anything(term: Term) -> str | None:
    """Why a term is found in nearly every text, or by chance."""
    if term.kind not in (TermKind.INFLECTED, TermKind.LITERAL, TermKind.EXACT):
        return None
    letters = _letters(term.text)
    if letters in EMPTY and term.kind is not TermKind.EXACT:
        return (
            f"«\u00a0{term.written}\u00a0» est un mot de presque tout texte\u00a0: retirez-le, ou écrivez l'expression"
        )
    size = len(letters.replace(b" ", b""))
    if term.kind is TermKind.INFLECTED and term.text.isupper() and size > 1:
        return None  # the linter asks for its case
    if size == 1 or (size == _SHORT and term.kind is not TermKind.EXACT):
        exact = "" if term.kind is TermKind.EXACT else f", ou «\u00a0{term.text}!\u00a0» si c'est un sigle"
        return f"«\u00a0{term.written}\u00a0» est si court qu'il se trouvera par hasard\u00a0: écrivez plus{exact}"
    return None


def _alike(trees: Mapping[str, Node[str]]) -> Iterable[Problem]:
    """Watchlists that look for the same: readers would get one for the other."""
    terms = {name: frozenset(leaf.term for leaf in leaves(root)) for name, root in trees.items()}
    by_term: dict[str, list[str]] = {}
    for name, own in terms.items():
        for term in own if len(own) >= _ALIKE_TERMS else ():
            by_term.setdefault(term, []).append(name)
    for name, own in terms.items():
        others = {other for term in own for other in by_term.get(term, ()) if other < name}
        for other in sorted(others):
            shared = len(own & terms[other]) / min(len(own), len(terms[other]))
            if len(own) >= _ALIKE_TERMS and shared > _ALIKE:
                message = f"cherche à {_percent(shared)} ce que cherche déjà «\u00a0{other}\u00a0»"
                yield doubt(name, ("name",), message)


# --- the archive -----------------------------------------------------------------------------------------------------
def _in_archive(name: str, root: Node[str], archive: Archive) -> Iterable[Problem]:
    if archive.articles < _GROWN:
        for leaf in _alone(root):
            term = parse(leaf.term)
            if term.kind is TermKind.INFLECTED and _letters(term.text).decode("latin-1") in COMMON:
                yield doubt(name, leaf.path, f"«\u00a0{leaf.term}\u00a0» suffit ici, et c'est un mot courant")
        return
    for leaf in _alone(root):
        share = archive.terms.get(leaf.term, 0) / archive.articles
        if share > _TOO_OFTEN:
            message = f"«\u00a0{leaf.term}\u00a0» suffit ici, et se trouve dans {_percent(share)} des articles gardés"
            yield doubt(name, leaf.path, message)
    yield from _of_watchlist(name, archive)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}\u00a0%"


def _of_watchlist(name: str, archive: Archive) -> Iterable[Problem]:
    matched = archive.watchlists.get(name, 0)
    if not matched and archive.days >= _SILENT_DAYS:
        yield doubt(name, (), f"aucune alerte en {archive.days} jours, sur {archive.articles} articles")
    if matched / archive.articles > _TOO_OFTEN:
        share = _percent(matched / archive.articles)
        yield doubt(name, (), f"alerte sur {share} des articles gardés\u00a0: c'est un flux, plus une veille")


def _alone(node: Node[str]) -> Iterable[Leaf[str]]:
    """Terms each of which makes the tree hold by itself."""
    match node:
        case Leaf():
            yield node
        case Some(least=1):
            for child in node.children:
                yield from _alone(child)
        case Every():
            wanted = [child for child in node.children if not isinstance(child, No | From)]
            yield from _alone(wanted[0]) if len(wanted) == 1 else ()
        case _:
            return
