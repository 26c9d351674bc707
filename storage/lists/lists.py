"""The lists that are followed: what is known, what moved, and the bytes that prove it."""

import gzip
from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import Connection, Row, delete, select, update

from matchers.lists.model import ListEvent, ListEventKind
from matchers.lists.ranks import rank
from storage.articles.register import seal_event
from storage.database import Database
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.lists.codec import known_read, known_written, row_read, row_written, spec_read
from storage.lists.model import KeptListEvent, ListProof, ListRecord, ListView, StoredList
from storage.operators.causes import NORMAL, settle
from storage.schema import feed, list_event, list_proof, list_state, upsert

MOST_BYTES = 5 << 20  # of one list, packed: the oldest go first, and never the last reading
_KINDS: Mapping[str, ListEventKind] = {kind: kind for kind in get_args(ListEventKind)}
_STATE = ("known", "sha256", "read_at", "held_at", "why", "seen", "held", "accepted", "ignored")
_SAVE = upsert(list_state, "feed_id", changing=_STATE)


class OfficialLists:
    """What is kept of lists. They are written with the poll that read them (`record`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, of: FeedId) -> StoredList:
        """What is known of a list; nothing yet for a new one."""
        with self._database.read() as connection:
            row = connection.execute(select(list_state).where(list_state.c.feed_id == of)).one_or_none()
        return StoredList(of) if row is None else _stored(row)

    def accept(self, of: FeedId, mark: str, now: datetime) -> bool:
        """Let the reading that is held through, if it is still that one: the list is asked again at once."""
        mine = (
            list_state.c.feed_id == of,
            list_state.c.held.startswith(mark, autoescape=True),
            list_state.c.held != "",
        )
        with self._database.write() as connection:
            let = connection.execute(update(list_state).where(*mine).values(accepted=list_state.c.held))
            if let.rowcount == 0:
                return False
            connection.execute(update(feed).where(feed.c.id == of).values(due_at=now))
            settle(connection, of, ("held",), NORMAL, now)
            return True

    def ignore(self, of: FeedId, now: datetime) -> None:
        """Tell nobody more of this hold: the next good reading ends it."""
        with self._database.write() as connection:
            connection.execute(update(list_state).where(list_state.c.feed_id == of).values(ignored=True))
            settle(connection, of, ("held",), NORMAL, now)

    def views(self) -> tuple[ListView, ...]:
        """Every list that is listed, by the name of its source, with all that happened to it."""
        with self._database.read() as connection:
            feeds = connection.execute(select(feed).where(feed.c.listing != "").order_by(feed.c.name, feed.c.id)).all()
            states = {row.feed_id: _stored(row) for row in connection.execute(select(list_state))}
            events: dict[str, list[KeptListEvent]] = {}
            for row in connection.execute(select(list_event).order_by(list_event.c.id)):
                events.setdefault(row.feed_id, []).append(_event(row))
        return tuple(
            _view(row, states.get(row.id, StoredList(FeedId(row.id))), tuple(events.get(row.id, ()))) for row in feeds
        )

    def beside(self, tracker: str, of: FeedId) -> dict[str, str]:
        """The status of each row, by key, in the other lists of a tracker that are read; of two, the higher."""
        found: dict[str, str] = {}
        query = select(feed.c.id, feed.c.listing, list_state.c.known).join(list_state).where(feed.c.enabled)
        with self._database.read() as connection:
            rows = connection.execute(query.where(feed.c.id != of, list_state.c.known != "")).all()
        for row in rows:
            spec = spec_read(row.listing)
            if spec is None or spec.tracker != tracker:
                continue
            for key, each in known_read(row.known).rows.items():
                if key not in found or rank(found[key]) < rank(each.row.status):
                    found[key] = each.row.status
        return found

    def proof(self, of: FeedId, sha256: str) -> bytes | None:
        """The bytes of a reading; None where they are kept no more."""
        mine = (list_proof.c.feed_id == of, list_proof.c.sha256 == sha256)
        with self._database.read() as connection:
            packed = connection.execute(select(list_proof.c.body).where(*mine)).scalar()
        return None if packed is None else gzip.decompress(packed)


def record_list(connection: Connection, source: Feed, record: ListRecord) -> None:
    """Write a reading of a list in the transaction of its poll: what is known, the sealed events, the bytes."""
    after, of = record.after, source.id
    before = connection.execute(select(list_state).where(list_state.c.feed_id == of)).one_or_none()
    proof = record.proof or after.proof
    row = {
        "feed_id": of,
        "known": known_written(after.known) if after.known else "",
        "sha256": after.proof.sha256 if after.proof else "",
        "read_at": after.proof.at if after.proof else None,
        "held_at": record.proof.at if record.proof else None,
        "why": after.why,
        "seen": after.seen,
        "held": after.held,
        "accepted": after.accepted,
        "ignored": after.ignored,
    }
    connection.execute(_SAVE, row)
    if proof is None:
        return
    for event in record.events:
        connection.execute(list_event.insert().values(**_columns(of, event, before, proof, record.url)))
        seal_event(connection, source, event, proof, record.url)
    moved = before is None or before.sha256 != after.proof.sha256 if after.proof else False
    if record.proof is not None and record.proof.body and moved and not after.why:
        _keep_bytes(connection, of, record.proof)


def _keep_bytes(connection: Connection, of: FeedId, proof: ListProof) -> None:
    """Keep a reading as it came, and as many of those that tell of events as there is room for."""
    packed = gzip.compress(proof.body, mtime=0)
    told = select(list_event.c.sha256).where(list_event.c.feed_id == of)
    told_before = select(list_event.c.old_sha256).where(list_event.c.feed_id == of)
    idle = (list_proof.c.feed_id == of, list_proof.c.sha256.not_in(told), list_proof.c.sha256.not_in(told_before))
    connection.execute(delete(list_proof).where(*idle, list_proof.c.sha256 != proof.sha256))
    row = {"feed_id": of, "sha256": proof.sha256, "at": proof.at, "content_type": proof.content_type, "body": packed}
    connection.execute(upsert(list_proof, "feed_id", "sha256", changing=("at",)), row)
    room = MOST_BYTES
    held = select(list_proof.c.sha256, list_proof.c.body).where(list_proof.c.feed_id == of)
    for place, each in enumerate(connection.execute(held.order_by(list_proof.c.at.desc())).all()):
        room -= len(each.body)
        if room < 0 and place:
            connection.execute(delete(list_proof).where(list_proof.c.feed_id == of, list_proof.c.sha256 == each.sha256))


def _columns(of: FeedId, event: ListEvent, before: Row[Any] | None, proof: ListProof, url: str) -> dict[str, Any]:
    return {
        "feed_id": of,
        "told_at": proof.at,
        "at": event.at,
        "kind": event.kind,
        "listed": row_written(event.row),
        "field": event.field,
        "before": event.before,
        "after": event.after,
        "quiet": event.quiet,
        "url": url,
        "sha256": proof.sha256,
        "old_sha256": before.sha256 if before is not None else "",
        "old_at": before.read_at if before is not None else None,
    }


def _stored(row: Row[Any]) -> StoredList:
    return StoredList(
        FeedId(row.feed_id),
        known_read(row.known) if row.known else None,
        ListProof(row.sha256, row.read_at) if row.sha256 else None,
        row.why,
        row.seen,
        row.held,
        row.accepted,
        row.ignored,
    )


def _event(row: Row[Any]) -> KeptListEvent:
    event = ListEvent(_KINDS[row.kind], row_read(row.listed), row.at, row.field, row.before, row.after, row.quiet)
    before = ListProof(row.old_sha256, row.old_at) if row.old_sha256 else None
    after = ListProof(row.sha256, row.told_at)
    return KeptListEvent(row.id, FeedId(row.feed_id), row.told_at, event, row.url, before, after)


def _view(row: Row[Any], stored: StoredList, events: tuple[KeptListEvent, ...]) -> ListView:
    spec = spec_read(row.listing)
    assert spec is not None, "asked for by the query"
    return ListView(FeedId(row.id), row.name, row.listed_url, spec, stored, events, row.enabled)
