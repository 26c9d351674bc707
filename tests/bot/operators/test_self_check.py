"""What ails the machine or the bot is found before it stops everything."""

from pathlib import Path

from bot.operators.self_check import ailing


def test_a_token_that_is_refused_and_a_disk_with_little_room_are_found(tmp_path: Path) -> None:
    assert ailing(tmp_path / "base", lambda: None, lambda: None, room=1) == {}
    found = ailing(tmp_path / "base", lambda: "Unauthorized", lambda: None, room=1 << 60)
    assert found["token"] == "Unauthorized"
    assert found["disk"].isdecimal()


def test_a_reader_that_cannot_be_born_is_found(tmp_path: Path) -> None:
    found = ailing(tmp_path / "base", lambda: None, lambda: "le programme a été remplacé", room=1)
    assert found == {"reader": "le programme a été remplacé"}
