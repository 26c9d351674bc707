import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import literal, select

from bot.clock import now
from bot.config.settings import settings
from bot.demo.site import DemoSite
from bot.feeds.rows import ListPage
from bot.model import Failed, Fetched, Gone, Throttled, Why
from bot.tools import doctor
from bot.tools.doctor import Check
from bot.web.network import DIRECT, network
from matchers.lists import ListReading, ListRow, ListSpec, ListUnread
from storage import open_store
from storage.feeds.model import Feed
from storage.ids import ArticleId, FeedId
from storage.operators.model import Presence
from storage.place import Server
from storage.schema import Instant
from tests.bot.daemon.test_metrics import FLEET
from tests.bot.delivery.outside import mail_server
from tests.bot.web.proxy import proxy
from tests.emulator import TOKEN, Emulator
from tests.whole.daemon import folder, opened

FEED = Feed(FeedId("cnil"), "CNIL", "https://cnil.example/rss")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return folder(tmp_path / "config", "feeds:\n  - {id: cnil, url: 'https://cnil.example/rss'}\n")


async def examined(config: Path, *, offline: bool = True, secret: str | None = None, **more: str) -> tuple[str, int]:
    chosen, _ = opened(config, **more)
    out = io.StringIO()
    code = await doctor.examine(chosen, secret, now(), out, offline=offline)
    return out.getvalue(), code


async def test_all_is_well_where_nothing_is_missing(config: Path) -> None:
    said, code = await examined(config)
    assert code == 0
    assert said.startswith("tout va bien\n✓ ")
    assert "1 veille, 1 source" in said
    assert not (config / "vigie.sqlite").exists(), "a look creates nothing"


def test_of_several_daemons_one_that_is_missing_or_wrong_is_told() -> None:
    one, two, three = FLEET.daemons
    asked = [doctor.manned(each, FLEET.offices) for each in ((), (one,), (one, three), (one, two, three))]
    asked.append(doctor.manned((one,), ()))
    assert [(each.verdict, each.said) for each in asked] == [
        ("fine", "aucun n’est en marche sur cette base"),
        ("fine", "un"),
        ("doubt", "un, trois (sans nouvelles) depuis 3 min"),
        ("wrong", "des horloges s’écartent de celle du serveur : deux (-90 s)"),
        ("doubt", "un ; personne n’envoie"),
    ]


async def test_a_base_on_a_server_is_told_with_its_daemons(base: Server, config: Path) -> None:
    from tests.server import empty

    empty(base)
    with closing(open_store(base)) as store:
        store.offices.present(Presence("un/1", "polls"), now(), timedelta(seconds=10))
    said, _ = await examined(config, VIGIE_DATABASE=base.address)
    assert "Base : postgresql://" in said
    assert "PostgreSQL 1" in said
    assert "! Démons : un ; personne n’envoie\n    → un démon au moins" in said


async def test_what_others_may_read_is_worth_a_word(config: Path, tmp_path: Path) -> None:
    open_store(config / "vigie.sqlite").close()
    (config / "vigie.sqlite").chmod(0o644)
    (tmp_path / "jeton").touch(mode=0o644)
    said, code = await examined(config, secret=str(tmp_path / "jeton"))
    assert code == 0
    assert said.count("→ chmod 600") == 2
    assert "2 à surveiller" in said


def test_a_secret_of_another_user_is_not_closed_to_its_reader() -> None:
    token = Path("/run/secrets/token")
    assert doctor.closed_to_others(token, owner=10001, reader=10001) == "chmod 600 /run/secrets/token"
    advice = doctor.closed_to_others(token, owner=0, reader=10001)
    assert "chown 10001 puis chmod 600" in advice
    assert "chmod 700 sur son dossier" in advice


async def test_a_broken_base_and_a_lost_token_are_wrong(config: Path) -> None:
    (config / "vigie.sqlite").write_bytes(b"ceci n'est pas une base")
    said, code = await examined(config, secret=str(config / "nulle-part"))
    assert code == 1
    assert "✗ Base" in said
    assert "✗ Fichier du jeton" in said


async def test_what_is_wrong_is_told_first(config: Path) -> None:
    said, _ = await examined(config, secret=str(config / "nulle-part"))
    assert [line[0] for line in said.splitlines()[:3]] == ["1", "✗", " "]
    assert "introuvable : vérifiez le chemin" in said


def test_sources_with_the_same_trouble_are_told_together() -> None:
    def checks(said: str, *names: str) -> list[Check]:
        feeds = [Feed(FeedId(name), name, f"https://{name}.example/rss") for name in names]
        return [doctor.source(feed, Failed(Why.TLS, said.format(f"{feed.id}.example"))) for feed in feeds]

    cut, alone = checks("le nom {} n’existe pas", *"abcdefghij"), checks("certificat expiré", "k")
    fine = Check("fine", "Source z", "répond")
    told = list(doctor.together([*cut, *alone, fine]))
    assert [(check.name, check.said) for check in told] == [
        ("10 sources", "le nom … n’existe pas (a, b, c, d, e, f, g, h et 2 autres)"),
        ("Source k", "certificat expiré"),
        ("Sources", "1 répond, sur 12"),
    ]
    (none,) = doctor.together([*cut, *alone])
    assert none.verdict == "wrong"
    assert none.said == "0 répond, sur 11 : le nom … n’existe pas (10) · certificat expiré (1)"


@pytest.mark.parametrize(("feeds", "more"), [(9, "h et 1 autre)"), (10, "h et 2 autres)")])
def test_how_many_more_there_are_is_said_in_the_right_number(feeds: int, more: str) -> None:
    same = [Check("doubt", f"Source {name}", "muette", like="muette") for name in "abcdefghij"[:feeds]]
    together, *_ = doctor.together([*same, Check("fine", "Source z", "répond")])
    assert together.said.endswith(more)


@pytest.mark.parametrize(
    ("free", "files", "verdict", "said"),
    [
        (80_000_000_000, 1_000, "fine", "80,0 Go libres"),
        (80_000_000_000, None, "fine", "80,0 Go libres"),
        (200_000_000, 1_000, "doubt", "200 Mo libres"),
        (4_096, 1_000, "wrong", "plein (4,1 ko libres)"),
        (0, 1_000, "wrong", "plein (0 o libre)"),
        (80_000_000_000, 0, "wrong", "0 fichier de plus"),
    ],
)
def test_a_disk_on_which_nothing_can_be_written_is_wrong(free: int, files: int | None, verdict: str, said: str) -> None:
    found = doctor.roomy(Path("/data"), free, files)
    assert (found.verdict, found.said[: len(said)]) == (verdict, said)
    assert ("/data" in found.advice) is (verdict != "fine")


async def test_what_readers_suggest_is_listed_until_it_is_done(config: Path) -> None:
    store = open_store(config / "vigie.sqlite")
    store.dossiers.suggest("never", ArticleId(12), ArticleId(12), 5, now())
    store.dossiers.suggest("never", ArticleId(12), ArticleId(12), 6, now())
    store.close()
    said, code = await examined(config)
    assert code == 0
    assert "! Suggestions de lecteurs : 1 attend une décision" in said
    assert said.count("→ /separer 12") == 1


async def test_a_refused_configuration_says_how_to_see_all_of_it(config: Path) -> None:
    chosen, _ = opened(config)
    (config / "watchlists/essai.yaml").write_text("any: [&\n", encoding="utf-8")
    out = io.StringIO()
    assert await doctor.examine(chosen, None, now(), out, offline=True) == 1
    assert f"→ vigie check --config {config}" in out.getvalue()


async def test_sources_and_telegram_are_asked(tmp_path: Path) -> None:
    with DemoSite.empty() as site, Emulator() as telegram:
        config = folder(tmp_path / "config", site.feeds_yaml() + f"  - id: muette\n    url: {site.url}/rien\n")
        said, code = await examined(
            config, offline=False, VIGIE_TELEGRAM_TOKEN=TOKEN, VIGIE_TELEGRAM_API_URL=telegram.url
        )
    assert code == 0, said
    assert "✓ Telegram" in said
    assert "! Source muette" in said
    assert "1 répond, sur 2" in said
    assert TOKEN not in said


def letters_through(config: Path, port: int, word: str) -> None:
    (config / "mot").write_text(word, encoding="utf-8")
    (config / "mot").chmod(0o600)
    (config / "destinations.yaml").write_text(
        "destinations:\n  direction:\n    kind: email\n"
        f"    server: 127.0.0.1:{port}\n    sender: vigie@exemple.fr\n    to: direction@exemple.fr\n"
        f"    security: none\n    user: vigie\n    password: {{file: {config / 'mot'}}}\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    ("word", "sign", "said"),
    [
        ("juste", "✓ Courriel", "destination « direction » : 127.0.0.1 répond et nous connaît"),
        ("faux", "✗ Courriel", "destination « direction » : nom ou mot de passe refusé (535"),
    ],
)
async def test_a_mail_server_is_asked_whether_it_knows_us_and_gets_no_letter(
    tmp_path: Path, word: str, sign: str, said: str
) -> None:
    async with mail_server(auth=True) as mails:
        with DemoSite.empty() as site:
            config = folder(tmp_path / "config", site.feeds_yaml())
            letters_through(config, mails.port, word)
            told, code = await examined(config, offline=False)
    assert f"{sign} : {said}" in told
    assert code == (sign[0] == "✗")
    assert mails.got == []
    assert "faux" not in told


async def test_a_destination_that_takes_nothing_is_wrong_with_what_waits_for_it(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters_through(config, 25, "juste")
    with closing(open_store(config / "vigie.sqlite")):
        pass
    columns = literal("destination « siem » : réponse 500"), literal(4), literal(now(), Instant)
    monkeypatch.setattr("storage.operators.figures._STUCK", select(*columns))
    said, code = await examined(config)
    assert "✗ Destination : destination « siem » : réponse 500 ; 4 messages attendent, rien n’est perdu" in said
    assert code == 1


async def test_a_refused_token_and_a_dead_network_are_wrong(tmp_path: Path) -> None:
    other = "987654321:AAAnotherTokenThatTelegramNeverGaveOut00"
    config = folder(tmp_path / "config", "feeds:\n  - {id: rien, url: 'http://127.0.0.1:9/rss'}\n")
    with Emulator() as telegram:
        said, code = await examined(
            config, offline=False, VIGIE_TELEGRAM_TOKEN=other, VIGIE_TELEGRAM_API_URL=telegram.url
        )
    assert code == 1
    assert "refuse le jeton" in said
    assert "✗ Sources : 0 répond, sur 1" in said
    assert other not in said


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Fetched(b"", "", ""), "fine"),
        (Gone(), "doubt"),
        (Throttled(429, None), "doubt"),
        (Failed(Why.TLS, "certificat expiré"), "doubt"),
    ],
)
def test_a_source_is_told_with_what_to_do(outcome: Fetched | Gone | Throttled | Failed, verdict: str) -> None:
    check = doctor.source(FEED, outcome)
    assert check.verdict == verdict
    assert bool(check.advice) == (verdict != "fine")


def test_old_programs_and_a_wrong_clock_are_told() -> None:
    assert doctor.python((3, 10, 2)).verdict == doctor.sqlite((3, 34, 1)).verdict == "wrong"
    assert doctor.calendar(datetime(2001, 1, 1, tzinfo=UTC)).verdict == "wrong"
    assert doctor.calendar(now() + timedelta(days=400)).verdict == "fine"
    assert doctor.zone() == Check("fine", "Fuseaux horaires", "Europe/Paris connu")


def test_a_base_that_is_in_order_is_told_whole(config: Path) -> None:
    open_store(config / "vigie.sqlite").close()
    assert "intègre" in doctor.database(config / "vigie.sqlite").said
    with closing(sqlite3.connect(config / "vigie.sqlite")) as raw:
        raw.execute("PRAGMA application_id = 7")
    assert doctor.database(config / "vigie.sqlite").verdict == "wrong"


async def test_the_proxy_is_named_and_asked_whether_it_listens() -> None:
    async with proxy(1) as way:
        fine = await doctor.way_out(network({"VIGIE_PROXY": way.address, "NO_PROXY": "chu.example"}))
    wrong = await doctor.way_out(network({"HTTPS_PROXY": way.address.replace("//", "//nom:secret@")}))
    assert (fine.verdict, wrong.verdict) == ("fine", "wrong")
    assert way.address in fine.said
    assert "chu.example" in fine.said
    assert way.address in wrong.said
    assert "secret" not in f"{wrong}"
    assert (await doctor.way_out(DIRECT)).said.startswith("sans proxy")


async def test_a_proxy_that_cannot_be_used_stops_the_start_in_one_line(config: Path) -> None:
    problems = settings({"VIGIE_CONFIG": str(config), "ALL_PROXY": "socks5://127.0.0.1:1080"})
    assert [str(problem) for problem in problems] == [
        "ALL_PROXY\u00a0: un proxy SOCKS n’est pas pris en charge : donnez un proxy HTTP, ou VIGIE_PROXY=aucun"
    ]


@pytest.mark.parametrize(("mode", "advice"), [(0o777, "chmod o-w"), (0o1777, "qui n’est qu’à vous")])
def test_a_folder_that_others_may_write_to_is_told_with_what_can_be_done(
    tmp_path: Path, mode: int, advice: str
) -> None:
    shared = tmp_path / "à-tous"
    shared.mkdir()
    shared.chmod(mode)
    check = doctor.open_to_others("Dossier de la base", shared)
    assert check is not None
    assert check.verdict == "doubt"
    assert advice in check.advice


def test_a_list_that_moved_is_told_and_one_that_reads_says_its_rows() -> None:
    feed = replace(FEED, kind="list", listing=ListSpec(("Nom",)), enabled=False)
    check = doctor.listed(feed, ListUnread("pas de tableau"))
    assert (check.verdict, check.said) == ("doubt", "pas de tableau")
    assert f"vigie lists try {feed.id}" in check.advice
    fine = doctor.listed(feed, ListPage(ListReading((ListRow(("Nébulis",)),))))
    assert (fine.verdict, fine.said) == ("fine", "1 ligne, non suivie : « enabled: true » la suit")
