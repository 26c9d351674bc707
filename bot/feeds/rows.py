"""From a document's bytes to the rows of the list that it is. Called in a worker process."""

from dataclasses import dataclass
from typing import assert_never
from urllib.parse import urldefrag

from bot.feeds import pdf_tables, plain_text, records, tables
from bot.feeds.announced import absolute
from bot.feeds.charset import decoded
from bot.web.gzip_body import BadEncoding, TooBig, unpacked
from matchers.lists import ListReading, ListSpec, ListUnread

LIMIT = 16 << 20  # bytes of a document that came packed
LONGEST_WHY = 300
_PDF = b"%PDF-"


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of one document, and the address of the page after it; "" where there is none."""

    reading: ListReading
    following: str = ""


def read_rows(body: bytes, content_type: str, url: str, spec: ListSpec) -> ListPage | ListUnread:
    """The rows of a document at `url`. Picklable, without network; never raises for what the document holds."""
    try:
        body = unpacked(body, LIMIT)
    except (TooBig, BadEncoding) as problem:
        return ListUnread(str(problem))
    if not body.strip():
        return ListUnread("réponse vide")
    if spec.format == "pdf" or body.lstrip()[:5] == _PDF:
        read = pdf_tables.read_pdf(body, spec) if spec.format == "pdf" else ListUnread("un PDF : dites « format: pdf »")
        return _page(read, "")
    text = decoded(body, content_type).lstrip("\ufeff")
    read = _read(text, spec)
    return _page(read, _following(text, url, spec) if spec.follow else "")


def _read(text: str, spec: ListSpec) -> ListReading | ListUnread:
    match spec.format:
        case "html":
            return tables.read_page(text, spec)
        case "csv":
            return records.read_csv(text, spec)
        case "json":
            return records.read_json(text, spec)
        case "pdf":
            raise AssertionError("read as bytes")
        case _:
            assert_never(spec.format)


def _page(read: ListReading | ListUnread, following: str) -> ListPage | ListUnread:
    if isinstance(read, ListUnread):
        return ListUnread(plain_text.line(read.why, LONGEST_WHY))
    return ListPage(read, following)


def _following(text: str, url: str, spec: ListSpec) -> str:
    found = records.next_of(text, spec.follow) if spec.format == "json" else tables.next_of(text, spec.follow)
    address = urldefrag(absolute(found, url)).url if found else ""
    return "" if address == urldefrag(url).url else address
