import io
import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.daemon.lock import holder, sole_sender
from bot.tools import status
from storage import open_store
from storage.feeds.model import Feed
from storage.ids import FeedId
from tests.bot.daemon.test_metrics import FIGURES, FLEET

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def shown(seen: status.Seen) -> str:
    out = io.StringIO()
    assert status.show(seen, out, as_json=False) == 0
    return out.getvalue()


def test_one_screen_tells_how_everything_is() -> None:
    told = shown(status.Seen(Path("base"), NOW, 4312, 141_000_000, FIGURES))
    assert "en marche (processus 4312, 141 Mo de mémoire)" in told
    assert "52 suivies : 50 ok, 2 en panne · 3 en pause" in told
    assert "1\u202f200, dont 900 sans nouveauté (75 %)" in told
    assert "secnumcloud 30 · hds 12" in told
    assert "5 en attente (la plus ancienne depuis 3 min)" in told
    assert "le dernier il y a 1 j" in told
    assert len(told.splitlines()) <= 24
    assert max(map(len, told.splitlines())) <= 120


def test_the_daemons_of_a_shared_base_are_told_with_what_each_does() -> None:
    told = shown(status.Seen(Path("base"), NOW, None, None, FLEET))
    assert "· 2 démons en marche\n" in told
    assert "Démon       un · tout · tient le journal (mandat 4) · envoie (mandat 4)\n" in told
    assert "Démon       deux · VIGIE_ROLES=polls · horloge en retard de 1 min\n" in told
    assert "Démon       trois · tout · sans nouvelles depuis 3 min\n" in told
    assert "Retard      7 sources attendent leur tour, la première depuis 2 min\n" in told
    assert "Annonces    1 en cours à plus de 500 chats\n" in told
    assert "personne n’envoie" not in told
    assert len(told.splitlines()) <= 24
    assert "personne n’envoie" in shown(status.Seen(Path("base"), NOW, None, None, replace(FLEET, offices=())))
    assert "à l’arrêt" in shown(status.Seen(Path("base"), NOW, None, None, replace(FLEET, daemons=())))
    many = shown(status.Seen(Path("base"), NOW, None, None, replace(FLEET, daemons=FLEET.daemons * 3)))
    assert "et 3 autres" in many


def test_each_number_agrees_with_its_noun() -> None:
    feeds = (("new", 67), ("moved", 1), ("blocked", 2))
    chats = (("active", 1), ("gone", 2))
    waiting = replace(FIGURES.waiting, held=1, doubts=1, dead=2)
    few = replace(FIGURES, feeds=feeds, chats=chats, waiting=waiting)
    told = shown(status.Seen(Path("base"), NOW, None, None, few))
    assert "70 suivies : 67 jamais lues, 2 refusées, 1 déménage ·" in told
    assert "1 retenue\n" in told
    assert "1 incertain, 2 abandonnés\n" in told
    assert "1 actif, 2 partis\n" in told


def test_a_pause_of_all_sending_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base")
    store.outbox.pause(NOW, timedelta(hours=2))
    store.close()
    told = shown(status.look(tmp_path / "base", NOW + timedelta(minutes=30)))
    assert "Pause       rien ne part encore 1 h ; un rattrapage par chat ensuite (/pause)" in told
    assert "Pause" not in shown(status.look(tmp_path / "base", NOW + timedelta(hours=2)))


def test_a_look_creates_nothing(tmp_path: Path) -> None:
    seen = status.look(tmp_path / "base", NOW)
    assert "pas encore" in shown(seen)
    assert list(tmp_path.iterdir()) == []


def test_a_fresh_base_is_told(tmp_path: Path) -> None:
    store = open_store(tmp_path / "base")
    store.feeds.sync([Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")], NOW)
    store.close()
    seen = status.look(tmp_path / "base", NOW)
    assert seen.figures is not None
    assert seen.figures.feeds == (("new", 1),)
    assert seen.figures.size > 0
    assert "à l’arrêt" in shown(seen)


def test_json_holds_the_same(tmp_path: Path) -> None:
    out = io.StringIO()
    status.show(status.Seen(tmp_path, NOW, None, None, FIGURES), out, as_json=True)
    read = json.loads(out.getvalue())
    assert read["figures"]["articles"] == 4000
    assert read["process"] is None


def test_who_works_on_a_base_is_known_only_while_he_does(tmp_path: Path) -> None:
    base = tmp_path / "base"
    assert holder(base) is None
    with sole_sender(base):
        assert holder(base) == os.getpid()
    assert holder(base) is None
