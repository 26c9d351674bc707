"""The demonstration's news site: the invented press served over HTTP on loopback, as polite servers do."""

import gzip
import hashlib
import json
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self

from bot.clock import now
from bot.demo import acts, official, press
from bot.demo.addresses import feed_path, home_path, known_feed_path, section_path, story_path, tracked
from bot.demo.layouts import Frame, PageLink, article, listing
from bot.demo.press import Layout, Outlet, Story, SyndicationKind
from bot.demo.syndication import ListedStory, feed, media_type

NOW = press.MORNING
FOUNDING = "/fil-du-nuage/2024/02/01/la-cnil-laisse-le-health-data-hub-chez-microsoft/"
"""The page of the affair that Vigie was made for, below the site's root."""

Stage = Literal[1, 2]
IDLE = 5  # seconds a kept-alive connection may stay silent
LISTED = 20  # entries per feed, newest first: real feeds list 10 to 30
ROBOTS = b"User-agent: *\nDisallow: /recherche\nDisallow: /compte/\n"
WATCHED = ("user-agent", "if-none-match", "if-modified-since", "accept-encoding", "accept", "cookie", "referer", "a-im")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request as the site saw it. `conditional`: it carried a validator. `headers` keeps those worth judging."""

    method: str
    path: str
    status: int
    conditional: bool
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """What a path answers. `etag` and `modified` are given as validators where not None."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    etag: str | None = None
    modified: datetime | None = None
    location: str | None = None


class DemoSite:
    """A news site on 127.0.0.1; a context manager that serves from entry to exit.

    `stage` 1 shows the past days, 2 adds this morning's items; it may be set at any time. `requests` is the log, in
    order. `faults` maps a feed's id to the status it should answer instead; `decided`: its official list
    says what was decided. `url` is the root, without a final slash;
    it is empty before entry. `port` 0 takes a free one.
    """

    def __init__(self, outlets: tuple[Outlet, ...] | None = None, *, stage: Stage = 1, port: int = 0) -> None:
        self.outlets = press.load() if outlets is None else outlets
        self.stage: Stage = stage
        self.requests: list[LoggedRequest] = []
        self.faults: dict[str, int] = {}
        self.decided = False
        self.url = ""
        self._port = port

    @classmethod
    def empty(
        cls, feed_id: str = "essai", *, kind: SyndicationKind = "rss", layout: Layout = "wordpress", full: bool = False
    ) -> Self:
        """A site of one outlet without any article, for tests that `publish` their own."""
        return cls((Outlet(id=feed_id, name="Le Journal d'essai", kind=kind, layout=layout, full=full),), stage=2)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def outlet(self, feed_id: str) -> Outlet:
        """Raises KeyError for an id that is not here."""
        for outlet in self.outlets:
            if outlet.id == feed_id:
                return outlet
        raise KeyError(feed_id)

    def feed_url(self, feed_id: str) -> str:
        """The address to follow: for a feed that has moved, the old one."""
        return self.url + known_feed_path(self.outlet(feed_id))

    def page_url(self, story: Story) -> str:
        return self.url + story_path(self.outlet(story.outlet), story)

    def stories(self) -> tuple[Story, ...]:
        """Everything visible at the present stage, retitled as of now."""
        shown = (story for outlet in self.outlets for story in outlet.stories if story.stage <= self.stage)
        return tuple(story.at(self.stage) for story in shown)

    def publish(
        self,
        feed_id: str,
        title: str,
        summary: str = "",
        text: str = "",
        *,
        published: datetime | None = None,
    ) -> str:
        """Add an article to a feed, at once; blank lines separate paragraphs, and None dates it now. Returns its page's
        address."""
        outlet = self.outlet(feed_id)
        story = Story(
            outlet=feed_id,
            slug=f"{press.slugify(title)}-{len(outlet.stories)}",
            title=title,
            summary=summary,
            paragraphs=press.paragraphs(text),
            published=published or now(),
        )
        self._replace(replace(outlet, stories=(*outlet.stories, story)))
        return self.page_url(story)

    def feeds_yaml(self, every: str = "2s") -> str:
        """A feeds.yaml that follows every feed of the site. `every` as in that file: 2s, 15m, 1h."""
        lines = ["feeds:"]
        for outlet in self.outlets:
            # a JSON string is a YAML string: nothing in a name or an address can break the file
            values = {"name": outlet.name, "url": self.feed_url(outlet.id), "category": outlet.category}
            lines.append(f"  - id: {outlet.id}")
            lines += [f"    {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
            lines += [f"    language: {outlet.language}", f"    every: {every}"]
            lines += [f"    reading: {outlet.reading}", "    enabled: true"]
        return "\n".join(lines) + "\n"

    def acts_yaml(self) -> str:
        """What a feeds.yaml adds to follow the acts of the site."""
        followed = (
            ("cnil-actes", "CNIL – délibérations", acts.FUND, "cnil"),
            ("consultations", "Commission – consultations", acts.CONSULTATIONS, "consultations"),
        )
        return "".join(
            f"  - {{id: {name}, name: {said}, url: {self.url}{path}, kind: {kind}, official: true}}\n"
            for name, said, path, kind in followed
        )

    def answer(self, path: str) -> Response:
        """What a path (with its query) answers now, without conditions or compression."""
        if path == "/robots.txt":
            return Response(body=ROBOTS, media_type="text/plain; charset=utf-8")
        if path == official.PATH:
            return Response(body=official.page(decided=self.decided).encode(), media_type="text/html; charset=utf-8")
        if path == acts.CONSULTATIONS:
            return Response(body=acts.consultations(opened=self.stage == 2), media_type="application/json")
        if path.startswith(acts.FUND):
            return self._fund(path.removeprefix(acts.FUND))
        outlet = next((outlet for outlet in self.outlets if path.startswith(home_path(outlet))), None)
        if outlet is None:
            return _missing()
        if path in (known_feed_path(outlet), feed_path(outlet)):
            return self._feed(outlet, path)
        return self._page(outlet, path)

    def _fund(self, name: str) -> Response:
        decided = self.stage == 2
        body = acts.archive(name, decided=decided) if name else acts.index(decided=decided)
        media = "application/gzip" if name else "text/html; charset=iso-8859-1"
        return _missing() if body is None else Response(body=body, media_type=media, etag=_etag(body))

    def _replace(self, outlet: Outlet) -> None:
        self.outlets = tuple(outlet if other.id == outlet.id else other for other in self.outlets)

    def _feed(self, outlet: Outlet, path: str) -> Response:
        status = self.faults.get(outlet.id, outlet.status)
        if status != HTTPStatus.OK:
            return Response(HTTPStatus(status), b"<h1>Erreur</h1>")
        if path != feed_path(outlet):
            return Response(HTTPStatus.MOVED_PERMANENTLY, location=self.url + feed_path(outlet))
        items = self._items(outlet)
        body = feed(outlet, items, self.url + home_path(outlet))
        modified = max((item.story.published for item in items), default=NOW)
        return Response(
            body=body,
            media_type=media_type(outlet),
            etag=_etag(body) if outlet.validators in ("both", "etag") else None,
            modified=modified if outlet.validators in ("both", "date") else None,
        )

    def _items(self, outlet: Outlet) -> list[ListedStory]:
        listed = [story for story in self.stories() if outlet.id in (story.outlet, story.also)]
        listed.sort(key=lambda story: story.published, reverse=True)
        pages = [self.page_url(story) for story in listed[:LISTED]]
        return [
            ListedStory(story, tracked(page, outlet.tracking), page)
            for story, page in zip(listed[:LISTED], pages, strict=True)
        ]

    def _page(self, outlet: Outlet, path: str) -> Response:
        story = self._story_at(path)
        media = f"text/html; charset={outlet.charset}"
        if story is not None:
            box = tuple(PageLink(text, self.url + section_path(outlet, "Dossiers")) for text in outlet.box)
            body = article(story, self._frame(outlet, story_path(outlet, story), box + self._neighbours(outlet, story)))
            return Response(body=body, media_type=media, etag=_etag(body))
        title = self._listing_title(outlet, path)
        if title is None:
            return _missing()
        links = [PageLink(story.title, self.page_url(story)) for story in self.stories() if story.outlet == outlet.id]
        return Response(body=listing(title, links, self._frame(outlet, path, ())), media_type=media)

    def _story_at(self, path: str) -> Story | None:
        """The visible story of a path; parameters that trackers add are ignored, as servers do."""
        for story in self.stories():
            known = story_path(self.outlet(story.outlet), story)
            if path == known or path.startswith((known + "?", known + "&")):
                return story
        return None

    def _neighbours(self, outlet: Outlet, story: Story) -> tuple[PageLink, ...]:
        others = [other for other in self.stories() if other.outlet == outlet.id and other.slug != story.slug]
        return tuple(PageLink(other.title, self.page_url(other)) for other in others[:2])

    def _listing_title(self, outlet: Outlet, path: str) -> str | None:
        if path == home_path(outlet):
            return outlet.name
        sections = (*outlet.nav, "Dossiers")
        return next((section for section in sections if path == section_path(outlet, section)), None)

    def _frame(self, outlet: Outlet, path: str, box: tuple[PageLink, ...]) -> Frame:
        return Frame(
            outlet=outlet,
            home=PageLink(outlet.name, self.url + home_path(outlet)),
            menu=tuple(PageLink(section, self.url + section_path(outlet, section)) for section in outlet.nav),
            box=box,
            address=self.url + path,
        )


def _etag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def _missing() -> Response:
    return Response(HTTPStatus.NOT_FOUND, b"<h1>Page introuvable</h1>")


class _Server(ThreadingHTTPServer):
    """Knows its open connections, so that a stop need not wait for the clients to leave."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, address: tuple[str, int], site: DemoSite) -> None:
        self.site = site
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every kept-alive connection; its thread then ends by itself."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # the client, or its thread, was faster


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "vigie-demo"
    sys_version = ""
    timeout = IDLE
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Nothing on the terminal: `Site.requests` is the log."""

    def _serve(self) -> None:
        answer = self.server.site.answer(self.path)
        zipped = "gzip" in self.headers.get("Accept-Encoding", "") and answer.status == HTTPStatus.OK
        etag = _zipped_etag(answer.etag) if zipped else answer.etag
        modified = format_datetime(answer.modified, usegmt=True) if answer.modified else None
        fresh = self._is_fresh(etag, modified)
        status = HTTPStatus.NOT_MODIFIED if fresh else answer.status
        self._note(status)
        self.send_response(status)
        for name, value in (("ETag", etag), ("Last-Modified", modified), ("Location", answer.location)):
            if value is not None:
                self.send_header(name, value)
        if fresh:
            self.end_headers()
            return
        # mtime 0: the same bytes for the same text, at every request
        self._send(gzip.compress(answer.body, mtime=0) if zipped else answer.body, answer.media_type, zipped)

    def _send(self, body: bytes, media: str, zipped: bool) -> None:
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_fresh(self, etag: str | None, modified: str | None) -> bool:
        """RFC 9110 §13.2.2: If-None-Match decides where there is one. Both must come back byte for byte."""
        sent = self.headers.get("If-None-Match")
        if sent is not None:
            return etag is not None and sent == etag
        since = self.headers.get("If-Modified-Since")
        return modified is not None and since == modified

    def _note(self, status: HTTPStatus) -> None:
        kept = {name: self.headers[name] for name in WATCHED if name in self.headers}
        conditional = "if-none-match" in kept or "if-modified-since" in kept
        self.server.site.requests.append(LoggedRequest(self.command, self.path, int(status), conditional, kept))


def _zipped_etag(etag: str | None) -> str | None:
    """Another representation, another validator: as Apache names it."""
    return None if etag is None else f'{etag[:-1]}-gzip"'
