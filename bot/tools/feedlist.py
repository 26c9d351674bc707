"""`vigie feeds import` and `export`: lists of feeds in and out, and the lines of feeds.yaml they lead to."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.config.feedfile import free_name, read_feeds, slug
from bot.ending import CannotRun
from bot.french import counted
from bot.log import redact
from bot.messages.markup import clean
from bot.tools import opml
from bot.tools.opml import NotOpml, Outline
from bot.web import urls
from storage.feeds.model import Feed
from storage.files import draft, fill, take
from storage.system import said

_TOP = re.compile(r"^[A-Za-z_][\w-]*\s*:", re.MULTILINE)
_ITEM = re.compile(r"^([ ]*)-(?=[ \t\n])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do: the feeds that are new, how many are followed already, those that can't be."""

    new: tuple[Outline, ...]
    known: int
    refused: tuple[Outline, ...]


def preview(outlines: Iterable[Outline], feeds: Iterable[Feed]) -> ImportPreview:
    followed = {_address(feed.url) for feed in feeds}
    new, known, refused = [], 0, []
    for outline in outlines:
        if outline.refused:
            refused.append(outline)
        elif _address(outline.url) in followed:
            known += 1
        else:
            new.append(outline)
    return ImportPreview(tuple(new), known, tuple(refused))


def bring(source: Path, folder: Path, out: TextIO, *, allow_private: bool, write: bool) -> int:
    """Show what an OPML file would add to feeds.yaml; with `write`, add it. Raises CannotRun. Exit code 0."""
    path = folder / "feeds.yaml"
    feeds, _ = read_feeds(path)
    try:
        with source.open("rb") as file:
            outlines = opml.read(file.read(opml.LIMIT + 1), allow_private=allow_private)
    except NotOpml as problem:
        raise CannotRun(f"{source} : {problem}") from problem
    except OSError as problem:
        raise CannotRun(f"fichier illisible : {source} ({said(problem)})") from problem
    seen = preview(outlines, feeds)
    for outline in seen.refused:
        print(f"refusée : {redact(outline.url)[:200]} ({outline.refused})", file=out)
    lines = yaml_lines(seen.new, [feed.id for feed in feeds])
    if seen.new and write:
        _append(path, lines, {outline.url for outline in seen.new})
    elif seen.new:
        print("\n".join(lines), file=out)
    done = f"ajoutées à {path}" if write else "à ajouter (avec --write, Vigie les ajoute à feeds.yaml)"
    new = counted(len(seen.new), "nouvelle", "nouvelles")
    known = counted(seen.known, "déjà suivie", "déjà suivies")
    print(f"{new} {done}, {known}, {counted(len(seen.refused), 'refusée', 'refusées')}", file=out)
    return 0


def give(feeds: Sequence[Feed], out: TextIO, errors: TextIO) -> int:
    """Print the feeds as OPML. Exit code 0."""
    print(opml.write(feeds), end="", file=out)
    others = sum(feed.kind != "feed" for feed in feeds)
    if others:
        print(f"vigie : {others} source(s) sans flux (page, sitemap) laissée(s) de côté", file=errors)
    return 0


def yaml_lines(outlines: Iterable[Outline], taken: Iterable[str] = (), indent: str = "  ") -> list[str]:
    """The lines that follow these feeds, for feeds.yaml."""
    used = Counter(taken)
    lines = []
    for outline in outlines:
        name = clean(outline.name or _place(outline.url))
        identifier = free_name(slug(name), used)
        lines += [f"{indent}- id: {identifier}", f"{indent}  name: {_quoted(name)}", f"{indent}  url: {outline.url}"]
        if re.search(r"[\s#'\"{}\[\],&*!|>%@`]", outline.url):
            lines[-1] = f"{indent}  url: {_quoted(outline.url)}"
        if outline.category:
            lines.append(f"{indent}  category: {_quoted(clean(outline.category))}")
    return lines


def _append(path: Path, lines: Sequence[str], wanted: set[str]) -> None:
    """Add these lines to the list of feeds, comments and all kept; nothing is written unless the result is right."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise CannotRun(f"{path} : illisible, rien n’a été écrit") from problem
    before = {feed.id for feed in read_feeds(path)[0]}
    try:
        kept = path.stat()
        with draft(path, kept.st_mode & 0o777, kept) as made:
            fill(made, _with(text, lines))
            after, problems = read_feeds(made)
            errors = [problem for problem in problems if problem.severity == "error"]
            if errors or not wanted <= {feed.url for feed in after} or not before <= {feed.id for feed in after}:
                why = errors[0].message if errors else "sa forme n’est pas une liste de sources"
                raise CannotRun(f"{path} : rien n’a été écrit ({why}) ; ajoutez les lignes à la main, sans --write")
            take(made, path)
    except OSError as problem:
        raise CannotRun(f"{path} : écriture impossible ({said(problem)})") from problem


def _with(text: str, lines: Sequence[str]) -> str:
    """The file with the lines at the end of its list, indented as it is."""
    keys = [(found.start(), found[0]) for found in _TOP.finditer(text)]
    place = next((number for number, (_, key) in enumerate(keys) if re.match(r"feeds\s*:", key)), None)
    if place is None:
        return text + "\nfeeds:\n" + "\n".join(lines) + "\n"
    end = keys[place + 1][0] if place + 1 < len(keys) else len(text)
    item = _ITEM.search(text, keys[place][0], end)
    indent = item[1] if item else "  "
    own = [indent + line.removeprefix("  ") for line in lines]
    before = text[:end].rstrip("\n")
    after = text[end:]
    return before + "\n" + "\n".join(own) + "\n" + (f"\n{after}" if after else "")


def _address(url: str) -> str:
    return next(iter(urls.url_keys(url)), url)


def _place(url: str) -> str:
    return re.sub(r"^https?://(www\.)?", "", url)[:60]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # which YAML reads as it is
