"""Rules of the environment and of the configuration folder."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.config.configuration import Configuration, Rules
from bot.config.feedfile import slug
from bot.config.folder import load, load_rules
from bot.config.settings import Settings, settings, starter
from matchers import sites
from storage.feeds.model import Feed

WATCHLIST = """\
name: Essai
any: ["@hdh", Azure]
threshold: 1
examples:
  match: [Le Health Data Hub quitte Azure]
  ignore: [Rien de tel]
"""
TOKEN = "123456789:AAsecretsecretsecretsecretsecretsecre"
ENTITIES = "hdh: {name: Health Data Hub, kind: programme}\n"
FEEDS = "feeds:\n  - url: https://exemple.fr/rss\n"


def folder(at: Path, feeds: str = FEEDS, entities: str = ENTITIES, **watchlists: str) -> Path:
    (at / "watchlists").mkdir(parents=True)
    (at / "feeds.yaml").write_text(feeds, encoding="utf-8")
    (at / "entities.yaml").write_text(entities, encoding="utf-8")
    for name, text in (watchlists or {"essai": WATCHLIST}).items():
        (at / "watchlists" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return at


def messages(at: Path) -> list[str]:
    loaded = load(at)
    problems = loaded.problems if isinstance(loaded, Configuration) else loaded
    return [str(problem).replace("\u00a0", " ") for problem in problems]


def feeds(at: Path, text: str) -> tuple[Feed, ...]:
    loaded = load(folder(at, feeds=text))
    assert isinstance(loaded, Configuration), loaded
    return loaded.feeds


# --- environment
def environment(**values: str) -> Settings:
    made = settings(values)
    assert isinstance(made, Settings), made
    return made


def test_an_empty_environment_has_sensible_defaults(tmp_path: Path) -> None:
    made = settings({}, here=tmp_path)
    assert made == Settings(database=Path("vigie.sqlite"), folder=starter())


def test_the_current_folder_is_used_where_it_holds_feeds(tmp_path: Path) -> None:
    made = settings({}, here=folder(tmp_path / "c"))
    assert isinstance(made, Settings)
    assert made.folder == tmp_path / "c"


def test_each_variable_is_read() -> None:
    made = environment(
        VIGIE_DATABASE="/x/y.sqlite",
        VIGIE_CONFIG="/conf",
        VIGIE_ALLOW_PRIVATE_NETWORKS="Yes",
        VIGIE_ADMINS="12, 34",
        VIGIE_ACCESS="closed",
        VIGIE_TELEGRAM_TOKEN=f" {TOKEN} ",
        VIGIE_TELEGRAM_API_URL="http://127.0.0.1:8081/",
        VIGIE_CONTACT="https://exemple.fr/bot",
        VIGIE_LOG="debug",
    )
    assert (made.database, made.folder) == (Path("/x/y.sqlite"), Path("/conf"))
    assert (made.allow_private_networks, made.access, made.log) == (True, "closed", "DEBUG")
    assert made.admins == {12, 34}
    assert made.api_url == "http://127.0.0.1:8081"
    assert made.token is not None
    assert made.token.reveal() == TOKEN


def test_a_token_never_shows_itself() -> None:
    made = environment(VIGIE_TELEGRAM_TOKEN=f"{TOKEN}verysecret")
    assert "verysecret" not in f"{made!r} {made.token} {made.token!r}"


def test_a_token_may_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    made = environment(VIGIE_TELEGRAM_TOKEN_FILE=str(path))
    assert made.token is not None
    assert made.token.reveal() == TOKEN


def test_every_wrong_variable_is_told_at_once(tmp_path: Path) -> None:
    refused = settings(
        {
            "VIGIE_ADMINS": "@moi",
            "VIGIE_ACCESS": "opne",
            "VIGIE_TELEGRAM_TOKEN_FILE": str(tmp_path / "none"),
            "VIGIE_TELEGRAM_API_URL": "127.0.0.1:8081",
            "VIGIE_LOG": "fort",
            "VIGIE_CONTACT": "une\nligne",
            "VIGIE_ALLOW_PRIVATE_NETWORKS": "peut-être",
        }
    )
    assert isinstance(refused, tuple)
    assert {problem.file for problem in refused} == {
        "VIGIE_ADMINS",
        "VIGIE_ACCESS",
        "VIGIE_TELEGRAM_TOKEN_FILE",
        "VIGIE_TELEGRAM_API_URL",
        "VIGIE_LOG",
        "VIGIE_CONTACT",
        "VIGIE_ALLOW_PRIVATE_NETWORKS",
    }


@pytest.mark.parametrize(
    ("written", "because"),
    [
        ("0", "0 n’est personne"),
        ("000", "0 n’est personne"),
        ("-0", "0 n’est personne"),
        ("-1001234567890", "celui d’un groupe ou d’un canal"),
        ("-5", "celui d’un groupe ou d’un canal"),
        ("1087968824", "tous les administrateurs anonymes"),
        ("01087968824", "tous les administrateurs anonymes"),
        ("136817688", "tous les canaux"),
        ("777000", "Telegram lui-même"),
        ("@moi", "pas son @nom"),
        ("moi", "séparés par des virgules"),
        ("12.5", "séparés par des virgules"),
        ("1" * 20, "séparés par des virgules"),
        ("٣٤", "séparés par des virgules"),
    ],
)
def test_who_is_nobody_runs_nothing(written: str, because: str) -> None:
    refused = settings({"VIGIE_ADMINS": f"12, {written};34"})
    assert isinstance(refused, tuple)
    (problem,) = refused
    assert problem.file == "VIGIE_ADMINS"
    assert f"« {written} »" in problem.message
    assert because in problem.message
    assert "\n" not in problem.message


def test_everybody_who_is_nobody_is_told_at_once() -> None:
    refused = settings({"VIGIE_ADMINS": "0,-5 777000;12,0"})
    assert isinstance(refused, tuple)
    assert [problem.message.split(" »")[0] for problem in refused] == ["« 0", "« -5", "« 777000"]


@pytest.mark.parametrize("token", ["secret word", "a/b", "nodigits:x", ":", "123:abc", TOKEN[:12]])
def test_a_wrong_token_is_refused_without_being_shown(token: str) -> None:
    refused = settings({"VIGIE_TELEGRAM_TOKEN": token})
    assert isinstance(refused, tuple)
    assert all("secret" not in str(problem) and "nodigits" not in str(problem) for problem in refused)


def test_a_mistyped_variable_is_a_warning_with_the_nearest_name() -> None:
    (warning,) = environment(VIGIE_DATABSE="x").warnings
    assert "VIGIE_DATABASE" in warning.message


# --- feeds.yaml
def test_only_the_address_is_required(tmp_path: Path) -> None:
    (feed,) = feeds(tmp_path, "feeds:\n  - url: https://www.exemple.fr/flux/rss\n")
    assert feed == Feed(id=feed.id, name="exemple.fr/flux/rss", url="https://www.exemple.fr/flux/rss")
    assert feed.id == "exemple-fr-flux-rss"


def test_defaults_hold_where_a_feed_says_nothing(tmp_path: Path) -> None:
    one, two = feeds(
        tmp_path,
        "defaults: {every: 2h, reading: feed, category: presse}\n"
        "feeds:\n  - url: https://a.fr/\n  - {url: 'https://b.fr/', every: 1d, reading: page, enabled: false}\n",
    )
    assert (one.every, one.reading, one.category, one.enabled) == (timedelta(hours=2), "feed", "presse", True)
    assert (two.every, two.reading, two.category, two.enabled) == (timedelta(days=1), "page", "presse", False)


def test_a_mapping_of_feeds_names_them(tmp_path: Path) -> None:
    (feed,) = feeds(tmp_path, "feeds:\n  cnil:\n    url: https://a.fr/rss\n")
    assert (feed.id, feed.url) == ("cnil", "https://a.fr/rss")


def test_feeds_without_id_get_different_ones(tmp_path: Path) -> None:
    one, two = feeds(
        tmp_path, "feeds:\n  - {url: 'https://a.fr/1', name: Même}\n  - {url: 'https://a.fr/2', name: Même}\n"
    )
    assert (one.id, two.id) == ("meme", "meme-2")


def test_a_short_interval_is_honoured_and_doubted_unless_local(tmp_path: Path) -> None:
    text = "feeds:\n  - {url: 'https://a.fr/', every: 2s}\n  - {url: 'http://127.0.0.1:8000/rss', every: 2s}\n"
    loaded = load(folder(tmp_path, feeds=text))
    assert isinstance(loaded, Configuration)
    assert [feed.every for feed in loaded.feeds] == [timedelta(seconds=2)] * 2
    assert [problem.line for problem in loaded.problems if "15 minutes" in problem.message] == [2]


def test_a_licence_is_kept_and_doubted_where_no_page_is_read(tmp_path: Path) -> None:
    text = "feeds:\n  - {url: 'https://a.fr/rss', permission: 'licence CFC, 2026-01-05'}\n"
    (feed,) = feeds(tmp_path / "a", text)
    assert feed.permission == "licence CFC, 2026-01-05"
    assert messages(folder(tmp_path / "b", text.replace("}", ", reading: feed}"))) == [
        "feeds.yaml:2:31 : sans effet avec « reading: feed », qui ne lit aucune page"
    ]


@pytest.mark.parametrize("url", ["http://localhost/x", "http://10.0.0.3/", "http://[::1]:80/", "http://nas.local/rss"])
def test_hosts_of_this_network_are_local(url: str) -> None:
    assert sites.is_local(sites.host(url))
    assert not sites.is_local("cnil.fr")


def test_a_slug_is_plain_words() -> None:
    assert slug("L’Usine Digitale : santé & cloud") == "lusine-digitale-sante-cloud"
    assert slug("…") == "source"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("{ulr: 'https://a.fr'}", "clé « ulr » inconnue ; vouliez-vous « url » ?"),
        ("{url: 'ftp://a.fr/x'}", "https:// ou http://"),
        ("{url: 'https://'}", "il manque le nom du site"),
        ("{url: 'https://a b.fr'}", "espace"),
        ("{url: 'https://a.fr', every: 15}", "par exemple « 15s » ou « 15m »"),
        ("{url: 'https://a.fr', every: 12:30}", "une durée avec son unité"),
        ("{url: www.a.fr/rss}", "commencer par https:// ou http:// ; écrivez « https://www.a.fr/rss »"),
        ("{url: 'feed://a.fr/rss'}", "commencer par https:// ou http:// ; écrivez « https://a.fr/rss »"),
        ("{url: 'https://moi:sec/ret@a.fr'}", "« https://…@a.fr » : l’adresse est mal formée"),
        ("{url: 'moi:secret@a.fr'}", "« …@a.fr » : l’adresse doit commencer par https://"),
        ("{url: 'https://moi:secret@a.fr'}", "« https://…@a.fr » : l’adresse porte un nom ou un mot de passe"),
        ("https://a.fr/rss", "des lignes « clé: valeur » sont attendues ; écrivez « url: https://a.fr/rss »"),
        ("{url: 'https://a.fr', every: 0s}", "1s à 30d"),
        ("{url: 'https://a.fr', reading: pages}", "vouliez-vous « page » ?"),
        ("{url: 'https://a.fr', enabled: 'non'}", "« true » ou « false »"),
        ("{url: 'https://a.fr', name: no}", "« no » est lu par YAML comme faux"),
        ("{name: x}", "il manque « url »"),
        ("du texte", "« clé: valeur »"),
    ],
)
def test_a_wrong_feed_is_told_at_its_line(tmp_path: Path, line: str, expected: str) -> None:
    (message,) = messages(folder(tmp_path, feeds=f"feeds:\n  - url: https://ok.fr/\n  - {line}\n"))
    assert message.startswith("feeds.yaml:3:")
    assert expected in message


def test_the_same_id_twice_is_refused_and_the_same_address_doubted(tmp_path: Path) -> None:
    text = "feeds:\n  - {id: a, url: 'https://a.fr/'}\n  - {id: a, url: 'https://a.fr'}\n"
    found = messages(folder(tmp_path, feeds=text))
    assert any("« a » déjà pris ligne 2" in message for message in found)
    assert any("même adresse que ligne 2" in message for message in found)


# --- the folder
def test_a_missing_folder_is_one_line(tmp_path: Path) -> None:
    (message,) = messages(tmp_path / "none")
    assert "dossier introuvable" in message


def test_a_folder_of_nothing_names_every_missing_file(tmp_path: Path) -> None:
    text = "\n".join(messages(tmp_path))
    assert all(name in text for name in ("feeds.yaml", "entities.yaml", "watchlists"))


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    at = folder(
        tmp_path,
        feeds="feeds:\n  - ulr: https://a.fr/\n",
        entities="hdh:\n  nmae: Health Data Hub\n",
        un=WATCHLIST.replace("threshold", "treshold"),
        deux="name: x\nname: y\n",
    )
    starts = {message.split(" ")[0] for message in messages(at)}
    assert {"feeds.yaml:2:5", "entities.yaml:2:3", "watchlists/un.yaml:3:1", "watchlists/deux.yaml:2:1"} <= starts


def test_a_near_key_is_proposed_in_a_watchlist(tmp_path: Path) -> None:
    (message,) = messages(folder(tmp_path, essai=WATCHLIST.replace("threshold", "treshold")))
    assert message == "watchlists/essai.yaml:3:1 : clé « treshold » inconnue ; vouliez-vous « threshold » ?"


@pytest.mark.parametrize("written", ["no", "3.2", "12:30", "~"])
def test_a_term_that_yaml_reads_otherwise_is_explained(tmp_path: Path, written: str) -> None:
    found = messages(folder(tmp_path, essai=WATCHLIST.replace("Azure]", f"{written}]")))
    assert len(found) == 1
    assert found[0].startswith(f"watchlists/essai.yaml:2:15 : « {written} » est lu par YAML comme")


def test_an_unknown_entity_is_told_at_the_term(tmp_path: Path) -> None:
    found = messages(folder(tmp_path, essai=WATCHLIST.replace("@hdh", "@hdhh")))
    assert any(message.startswith("watchlists/essai.yaml:2:7") and "hdh" in message for message in found)


def test_a_failing_example_refuses_the_folder(tmp_path: Path) -> None:
    assert isinstance(load(folder(tmp_path, essai=WATCHLIST.replace("Rien de tel", "Azure encore"))), tuple)


def test_a_watchlist_is_named_by_its_file(tmp_path: Path) -> None:
    loaded = load(folder(tmp_path))
    assert isinstance(loaded, Configuration)
    assert set(loaded.engine.watchlists) == {"essai"}


def test_a_file_name_that_cannot_be_an_id_is_refused(tmp_path: Path) -> None:
    assert any("Mon_Essai" in message for message in messages(folder(tmp_path, Mon_Essai=WATCHLIST)))


def test_matching_needs_no_feeds(tmp_path: Path) -> None:
    at = folder(tmp_path)
    (at / "feeds.yaml").unlink()
    assert isinstance(load_rules(at), Rules)


def test_a_broken_watchlist_does_not_hide_the_mistakes_of_another(tmp_path: Path) -> None:
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "feeds.yaml").write_text("feeds: [{url: 'https://a.example/rss'}]\n", encoding="utf-8")
    (tmp_path / "entities.yaml").write_text("anssi: {name: ANSSI, kind: org}\n", encoding="utf-8")
    (tmp_path / "watchlists/a.yaml").write_text("name: A\nlevel: quotidien\nany: [SecNumCloud]\n", encoding="utf-8")
    (tmp_path / "watchlists/b.yaml").write_text('name: B\nany: ["@ansi"]\n', encoding="utf-8")
    problems = load(tmp_path)
    assert isinstance(problems, tuple)
    assert {problem.file for problem in problems if problem.severity == "error"} == {
        "watchlists/a.yaml", "watchlists/b.yaml"
    }  # fmt: skip


def test_a_door_that_nobody_can_open_is_a_warning() -> None:
    read = settings({"VIGIE_ACCESS": "closed"})
    assert isinstance(read, Settings)
    assert [doubt.file for doubt in read.warnings] == ["VIGIE_ACCESS"]
    assert isinstance(opened := settings({"VIGIE_ACCESS": "closed", "VIGIE_ADMINS": "7"}), Settings)
    assert opened.warnings == ()


def test_a_wrong_query_is_told_at_its_very_character(tmp_path: Path) -> None:
    wrong = WATCHLIST.replace('any: ["@hdh", Azure]', "query: (@hdh OR Azure AND été")
    unknown = WATCHLIST.replace('any: ["@hdh", Azure]', "query: Azure OR @hdg")
    said = messages(folder(tmp_path, a=wrong, b=unknown))
    assert said[0].startswith("watchlists/a.yaml:2:8 : cette parenthèse")
    assert any(line.startswith("watchlists/b.yaml:2:17 : entité inconnue : « @hdg »") for line in said)


# --- secrets and doors ---------------------------------------------------------------------------------------------
CLEAR = (
    "http://telegram.exemple.fr",
    "http://10.2.3.4:8081",
    "http://[2001:db8::1]:8081",
    "http://localhost.exemple.fr",
)
SEALED = (
    "https://telegram.exemple.fr",
    "https://10.2.3.4",
    "http://127.0.0.1:8081",
    "http://[::1]:8081",
    "http://localhost",
)


@pytest.mark.parametrize("address", CLEAR)
def test_a_token_goes_over_no_network_in_clear(address: str) -> None:
    read = settings({"VIGIE_TELEGRAM_API_URL": address})
    assert isinstance(read, tuple)
    assert [problem.file for problem in read] == ["VIGIE_TELEGRAM_API_URL"]
    assert "en clair" in read[0].message


@pytest.mark.parametrize("address", SEALED)
def test_a_token_goes_over_tls_or_stays_here(address: str) -> None:
    read = settings({"VIGIE_TELEGRAM_API_URL": address})
    assert isinstance(read, Settings)
    assert read.api_url == address


@pytest.mark.parametrize(
    ("where", "doubted"),
    [
        ("9877", False), ("127.0.0.1:9877", False), ("[::1]:9877", False), ("localhost:9877", False),
        ("0.0.0.0:9877", True), ("[::]:9877", True), ("192.168.1.5:9877", True), ("vigie.exemple.fr:9877", True),
    ],
)  # fmt: skip
def test_figures_that_a_network_may_read_are_a_doubt(where: str, doubted: bool) -> None:
    read = settings({"VIGIE_METRICS": where})
    assert isinstance(read, Settings)
    assert [problem.file for problem in read.warnings] == (["VIGIE_METRICS"] if doubted else [])


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("", {"polls", "messages", "talk"}), ("polls", {"polls"}), (" Polls ;messages", {"polls", "messages"}),
        ("talk, messages", {"messages", "talk"}),
    ],
)  # fmt: skip
def test_roles_narrow_what_a_daemon_does(written: str, roles: set[str]) -> None:
    read = settings({"VIGIE_ROLES": written})
    assert isinstance(read, Settings)
    assert read.roles == roles


@pytest.mark.parametrize(
    ("written", "said"), [("pols", "polls"), ("tout", "polls, messages, talk"), ("talk", "cadence")]
)
def test_roles_that_are_none_or_that_miss_one_are_refused(written: str, said: str) -> None:
    (problem,) = settings({"VIGIE_ROLES": written})  # type: ignore[misc] # refused, or this fails
    assert (problem.file, said in problem.message) == ("VIGIE_ROLES", True)


def test_a_folder_that_says_what_it_said_keeps_its_engine(tmp_path: Path) -> None:
    at = folder(tmp_path)
    first = load(at)
    assert isinstance(first, Configuration)
    path = at / "watchlists" / "essai.yaml"
    path.write_text(f"# une remarque\n{path.read_text('utf-8')}", "utf-8")
    again = load(at, first)
    assert isinstance(again, Configuration)
    assert again.engine is first.engine
    assert again.problems == first.problems
    (at / "entities.yaml").write_text(ENTITIES.replace("Hub,", "Hub, aliases: [HDH!],"), "utf-8")
    changed = load(at, again)
    assert isinstance(changed, Configuration)
    assert changed.engine is not first.engine


# --- what may be opened, and who will never be asked ---------------------------------------------------------------
@pytest.mark.parametrize(
    "part",
    ["9.9.9.9:443", "9.9.9.0/24", "169.254.0.0/16", "100.100.0.1:80", "[fe80::7]:80", "fd00:ec2::254", "ff00::/8"],
)
def test_what_no_setting_opens_is_refused_where_it_is_written(part: str) -> None:
    read = settings({"VIGIE_ALLOW_PRIVATE": f"10.0.0.0/8, {part}"})
    assert not isinstance(read, Settings)
    (problem,) = read
    assert problem.file == "VIGIE_ALLOW_PRIVATE"
    assert "aucun réglage ne l’ouvre" in problem.message


@pytest.mark.parametrize("part", ["10.9.8.7", "[::1]:8080", "wiki:3000", "fd12::/16", "0.0.0.0/0", "172.0.0.0/8"])
def test_what_holds_a_network_of_ones_own_may_be_opened(part: str) -> None:
    assert isinstance(settings({"VIGIE_ALLOW_PRIVATE": part}), Settings)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("url: 'http://172.20.0.9/rss'", "network: private"),
        ("url: 'http://wiki:3000/rss'", "VIGIE_ALLOW_PRIVATE"),
        ("url: 'https://exemple.fr:8444/rss'", "80 et 443 seulement"),
        ("url: 'http://169.254.7.7/rss', network: private", "aucun réglage"),
        ("url: 'http://0x0a000001/rss'", "par ses quatre nombres"),
    ],
)
def test_a_source_that_will_never_be_read_is_doubtful_and_says_what_opens_it(
    tmp_path: Path, source: str, said: str
) -> None:
    loaded = load(folder(tmp_path, feeds=f"feeds:\n  - {{{source}}}\n"), env={})
    assert isinstance(loaded, Configuration)
    (problem,) = [each for each in loaded.problems if "jamais lue" in each.message]
    assert said in problem.message
    assert (problem.severity, problem.line) == ("warning", 2)


@pytest.mark.parametrize("env", [{"VIGIE_ALLOW_PRIVATE": "wiki:3000"}, {"VIGIE_ALLOW_PRIVATE_NETWORKS": "oui"}])
def test_a_source_that_a_setting_opens_is_no_doubt(tmp_path: Path, env: dict[str, str]) -> None:
    loaded = load(folder(tmp_path, feeds="feeds:\n  - {url: 'http://wiki:3000/rss'}\n"), env=env)
    assert isinstance(loaded, Configuration)
    assert not [each for each in loaded.problems if "jamais lue" in each.message]


SHELL = {  # what a file of variables leaves in a value or a name, and what is said of it
    "double quotes": ({"VIGIE_DATABASE": '"/srv/essai.db"'}, "VIGIE_DATABASE : les guillemets"),
    "single quotes": ({"VIGIE_CONTROLLER": "'Mairie'"}, "VIGIE_CONTROLLER : les guillemets"),
    "quotes of French": ({"VIGIE_CONTACT": "« a@b.fr »"}, "VIGIE_CONTACT : les guillemets"),
    "a remark": ({"VIGIE_CONFIG": "/etc/essai # ici"}, "VIGIE_CONFIG : ce qui suit « # »"),
    "two lines": ({"VIGIE_DATABASE": "/srv/essai.db\r\nB=1"}, "VIGIE_DATABASE : une seule ligne"),
    "a variable": ({"VIGIE_DATABASE": "${STATE}/essai.db"}, "VIGIE_DATABASE : un « $ »"),
    "a user who is none": ({"VIGIE_CONFIG": "~personne-ici/c"}, "VIGIE_CONFIG : « ~ »"),
    "a certificate of nobody": ({"VIGIE_CA": "~personne-ici/c.pem"}, "VIGIE_CA : fichier introuvable"),
    "a number too long": ({"VIGIE_ADMINS": "12345678901234567"}, "VIGIE_ADMINS : « 12345678901234567 »"),
}


@pytest.mark.parametrize(("env", "said"), SHELL.values(), ids=SHELL)
def test_what_only_a_shell_would_have_read_is_refused_in_one_line(env: dict[str, str], said: str) -> None:
    problems = settings(env)
    assert isinstance(problems, tuple)
    (line,) = map(str, problems)
    assert line.replace("\u00a0", " ").startswith(said)
    assert len(line.splitlines()) == 1


@pytest.mark.parametrize("name", ["vigie_log", "VIGIE-LOG", "export VIGIE_LOG", "Vigie.Log", "VIGE_TELEGRAM_TOKEN"])
def test_a_name_that_nobody_reads_is_told(name: str) -> None:
    (doubt,) = environment(**{name: "x"}).warnings
    assert "vouliez-vous" in str(doubt)


@pytest.mark.parametrize("name", ["PATH", "LOGNAME", "MY_VIGIE_TAG", "TELEGRAM_TOKEN"])
def test_a_variable_of_others_is_left_alone(name: str) -> None:
    assert not environment(**{name: "x"}).warnings


def test_a_remark_has_its_place_among_addresses_and_a_name_may_hold_its_sign() -> None:
    made = environment(VIGIE_APPRISE="# équipe\nequipe=mailto://a", VIGIE_CONTROLLER="Service # 3")
    assert (len(made.elsewhere), made.controller) == (1, "Service # 3")
