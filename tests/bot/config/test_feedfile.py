"""feeds.yaml: kinds of sources and how often they are asked, with mistakes told at their line."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.feedfile import read_feeds
from bot.config.http_address import bad_url
from storage.feeds.model import NOMINATIONS, Feed

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def read(folder: Path, *lines: str) -> tuple[tuple[Feed, ...], list[str]]:
    path = folder / "feeds.yaml"
    more = "".join(f"  {line}\n" for line in lines)
    path.write_text(f"feeds:\n- url: https://site.example/actualites\n{more}", "utf-8")
    feeds, problems = read_feeds(path)
    return feeds, [f"{problem.line} {problem.severity} {problem.message}" for problem in problems]


def only(folder: Path, *lines: str) -> Feed:
    (feed,), problems = read(folder, *lines)
    assert not problems
    return feed


def test_an_interval_may_be_exact_or_have_two_bounds(tmp_path: Path) -> None:
    exact, free = only(tmp_path, "every: 2h"), only(tmp_path, "every: 15m - 6h")
    assert (exact.every, exact.least, exact.most) == (2 * HOUR, None, None)
    assert (free.every, free.least, free.most) == (None, 15 * MINUTE, 6 * HOUR)


@pytest.mark.parametrize(
    ("lines", "official"),
    [
        ([], None),
        (["official: true"], True),
        (["official: false"], False),
        (["category: institution"], True),
        (["category: Institution"], True),
        (["category: institution", "official: false"], False),
        (["category: presse"], None),
    ],
)
def test_who_decides_is_said_or_is_an_institution(tmp_path: Path, lines: list[str], official: bool | None) -> None:
    assert only(tmp_path, *lines).official is official


@pytest.mark.parametrize("every", ["6h-15m", "15m-", "-6h", "15m-60d", "0s-1h", "15m-6h-1d", "souvent"])
def test_bounds_that_mean_nothing_are_told_at_their_line(tmp_path: Path, every: str) -> None:
    _, problems = read(tmp_path, "name: Site", f"every: {every}")
    assert len(problems) == 1
    assert problems[0].startswith("4 error")


@pytest.mark.parametrize("every", ["5m", "5m-6h"])
def test_less_than_a_quarter_of_an_hour_deserves_a_word(tmp_path: Path, every: str) -> None:
    _, (problem,) = read(tmp_path, f"every: {every}")
    assert problem.startswith("3 warning moins de 15 minutes")


def test_a_page_says_which_of_its_links_are_articles(tmp_path: Path) -> None:
    feed = only(tmp_path, "kind: page", "links: /actualites/*", "selector: main .liste > a")
    assert (feed.kind, feed.links, feed.selector) == ("page", "/actualites/*", "main .liste > a")
    assert only(tmp_path, "kind: sitemap", "links: /actualites/*").kind == "sitemap"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([], True),
        (["format: csv"], True),
        (["until: Fin"], True),
        (["status: Statut"], False),
        (["rows: main table"], False),
    ],
)
def test_a_list_that_says_only_its_key_deserves_a_word(tmp_path: Path, lines: list[str], told: bool) -> None:
    _, problems = read(tmp_path, "kind: list", "key: Prestataire", *lines)
    assert [problem[:50] for problem in problems] == ["3 warning tout tableau qui a ces colonnes est lu, "] * told


@pytest.mark.parametrize(
    ("lines", "line", "words"),
    [
        (["kind: page"], 3, "links"),
        (["kind: flux"], 3, "feed"),
        (["kind: page", "selector: 'a:hover'"], 4, "aucun élément"),
        (["kind: page", "selector: 'a['"], 4, "n’est pas compris"),
        (["kind: page", "selector: 'a:nimporte'"], 4, "ne sait pas chercher"),
        (["kind: page", "links: actualites"], 4, "/actualites/*"),
        (["selector: main"], 3, "kind: page"),
        (["links: /a"], 3, "kind: page"),
        (["kind: sitemap", "selector: main"], 4, "kind: page"),
    ],
)
def test_a_source_without_a_feed_that_cannot_work_is_told_at_its_line(
    tmp_path: Path, lines: list[str], line: int, words: str
) -> None:
    _, problems = read(tmp_path, *lines)
    assert len(problems) == 1
    assert problems[0].startswith(f"{line} error")
    assert words in problems[0]


def login(folder: Path, written: str, *lines: str, mode: int = 0o600) -> tuple[Feed | None, list[str]]:
    (folder / "acces").write_text(written, "utf-8")
    (folder / "acces").chmod(mode)
    feeds, problems = read(folder, *lines, "login_file: acces")
    return next(iter(feeds), None), problems


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("basic moi:mot:de passe\n", ("Authorization", "Basic bW9pOm1vdDpkZSBwYXNzZQ==")),
        ("\ufeffBasic cle:", ("Authorization", "Basic Y2xlOg==")),
        ("bearer abc.def", ("Authorization", "Bearer abc.def")),
        ("header X-Api-Key: 12 34", ("X-Api-Key", "12 34")),
        ("Header Cookie: session=1", ("Cookie", "session=1")),
    ],
)
def test_a_paid_feed_has_its_login_in_a_file(tmp_path: Path, written: str, header: tuple[str, str]) -> None:
    feed, problems = login(tmp_path, written)
    assert feed is not None
    assert (feed.login, problems) == (header, [])
    assert header[1] not in repr(feed)


@pytest.mark.parametrize(
    "written",
    ["", "moi:secret", "basic secret", "bearer deux secret", "header secret", "header Host: secret", "digest a:secret",
     "basic :secret", "header Range: bytes=0-1",
     "basic moi:secret\nbasic toi:secret", "header X-Cle: sécret", "x" * 5000],
)  # fmt: skip
def test_a_login_that_opens_nothing_is_told_without_what_it_holds(tmp_path: Path, written: str) -> None:
    _, problems = login(tmp_path, written)
    assert len(problems) == 1
    assert problems[0].startswith("3 error acces : ")
    assert "cret" not in problems[0]


def test_a_login_goes_neither_in_clear_nor_from_a_file_that_is_lost_or_open_to_all(tmp_path: Path) -> None:
    assert read(tmp_path, "login_file: perdu")[1] == ["3 error perdu : fichier introuvable"]
    assert "chmod 600 acces" in login(tmp_path, "bearer abc", mode=0o644)[1][0]
    (tmp_path / "feeds.yaml").write_text("feeds:\n- url: http://site.example/rss\n  login_file: acces\n", "utf-8")
    (problem,) = read_feeds(tmp_path / "feeds.yaml")[1]
    assert "https://" in problem.message
    (tmp_path / "feeds.yaml").write_text("feeds:\n- url: http://127.0.0.1:8/rss\n  login_file: acces\n", "utf-8")
    assert all(problem.severity == "warning" for problem in read_feeds(tmp_path / "feeds.yaml")[1])


@pytest.mark.parametrize("login", ["nom:motdepasse@", "nom@", ":motdepasse@"])
def test_an_address_with_a_password_is_refused_when_it_is_written_not_at_each_poll(login):
    reason = bad_url(f"https://{login}site.example/rss")
    assert reason is not None
    assert "mot de passe" in reason
    assert "motdepasse" not in reason


def test_nominations_are_for_the_journal_officiel_alone(tmp_path: Path) -> None:
    assert only(tmp_path, "kind: jorf", "nominations: true").selector == NOMINATIONS
    assert only(tmp_path, "kind: jorf").selector == ""
    _, problems = read(tmp_path, "nominations: true")
    assert len(problems) == 1
    assert "« nominations » ne sert qu’à « kind: jorf »" in problems[0]
