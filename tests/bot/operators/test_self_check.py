"""What ails the machine or the bot is found before it stops everything."""

from pathlib import Path

from bot.operators.self_check import ailing


def test_a_token_that_is_refused_and_a_disk_with_little_room_are_found(tmp_path: Path) -> None:
    assert ailing(tmp_path / "base", lambda: None, room=1) == {}
    found = ailing(tmp_path / "base", lambda: "Unauthorized", room=1 << 60)
    assert found["token"] == "Unauthorized"
    assert found["disk"].isdecimal()
