"""Generated histories: nothing lost, nothing told twice, the same rows with kills, restarts or none of them. The long
proof is `python -m benchmarks.histories`."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import open_store
from tests.grouping.histories import lived, template


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6))
def test_whatever_feeds_do_nothing_is_lost_and_nothing_told_twice(tmp_path: Path, seed: int) -> None:
    base = tmp_path / "template.db"
    if not base.exists():
        template(tmp_path)
    store = open_store(tmp_path / "run.db")
    try:
        killed = lived(seed, store, base, kills=True)
        calm = lived(seed, store, base, kills=False, restarts=seed % 5 == 0)
    finally:
        store.close()
    for told in (killed, calm):
        assert (told.again, told.lost) == (0, 0)
    assert killed.doubled <= killed.doubts, "only what was in flight"
    assert calm.doubled == 0
    assert killed.digest == calm.digest


def test_one_guid_for_all_in_a_feed_that_had_its_own_loses_nothing(tmp_path: Path) -> None:
    """The history that once lost an article: read alone, a new entry took the guid that all had for its own."""
    base, store = template(tmp_path), open_store(tmp_path / "run.db")
    try:
        assert lived(29, store, base, kills=False).lost == 0
    finally:
        store.close()
