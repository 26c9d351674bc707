"""The rows of a list on a page: its tables, or blocks that repeat. Called in a worker process."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.feeds.charset import decoded
from bot.feeds.columns import MOST_COLUMNS, MOST_ROWS, ListColumns, bounded, from_records, not_there, too_many
from bot.feeds.html_tree import tree_of
from bot.feeds.more_rows import announced, goes_on
from bot.feeds.selectors import Unclear, to_xpath
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread, squeezed

_LABEL = "dt:"
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")
_SELECTOR = re.compile(r"[.#\[\]>:=*]")
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<raw>script|style|textarea|title)\b.*?(?:</(?P=raw)\s*>|\Z)|<(?P<end>/?)table\b[^>]*",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "dd", "dt", "dl", "h1", "h2", "h3", "h4", "td", "th", "tr", "table"}
)
_UNREAD = frozenset({"script", "style", "template", "noscript"})


def read_page(text: str, spec: ListSpec) -> ListReading | ListUnread:
    """The rows of all the tables that `spec.rows` finds and that have the columns of the key, else of the blocks."""
    tree = tree_of(text)
    if tree is None:
        return ListUnread("page vide ou illisible")
    try:
        places = tree.xpath(to_xpath(spec.rows)) if spec.rows else list(tree.iter("table"))
    except Unclear as problem:
        return ListUnread(f"rows : {problem}")
    if not places:
        what = f"« {spec.rows} » ne trouve rien" if spec.rows else "pas de tableau"
        return ListUnread(f"{what} : la page a changé, ou ce n’est pas elle")
    tables = _tables(places)
    if not tables:
        return _blocks(tree, places, text, spec)
    reading = _from_tables(tree, tables, text, spec)
    if isinstance(reading, ListUnread) and not any(each.tag in ("table", "tr", "tbody") for each in places):
        blocks = _blocks(tree, places, text, spec)
        return reading if isinstance(blocks, ListUnread) else blocks
    return reading


def next_of(text: str, selector: str) -> str:
    """Where the first link that a selector finds leads, as written; "" where there is none."""
    tree = tree_of(text)
    found = tree.xpath(to_xpath(selector)) if tree is not None else ()
    return next((str(each.get("href") or "") for each in found), "")


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table that may be a list: how to point at it, the names of its columns, and how many rows it has."""

    selector: str
    heads: tuple[str, ...]
    rows: int


def tables_of(body: bytes, content_type: str) -> tuple[FoundTable, ...]:
    """The tables of a page with three rows and two named columns at least, the longest first."""
    tree = tree_of(decoded(body, content_type))
    tables = list(tree.iter("table")) if tree is not None else []
    found = []
    for table in tables:
        grid = _Grid.of(table, None)
        heads = tuple(names[0] for names in grid.heads if names)
        if len(grid.body) >= 3 and len(set(heads)) == len(heads) == len(grid.heads) >= 2:
            found.append(FoundTable(_selector_of(table, tables), heads, len(grid.body)))
    return tuple(sorted(found, key=lambda each: -each.rows))


def _selector_of(table: Any, tables: Sequence[Any]) -> str:
    """The shortest of its id, a class of its own, and what all tables are called."""
    if _NAME.fullmatch(name := str(table.get("id") or "")):
        return f"table#{name}"
    for name in str(table.get("class") or "").split():
        alone = sum(name in str(each.get("class") or "").split() for each in tables) == 1
        if alone and _NAME.fullmatch(name):
            return f"table.{name}"
    return "table"


# --- tables --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Grid:
    """A table laid out: each column's names, the fullest first, and the rows, each cell in every place it covers."""

    heads: list[tuple[str, ...]]
    body: list[list[str]]

    @classmethod
    def of(cls, table: Any, wanted: set[Any] | None) -> "_Grid":
        """`wanted`: the only rows that count, the head apart; None for all."""
        rows = list(_rows(table))
        head = _head(rows)
        laid = _laid_out([row for row, _ in rows])
        width = max((len(cells) for cells in laid), default=0)
        heads = [_names([cells[place] for cells in laid[:head] if place < len(cells)]) for place in range(width)]
        titles = [squeezed(names[-1]) if names else "" for names in heads]
        body = [
            cells
            for (row, part), cells in zip(rows[head:], laid[head:], strict=True)
            if part != "tfoot" and (wanted is None or row in wanted) and not _is_aside(row, cells, titles)
        ]
        return cls(heads, body)


def _tables(places: Sequence[Any]) -> dict[Any, set[Any] | None]:
    """The tables meant, with the rows that are meant of them; None for all."""
    found: dict[Any, set[Any] | None] = {}
    for place in places:
        if place.tag == "table":
            found[place] = None
        elif place.tag in ("tr", "tbody", "thead"):
            table = next(place.iterancestors("table"), None)
            rows = found.setdefault(table, set()) if table is not None else None
            if rows is not None:
                rows.update([place] if place.tag == "tr" else place.iterchildren("tr"))
        else:
            found.update(dict.fromkeys(place.iter("table")))
    return found


def _from_tables(tree: Any, tables: dict[Any, set[Any] | None], text: str, spec: ListSpec) -> ListReading | ListUnread:
    found: list[ListRow] = []
    seen: list[str] = []
    used: list[Any] = []
    first: ListColumns | None = None
    parts = 0
    for table, wanted in tables.items():
        grid = _Grid.of(table, wanted)
        columns = ListColumns.found(grid.heads, spec)
        if columns is None:
            seen += [names[0] for names in grid.heads if names]
            continue
        if refusal := too_many(len(found) + len(grid.body)):
            return refusal
        first = first or columns
        used.append(table)
        rows = [row for cells in grid.body if (row := columns.row(cells, spec)) is not None]
        found += rows
        parts += bool(rows)
    if first is None:
        return not_there(spec, seen)
    if not _are_whole(tree, used, text):
        return ListUnread("page coupée avant la fin de son tableau")
    reading = first.reading(found, spec, ended=_is_ended(text))
    return replace(reading, parts=parts, announced=announced(tree, len(found)), goes_on=goes_on(tree))


def _rows(table: Any) -> Iterator[tuple[Any, str]]:
    """The rows of this very table with the part that they stand in."""
    for child in table:
        if child.tag == "tr":
            yield child, ""
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from ((row, child.tag) for row in child if row.tag == "tr")


def _head(rows: Sequence[tuple[Any, str]]) -> int:
    """How many of the first rows name the columns."""
    declared = next((place for place, (_, part) in enumerate(rows) if part != "thead"), len(rows))
    if declared:
        return declared
    named = next((place for place, (row, _) in enumerate(rows) if not _all_heads(row)), len(rows))
    return named or min(1, len(rows))


def _all_heads(row: Any) -> bool:
    tags = {cell.tag for cell in row if cell.tag in ("td", "th")}
    return tags == {"th"}


def _names(cells: Sequence[str]) -> tuple[str, ...]:
    """What a column may be called: all that stands above it, then each of these."""
    parts = list(dict.fromkeys(cell for cell in cells if cell))
    return tuple(dict.fromkeys((" ".join(parts), *reversed(parts)))) if parts else ()


def _is_aside(row: Any, cells: Sequence[str], titles: Sequence[str]) -> bool:
    """A heading between rows, or the head of the table once more."""
    own = [cell for cell in row if cell.tag in ("td", "th")]
    if len(own) == 1 and len(titles) > 1 and len(set(cells)) == 1:
        return True
    named = _all_heads(row) or (len(own) > 1 and all(titles))
    return named and all(squeezed(cell) == title for cell, title in zip(cells, titles, strict=False))


def _laid_out(rows: Sequence[Any]) -> list[list[str]]:
    """The cells of each row in the places that they cover, those that reach down from rows above included."""
    laid: list[list[str]] = []
    above: dict[int, tuple[str, int]] = {}  # place -> text, and how many more rows it covers
    for row in rows[: MOST_ROWS + 10]:
        cells: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        for cell in (each for each in row if each.tag in ("td", "th")):
            _reach_down(cells, above, below)
            text, down = _text(cell), _span(cell, "rowspan")
            for _ in range(min(_span(cell, "colspan"), MOST_COLUMNS - len(cells))):
                if down > 1 or down == 0:
                    below[len(cells)] = (text, down - 1 if down else MOST_ROWS)
                cells.append(text)
            if len(cells) >= MOST_COLUMNS:
                break
        _reach_down(cells, above, below)
        laid.append(cells)
        above = below
    laid += [[] for _ in rows[MOST_ROWS + 10 :]]
    return laid


def _reach_down(cells: list[str], above: dict[int, tuple[str, int]], below: dict[int, tuple[str, int]]) -> None:
    while len(cells) < MOST_COLUMNS and (reaching := above.get(len(cells))) is not None:
        text, more = reaching
        if more > 1:
            below[len(cells)] = (text, more - 1)
        cells.append(text)


def _span(cell: Any, name: str) -> int:
    """1 where nothing else is said; 0 (to the end) for rowspan only."""
    written = str(cell.get(name) or "").strip()
    if not (written.isascii() and written.isdecimal()):
        return 1
    return min(int(written[:6]), MOST_ROWS) or (0 if name == "rowspan" else 1)


def _text(cell: Any) -> str:
    """What a cell shows, less what is folded away in it; where that is a picture, what stands for it."""
    text = bounded("".join(_texts(cell, _is_folded_in))) or bounded("".join(_texts(cell, lambda _: False)))
    if text:
        return text
    told = (str(each.get("alt") or each.get("aria-label") or each.get("title") or "") for each in cell.iter())
    return bounded(" ".join(told))


def _texts(element: Any, is_out: Callable[[Any], bool]) -> Iterator[str]:
    """The texts below an element in their order, with blanks around what stands apart; however deep it goes. Nothing
    of what `is_out`."""
    left: list[Any] = [element]
    while left:
        each = left.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each.tag, str) and each.tag not in _UNREAD and not _is_note(each) and not is_out(each):
            apart = " " if each.tag in _BLOCK else ""
            left.append(apart)
            for child in reversed(each):
                left += [child.tail or "", child]
            left.append(apart + (each.text or ""))


_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|visually-?hidden|visuallyhidden|screen-reader(?:-text)?|tooltip|badge)(?:$|[\s_-])"
)


def _is_folded_in(element: Any) -> bool:
    """A table, details or a label for those who listen, within a cell that says more than these."""
    return (
        element.tag in ("table", "details", "dialog")
        or element.get("role") in ("tooltip", "dialog")
        or element.get("hidden") is not None
        or _UNSEEN.search(str(element.get("class") or "")) is not None
    )


_NOTE = re.compile(r"[\s(\[]*(?:\d{1,2}|[*†‡]{1,3})[\s)\]]*")


def _is_note(element: Any) -> bool:
    """The mark of a footnote: « Brume² »."""
    return element.tag == "sup" and _NOTE.fullmatch("".join(element.itertext())) is not None


# --- was it all there? ---------------------------------------------------------------------------------------------
def _are_whole(tree: Any, tables: Sequence[Any], text: str) -> bool:
    """True where each of these tables has its end tag."""
    closed = _closed(text)
    order = {table: place for place, table in enumerate(tree.iter("table"))}
    return all([closed[order[table]] for table in tables] if len(order) == len(closed) else closed)


def _closed(text: str) -> list[bool]:
    """For each table of a page, in the order of its start tags, whether it has an end tag."""
    closed: list[bool] = []
    opened: list[int] = []
    for tag in _MARKUP.finditer(text):
        if tag["end"] is None:
            continue
        if not tag["end"]:
            opened.append(len(closed))
            closed.append(False)
        elif opened:
            closed[opened.pop()] = True
    return closed


def _is_ended(text: str) -> bool:
    """False where a page that says it begins does not say that it ends."""
    return bool(re.search(r"</(?:html|body)\s*>", text, re.IGNORECASE)) or not _is_framed(text)


def _is_framed(text: str) -> bool:
    return bool(re.search(r"<(?:html|body)[\s>]", text, re.IGNORECASE))


# --- blocks --------------------------------------------------------------------------------------------------------
def _blocks(tree: Any, places: Sequence[Any], text: str, spec: ListSpec) -> ListReading | ListUnread:
    """Each block is a row: its labels are columns, and so are the parts that the list names by a selector."""
    if refusal := too_many(len(places)):
        return refusal
    wanted = tuple(_bare(part) for part in spec.key)
    named = ListSpec(wanted, spec.rows, _bare(spec.status), _bare(spec.until))
    try:
        records = [_record(place, spec) for place in places]
    except Unclear as problem:
        return ListUnread(str(problem))
    reading = from_records(records, named)
    if isinstance(reading, ListUnread):
        return reading
    if named.status and not reading.status_field and (spec.status.startswith(_LABEL) or _SELECTOR.search(spec.status)):
        return ListUnread(f"« {spec.status} » ne trouve rien")
    reading = replace(reading, announced=announced(tree, len(reading.rows)), goes_on=goes_on(tree))
    return replace(reading, ended=_is_ended(text), open_ended=not _is_framed(text))


def _record(block: Any, spec: ListSpec) -> dict[str, str]:
    record = _labelled(block)
    labels = {squeezed(label) for label in record}
    for part in (*spec.key, spec.status, spec.until):
        if part and not part.startswith(_LABEL) and squeezed(part) not in labels:
            found = _selected(block, part)
            if found is not None:
                record[part] = found
    return record


def _bare(part: str) -> str:
    return part.removeprefix(_LABEL).strip()


def _selected(block: Any, selector: str) -> str | None:
    try:
        found = block.xpath(to_xpath(selector))
    except Unclear:
        if _SELECTOR.search(selector):
            raise
        return None  # a word: the one status of all
    return _text(found[0]) if found else None


def _labelled(block: Any) -> dict[str, str]:
    """What a block says with a label: the `dd` after a `dt`, the `td` after a `th`."""
    record: dict[str, str] = {}
    for label in block.iter("dt", "th"):
        name = _text(label).rstrip(" :\u00a0")
        parts = []
        for value in label.itersiblings():
            if value.tag not in ("dd", "td"):
                break
            parts.append(_text(value))
        if name and parts:
            record.setdefault(name, " / ".join(filter(None, parts)))
    return record
