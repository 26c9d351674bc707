"""Who wrote an article, as its page says: in its data, in its metas, in the line under its title."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.reading import published, titles, tree
from bot.reading.published import Around
from bot.reading.text import one_line

_METAS = (
    "author", "og:article:author", "citation_author", "dc.creator",
    "dcterms.creator", "dc.contributor", "parsely-author", "sailthru.author", "byl", "article:author",
    "article:author_name", "rnews:author", "vr:author", "authors", "cxenseparse:author",
)  # fmt: skip
_CALLED = re.compile(
    r"(?:^|[\s_-])(?:author|auteur|autor|byline|by-line|signature|redacteur|writer"
    r"|journalist)",
    re.IGNORECASE,
)
_BY = (
    r"(?:écrit par|rédigé par|publié par|posté par|proposé par|propos recueillis par|text by|written by|posted by|par"
    r"|by|von|por|di)"
)
_GLUED_BY = r"(?:written |posted )?by(?=(?-i:[A-ZÀ-Þ][a-zà-ÿ]))|par(?=(?-i:[A-ZÀ-Þ][a-zà-ÿ]))"  # « ByAnne Lys »
_LEAD = re.compile(
    rf"^(?:(?:auteure?s?|autrices?|authors?|contributors?|rédact(?:ion|eur|rice)|journaliste|texte|article"
    rf"|un article)\b\s*(?:de\s*)?:?\s*"
    rf"|{_BY}\s*:?\s+|{_GLUED_BY})+",
    re.IGNORECASE,
)
# A label that has its name in the next box, and one that vouches for the name behind it wherever it stands.
_BY_ALONE = re.compile(rf"(?:{_BY}|auteure?s?|autrice|authors?|texte|rédaction|contributors?)\s*:?", re.IGNORECASE)
_VOUCHED = (
    r"(?:(?:(?:this|cet|cette|un|an) )?(?:post|article|story|texte|billet|note|enquête)(?: was| a été| est)? )?"
    r"(?:(?:written by|écrit par|rédigée? par|propos recueillis par)\s*:?"
    r"|(?:auteure?s?|autrices?|authors?|contributors?|rédact(?:eur|rice)s?|journalistes?)\s*:)"
)
_SIGNED_BY = re.compile(rf"{_VOUCHED}\s*(?=(?-i:[A-ZÀ-Þ]))", re.IGNORECASE)
_SIGNED_BELOW = re.compile(rf"{_VOUCHED}\s*", re.IGNORECASE)
_BYLINE = re.compile(
    rf"(?:^|[|·•–—,]\s*|\d\s+){_BY}\s*:?\s+(?=(?-i:[A-ZÀ-Þ]|d[’'][A-ZÀ-Þ]))|^(?:{_GLUED_BY})", re.IGNORECASE
)
_PIECE_BY = re.compile(
    r"(?:(?:une?|cet(?:te)?) )?(?:(?:article|enquête|reportage|entretien|interview|récit|tribune|dossier|analyse|texte)"
    r"(?: (?:réalisé|recueilli|signé|mené|conduit|préparé)e?s?)? (?:de|par)\s+"
    r"|(?:textes?|récit)(?: et photos?)?\s?:\s*)"
    r"(?=(?-i:[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ]))",
    re.IGNORECASE,
)
_SENT = re.compile(
    r"(?:de )?(?:notre|nos) (?:correspondant|envoyé|journaliste)[^,:]{0,60}[,:]\s+(?=[A-ZÀ-Þ])", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:[;|/•·⋅]|,|\bet\b|\band\b|\bund\b|&)\s*")
_END = re.compile(
    r"\s*(?:[|·⋅•–—(\[]|\s-\s|,?\s(?:(?:le|on|à|avec|pour|for|on behalf|publié|mis en ligne|posté|updated|published)\b"
    r"|journalist|rédact)"
    r"|,\s+(?!(?:et|de|d[’']|du|von|van)\b)[a-zà-ÿ]|\d).*",
    re.DOTALL,
)
_PIECES = re.compile(r"\s*[|·⋅•–—]\s*|\s+-\s+")
_INVERTED = re.compile(r"([A-ZÀ-Þ][\w’'-]+),\s*([A-ZÀ-Þ][\w’'-]*\.?(?: [A-ZÀ-Þ][\w’'-]*\.?)?)")  # « Lysandre, Anne »
_CATALOGUE = ("citation_author", "dc.creator", "dcterms.creator", "dc.contributor")  # write the family name first
_PART = re.compile(r"(?:[dl][’'])?[A-ZÀ-ÞŒŠŽ]")  # of a name: « Lysandre », « d’Hauterive »
_NO_NAME = re.compile(
    r":|www\.|@|\b(?:by|par)\Z|[{}<>]|\d{3}|\.(?:fr|com|org|net)\b|\A\w+(?:\.\w+){2,}\Z", re.IGNORECASE
)
_DAY = re.compile(
    r"\s*\b(?:jan(?:v(?:ier)?|uary)?|f[ée]vr?(?:ier)?|feb(?:ruary)?|mars|march|avril|apr(?:il)?|mai|may|juin"
    r"|june?|juil(?:let)?"
    r"|july?|ao[uû]t|aug(?:ust)?|sept?(?:embre|ember)?|oct(?:obre|ober)?|nov(?:embre|ember)?|d[ée]c(?:embre|ember)?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|mon|tue|wed|thu|fri|sat|sun)\.?\W*\Z",
    re.IGNORECASE,
)
_GLUED = re.compile(r"[^\W\d_]*[a-zà-ÿ]{4}[A-ZÀ-Þ]")  # « BambiniDec »: two boxes without a blank between them
_NOBODY = frozenset(
    ("admin", "administrateur", "administrator", "webmaster", "editor", "user", "anonymous", "anonyme", "null", "none",
     "undefined", "auteur", "auteurs", "author", "authors", "root", "voir le profil", "la suite", "partager", "by",
     "par", "written by", "écrit par", "rédigé par", "posted by", "published", "publié", "updated", "last", "writer",
     "submitted", "share", "posted", "on", "sign in", "log in", "contact", "la rédaction", "rédaction", "rédacteur",
     "signature", "guest", "staff", "parution", "publication", "mise à jour", "temps de lecture", "lecture")
)  # fmt: skip
_PERSON = re.compile(
    r"(?:[dDlL][’'])?[A-ZÀ-ÞŒŠŽ](?:[a-zà-ÿœšž]+|[A-ZÀ-ÞŒŠŽ]+|\.)(?:[-’'][A-ZÀ-ÞŒŠŽ]?[A-Za-zÀ-ÿœ]+)*\.?"
)
_PARTICLES = frozenset({"de", "du", "des", "la", "le", "von", "van", "der", "ben", "el", "al"})
# What the names of rubrics, places and kinds of text are made of, and hardly any surname.
_RUBRIC = re.compile(
    r"\A(?:la|le)\b|\b(?:santé|numériques?|digitale?|actu(?:alité)?s?|hôpita(?:l|ux)|cloud|nuage|innovations?|politiques?|(?:cyber)?"
    r"sécurité|données?|data|droit|juridique|privée?|intelligence|transformation|recherche|régions?|publi(?:cs?|ques?)"
    r"|entreprises?|marchés?|tribunes?|dossiers?|communiqués?|presse|lecture|min(?:utes?)?|articles?|news|tech(?:nologies?"
    r")?|économie|société|monde|france|europe|blog|veille|agenda|événements?|ressources|publications?|rapports?"
    r"|souveraineté|services?|informatique|systèmes?|informations?|sainte?|nouvel(?:le)?s?|nouveau|les|une?|mon|notre|nos"
    r"|votre|partager|imprimer|commentaires?|mise|jour|ligne|centre|groupe|agence|ministère|direction|rédaction|équipe"
    r"|newsletter|accueil|retour|health|security|media|press|release|policy|research|university|hospital|new|north|south"
    r"|east|west|united|read|time|last|updated?|share|print|the|of|and|in|on|for|with|our|your|business|world|science"
    r"|sports?|opinion|local|cultur(?:e|al)|éditions?|grande?|comité|conseil|réseaux?|logiciels?|éditeur|hébergement"
    r"|médico|social|sociale|finances?|ehpad|cnil|anssi|hds|secnumcloud|hdh|télécoms?|réglementation|conformité"
    r"|stratégie|projets?|métiers|territoires?|collectivités|administration|fonction|justice|environnement|emploi"
    r"|formation|minist(?:re|er))\b",
    re.IGNORECASE,
)
_BESIDE_DATE = 120  # characters of a line
_PARTS = re.compile(r"\s*(?:[|·⋅•–—/,;>»]|\s-\s|\b(?:par|le|on|by|à|at|publié|posté|mis en ligne)\b)\s*", re.IGNORECASE)
_LABEL = re.compile(r"(?:written|posted) by|author|(?:écrit|rédigé|publié) par|auteure?", re.IGNORECASE)
_INSIDE = 4  # elements in one that is called after an author: more is a biography
_OTHERS = frozenset({"comment", "related"})
_BESIDE = _OTHERS | {"aside", "footer", "sidebar", "widget"}
_LONGEST, _MOST = 80, 10  # characters of a name, names
_WORDS = 5  # of a name that only its place vouches for


def found(told: Iterable[str], named: dict[str, str], lines: Around, page: Any, site: str) -> str | None:
    """The names joined by "; ", None without one. The first source that gives a name gives all of them.

    `told` is what the data of the page say, `site` all that the site may call itself: its own name is the author where
    nobody else is.
    """
    house = None
    for written in _sources(told, named, lines, page):
        names = list(dict.fromkeys(name for one in written for name in _names(one)))
        people = [name for name in names if not titles.is_site(name, site)]
        if people:
            return "; ".join(people[:_MOST])
        house = house or next(iter(names), None)
    return house


def _sources(told: Iterable[str], named: dict[str, str], lines: Around, page: Any) -> Iterator[Iterable[str]]:
    yield told
    yield [_upright(name, named[name]) for name in _METAS if named.get(name)][:1]
    yield _labelled(named)
    yield _marked(page, _BESIDE)
    yield _signed(lines)
    yield _only(_dated(lines))
    yield _called(page)
    yield _vouched(lines)
    yield _only(_marked(page, _OTHERS))


def _upright(meta: str, name: str) -> str:
    """« Anne Lysandre » of « Lysandre, Anne », as the metas of catalogues write it."""
    inverted = _INVERTED.fullmatch(name.strip()[:_LONGEST]) if meta in _CATALOGUE else None
    return f"{inverted[2]} {inverted[1]}" if inverted else name


def _only(names: Iterable[str]) -> Iterator[str]:
    found = list(dict.fromkeys(names))
    if len(found) == 1:
        yield from found


def _labelled(named: dict[str, str]) -> Iterator[str]:
    """What the cards of shared pages say beside « Écrit par »."""
    for number in ("1", "2"):
        if _LABEL.fullmatch(named.get(f"twitter:label{number}", "")):
            yield named.get(f"twitter:data{number}", "")


def _called(page: Any) -> Iterator[str]:
    """The one name, or two, that the page shows in elements called after an author, outside cards and remarks."""
    names: dict[str, None] = {}
    for element in page.iter("a", "span", "p", "div", "strong", "address", "cite", "li", "h4", "h5", "aside"):
        called = element.get("class")
        if called and _CALLED.search(called) and len(element) <= _INSIDE:
            name = next(_full_names(element), None)
            if name is not None and not _is_beside(element, _BESIDE):
                names[name] = None
    if 0 < len(names) <= 2:
        yield next(iter(names))


def _full_names(element: Any) -> Iterator[str]:
    """The names of two words or more in an element: its pieces of text one by one, as a name and a rank often stand in
    one box, then all of it."""
    for _, text in zip(range(_INSIDE), (one for one in element.itertext() if one.strip()), strict=False):
        yield from _full_name(text)
    yield from _full_name(tree.words_of(element))


def _full_name(text: str) -> Iterator[str]:
    words = _END.sub("", _LEAD.sub("", " ".join(text[:500].split())))
    if len(words.split()) > 1 and _is_name(words):
        yield words


def _names(written: str) -> Iterator[str]:
    line = one_line(written[:500])
    if "://" in line:
        return
    for piece in _BETWEEN.split(_LEAD.sub("", line)):
        name = _LEAD.sub("", piece).strip(" ,.:;-–—|")
        name = _DAY.sub("", name) if " " in name else name
        first = _PIECES.split(name)[0]
        name = first if " " in first else name
        if 1 < len(name) <= _LONGEST and not _NO_NAME.search(name) and not _is_nobody(name):
            yield name


def _is_nobody(name: str) -> bool:
    return name.casefold() in _NOBODY or bool(_DAY.fullmatch(name))


def _marked(page: Any, beside: frozenset[str]) -> Iterator[str]:
    """Elements that say they are the author, the first of their kind, outside cards and the margins `beside`."""
    for path in (".//*[@rel='author']", ".//*[@itemprop='author']"):
        places = {
            words: None
            for _, one in zip(range(20), page.iterfind(path), strict=False)
            if (words := tree.words_of(one)) and _is_name(words) and not _is_beside(one, beside)
        }
        if places:
            yield from list(places)[:3]
            return


def _signed(lines: Around) -> Iterator[str]:
    """The line under the title: « Par Anne Lys », « Par » and the name in the next box, or what its class calls an
    author."""
    label = False
    for block in (*lines.near(), *lines.under()):
        if len(block.words) > 200:
            continue
        by = _BYLINE.search(block.words) or _SENT.match(block.words) or _PIECE_BY.match(block.words)
        name = next(_signatures(block.words[by.end() :]), None) if by else None
        if name is None and (label or _is_called(block.element)):
            name = next(_signatures(block.words), None)
        if name is not None:
            yield name
            return
        label = bool(_BY_ALONE.fullmatch(block.words))


def _dated(lines: Around) -> Iterator[str]:
    """Who stands beside the date of an article, without a word that says so: « 9 mars 2026 · Anne Lys », or alone in
    the next box."""
    near = [block for block in (*lines.near(), *lines.under()) if len(block.words) <= _BESIDE_DATE]
    pieces = {block: published.less_dates(block.words) for block in near}
    days = [block for block in near if len(pieces[block]) > 1]
    for block in days:
        yield from (name for piece in pieces[block] for part in _PARTS.split(piece) if (name := _person(part)))
    holders = {block.element.getparent() for block in days}
    for block in near:
        if block not in days and block.element.getparent() in holders and (name := _person(block.words)):
            yield name


def _person(words: str) -> str:
    """Words that look like a first name and a surname, and like nothing else; "" for any others."""
    name = words.strip(" ,.:;-–—|()")
    parts = name.split()
    shaped = 2 <= len(parts) <= 4 and all(_PERSON.fullmatch(part) or part in _PARTICLES for part in parts)
    return name if shaped and not _RUBRIC.search(name) and not _is_nobody(name) and not _DAY.search(name) else ""


def _signatures(words: str) -> Iterator[str]:
    """What can be a name in a line: its pieces between dashes and bars."""
    for piece in _PIECES.split(_LEAD.sub("", words)):
        name = _END.sub("", _LEAD.sub("", piece))
        if _is_name(name):
            yield name


def _vouched(lines: Around) -> Iterator[str]:
    """The one name that the page says, wherever it does, to have written it: « Article rédigé par Anne Lys »."""
    names: dict[str, None] = {}
    label = False
    for block in lines.blocks:
        if len(block.words) <= 200 and not tree.is_card(block):
            by = _SIGNED_BY.match(block.words)
            found = block.words[by.end() :] if by else block.words if label else ""
            names.update(dict.fromkeys(name for name in _signatures(found) if " " in name))
        label = bool(_SIGNED_BELOW.fullmatch(block.words))
    if len(names) == 1:
        yield from names


def _is_called(element: Any) -> bool:
    around = (element, *(one for one, _ in zip(element.iterancestors(), range(2), strict=False)))
    inside = (one for _, one in zip(range(5), element.iterdescendants(), strict=False))
    return any(_CALLED.search(one.get("class") or "") for one in (*around, *inside))


def _is_name(words: str) -> bool:
    """Whether this looks like names: few words, each with a capital or short."""
    name = _LEAD.sub("", words)
    parts = name.split()
    people = max(1, len(_BETWEEN.findall(name)) + 1)
    return (
        0 < len(parts) <= _WORDS * people
        and len(name) <= _LONGEST * people
        and not _NO_NAME.search(name)
        and not _is_nobody(name)
        and not _GLUED.search(name)
        and all(_PART.match(part) or len(part) <= 3 for part in parts)
        and parts[0][:1].isupper()
    )


def _is_beside(element: Any, margins: frozenset[str]) -> bool:
    return any(tree.margin(one) in margins for one in (element, *element.iterancestors()))
