"""The base of `vigie group` is its own, never a daemon's."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.grouping import Grouper
from matchers.stories.grouping import Grouping
from storage import StoreError, open_store
from storage.feeds.model import Feed
from storage.ids import FeedId
from storage.stories.ledger import Ledger

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.mark.file
@pytest.mark.parametrize("held", ["source", "chat"])
def test_a_base_in_use_keeps_its_sources(tmp_path: Path, held: str) -> None:
    path = tmp_path / "vigie.sqlite"
    with closing(open_store(path)) as store:
        if held == "source":
            store.feeds.sync([Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")], NOW)
        else:
            store.chats.arrive(5, "private", "fr", NOW)
    with pytest.raises(StoreError, match="est la base d’une Vigie"):
        Ledger(path, Grouper(Grouping()), durable=True)
    with closing(open_store(path)) as store:
        assert [each.id for each, _ in store.feeds.overview()] == (["cnil"] if held == "source" else [])


@pytest.mark.file
def test_its_own_base_opens_again(tmp_path: Path) -> None:
    for _ in range(2):
        Ledger(tmp_path / "etat", Grouper(Grouping()), durable=True).close()
