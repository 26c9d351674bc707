"""`vigie acts`: articles in, the official acts that they name out, one JSON object a line."""

from collections.abc import Iterable
from typing import Any, BinaryIO

from bot.jsonl import BadLine, encoded, named_article
from bot.web.urls import host
from matchers.acts import Citation, acts
from matchers.model import FIELDS, Article


def run(lines: Iterable[bytes], out: BinaryIO) -> int:
    """Answer every line at once, before the next one is needed. Exit code: 1 if a line was bad, else 0."""
    bad = 0
    for number, line in enumerate(lines, start=1):
        if line.strip():
            answer = _answer(number, line)
            bad += "error" in answer
            out.write(encoded(answer))
            out.flush()
    return 1 if bad else 0


def _answer(number: int, line: bytes) -> dict[str, Any]:
    try:
        name, article = named_article(line)
    except BadLine as problem:
        return {"id": None, "line": number, "error": str(problem)}
    found = acts(_told(article), host(article.url))
    return {
        "id": name,
        "acts": [_shown(each) | {"sure": each.sure} for each in found if each.sure],
        "dated": [_shown(each) for each in found if not each.sure],
    }


def _told(article: Article) -> str:
    """Title, lead and text as one: a body named in the title says whose number stands in the lead."""
    return ". ".join(filter(None, (getattr(article, field) for field in FIELDS)))


def _shown(found: Citation) -> dict[str, Any]:
    return {"id": found.id, "text": found.text}
