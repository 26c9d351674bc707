from pathlib import Path

import pytest

from bot.config.destinations import Mailbox, Outside, Webhook, read_destinations, secrets
from bot.config.yamlfile import ConfigProblem

LISTS = ("hds", "secnumcloud")
ENV = {"SMTP": "mot-de-passe", "SIEM": "clef"}
MAIL = 'kind: email, server: "smtp.exemple.fr", sender: vigie@exemple.fr, to: a@exemple.fr'
HOOK = 'kind: webhook, url: "https://siem.exemple.fr/v", secret: {variable: SIEM}'


def read(tmp_path: Path, text: str) -> tuple[tuple[Outside, ...], list[ConfigProblem]]:
    (tmp_path / "destinations.yaml").write_text(text, encoding="utf-8")
    return read_destinations(tmp_path, LISTS, ENV)


def test_a_folder_without_the_file_has_no_destinations(tmp_path: Path) -> None:
    assert read_destinations(tmp_path, LISTS, ENV) == ((), [])


def test_each_kind_is_read_with_its_own_lists_level_hour_and_language(tmp_path: Path) -> None:
    (tmp_path / "jeton").write_text("clef du fichier\n", encoding="utf-8")
    places, problems = read(
        tmp_path,
        f"""destinations:
  direction:
    {{{MAIL}, user: vigie, password: {{variable: SMTP}}, lists: [hds], level: daily, hour: "7:30", language: en}}
  siem: {{kind: webhook, url: "https://siem.exemple.fr/v", secret: {{file: jeton}}, network: private}}
""",
    )
    assert problems == []
    direction, siem = places
    assert (direction.lists, direction.level, direction.digest_at, direction.language) == (("hds",), "daily", 450, "en")
    assert isinstance(direction.way, Mailbox)
    assert (direction.way.server, direction.way.port, direction.way.to) == ("smtp.exemple.fr", 587, ("a@exemple.fr",))
    assert isinstance(siem.way, Webhook)
    assert siem.way.private
    assert siem.lists is None
    assert {secret.reveal() for secret in secrets(places)} == {
        "mot-de-passe", "clef du fichier", "https://siem.exemple.fr/v",
    }  # fmt: skip
    assert "mot-de-passe" not in repr(places)


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        (f"a: {{{MAIL}, lists: [hdss]}}", 2, "pas de veille « hdss » ; vouliez-vous « hds » ?"),
        (f"a: {{{MAIL}, lists: []}}", 2, "il en faut au moins 1"),
        (f"a: {{{MAIL}, hours: 8}}", 2, "clé « hours » inconnue ; vouliez-vous « hour » ?"),
        ("a: {kind: mail}", 2, "« mail » inconnu : email, webhook, apprise ; vouliez-vous « email » ?"),
        ("a: {to: x@y.fr}", 2, "il manque « kind »"),
        ("a: rien", 2, "des lignes « clé: valeur » sont attendues"),
        (f"É: {{{MAIL}}}", 2, "nom « É » refusé"),
        (f"a: {{{MAIL}, user: u, password: {{variable: ABSENTE}}}}", 2, "la variable ABSENTE est vide ou absente"),
        (f"a: {{{MAIL}, user: u, password: {{file: absent}}}}", 2, "fichier introuvable : absent"),
        (f"a: {{{MAIL}, user: u, password: {{}}}}", 2, "« file » ou « variable » est attendu"),
        (f"a: {{{MAIL}, user: u}}", 2, "« user » et « password » vont ensemble"),
        (f"a: {{{MAIL}, security: none, user: u, password: {{variable: SMTP}}}}", 2, "partirait en clair"),
        (f"a: {{{MAIL}, hour: '25:00'}}", 2, "une heure entre guillemets"),
        ("a: {kind: email, server: s, sender: v@e.fr, to: 'a@e.fr, b@e.fr'}", 2, "une adresse de courriel seule"),
        ('a: {kind: email, server: s, sender: "v@e.fr\\r\\nBcc: x@e.fr", to: a@e.fr}', 2, "adresse de courriel seule"),
        ("a: {kind: webhook, url: 'ftp://x/', secret: {variable: SIEM}}", 2, "doit commencer par https://"),
        ("a: {kind: webhook, url: 'https://x/'}", 2, "il manque « secret »"),
        ("a: {kind: apprise}", 2, "il manque « address »"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_at_its_place(tmp_path: Path, written: str, line: int, said: str) -> None:
    _, problems = read(tmp_path, f"destinations:\n  {written}\n")
    assert [problem.line for problem in problems] == [line]
    assert said in problems[0].message.replace("\u00a0", " ")


@pytest.mark.parametrize("text", ["[]", "destination: {}", "destinations:", "destinations: []"])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[1]


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = f"destinations:\n  a: {{{MAIL}, lists: [rien]}}\n  b: {{kind: fax}}\n  c: {{{HOOK}, hour: 8h}}\n"
    assert [problem.line for problem in read(tmp_path, text)[1]] == [2, 3, 4]


@pytest.mark.parametrize("value", ["s3cr3t", "'s3cr3t'", "12345", "12:30", "[s3cr3t]", "yes"])
@pytest.mark.parametrize(
    "item", ["kind: webhook, url: 'https://x/', secret: {}", "kind: apprise, address: {}", MAIL + ", password: {}"]
)
def test_a_secret_written_out_is_refused_and_never_shown(tmp_path: Path, item: str, value: str) -> None:
    before, _, _ = item.rpartition("{}")
    _, problems = read(tmp_path, f"destinations:\n  a: {{{before}{value}}}\n")
    told = " ".join(map(str, problems))
    assert "un secret ne s’écrit pas ici" in told
    assert value.strip("'[]") not in told


# --- where nothing would ever arrive -------------------------------------------------------------------------------
def hook(url: str, more: str = "") -> str:
    return f"{{kind: webhook, url: '{url}', secret: {{variable: SIEM}}{more}}}"


def mail(**written: str) -> str:
    item = {"server": "smtp.exemple.fr", "sender": "v@exemple.fr", "to": "a@exemple.fr", **written}
    return "{kind: email, " + ", ".join(f"{key}: '{value}'" for key, value in item.items()) + "}"


def judged(tmp_path: Path, written: str, **env: str) -> list[str]:
    (tmp_path / "destinations.yaml").write_text(f"destinations:\n  a: {written}\n", encoding="utf-8")
    _, problems = read_destinations(tmp_path, LISTS, {**ENV, **env})
    assert all(problem.line == 2 for problem in problems)
    return [f"{problem.severity}: {problem.message}" for problem in problems]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://10.0.0.7/v", "network: private"),
        ("https://192.168.1.20:8443/v", "network: private"),
        ("https://127.0.0.1/v", "VIGIE_ALLOW_PRIVATE"),
        ("https://[::1]/v", "network: private"),
        ("https://[fd12::7]/v", "network: private"),
        ("https://localhost/v", "network: private"),
        ("https://siem/v", "network: private"),
        ("https://siem.intranet/v", "network: private"),
        ("https://siem.exemple.fr:8443/v", "port 8443"),
        ("https://127.1/v", "quatre nombres"),
        ("https://0x7f000001/v", "quatre nombres"),
        ("https://2130706433/v", "quatre nombres"),
        ("https://vigie:cle@exemple.fr/", "un mot de passe"),
        ("https://exemple..fr/", "nom de site"),
        ("https://.fr/", "nom de site"),
    ],
)
def test_an_address_to_which_the_guard_would_let_nothing_through_is_refused_before(
    tmp_path: Path, url: str, said: str
) -> None:
    (problem,) = judged(tmp_path, hook(url))
    assert problem.startswith("error: ")
    assert said in problem


@pytest.mark.parametrize(
    "url", ["https://169.254.169.254/", "https://[fd00:ec2::254]/", "https://0.0.0.0/", "https://[fe80::1]/"]
)
def test_no_leave_opens_what_the_guard_always_closes(tmp_path: Path, url: str) -> None:
    (problem,) = judged(tmp_path, hook(url, ", network: private"), VIGIE_ALLOW_PRIVATE_NETWORKS="1")
    assert "aucun réglage ne l’ouvre" in problem


def test_each_leave_opens_a_private_address_and_a_port_of_its_own(tmp_path: Path) -> None:
    near = hook("https://10.0.0.7:8443/v")
    assert judged(tmp_path, hook("https://10.0.0.7:8443/v", ", network: private")) == []
    assert judged(tmp_path, near, VIGIE_ALLOW_PRIVATE="10.0.0.7:8443") == []
    assert judged(tmp_path, near, VIGIE_ALLOW_PRIVATE="10.0.0.0/8") == []
    assert judged(tmp_path, near, VIGIE_ALLOW_PRIVATE_NETWORKS="oui") == []
    assert judged(tmp_path, near, VIGIE_ALLOW_PRIVATE="10.0.0.7:443") != []
    assert judged(tmp_path, near, VIGIE_ALLOW_PRIVATE="ni l'un ni l'autre") != []
    assert judged(tmp_path, hook("https://siem:8443/v"), VIGIE_ALLOW_PRIVATE="siem:8443") == []


def test_a_network_that_is_closed_is_named_by_its_setting(tmp_path: Path) -> None:
    (problem,) = judged(tmp_path, hook("https://9.9.9.9/"), VIGIE_DENY_NETWORKS="9.9.9.0/24")
    assert "VIGIE_DENY_NETWORKS" in problem


def test_events_in_clear_are_a_doubt_in_public_none_at_home_and_an_error_where_the_address_is_a_secret(
    tmp_path: Path,
) -> None:
    (doubt,) = judged(tmp_path, hook("http://hooks.exemple.fr/v"))
    assert doubt.startswith("warning: ")
    assert "écrivez https://" in doubt
    assert judged(tmp_path, hook("http://siem.exemple.fr/v", ", network: private")) == []
    assert judged(tmp_path, hook("http://siem:80/v"), VIGIE_ALLOW_PRIVATE="siem:80") == []
    secret = "{kind: webhook, url: {variable: URL}, secret: {variable: SIEM}}"
    (problem,) = judged(tmp_path, secret, URL="http://hooks.exemple.fr/t/jeton")
    assert problem.startswith("error: ")
    assert "jeton" not in problem


def test_a_doubt_keeps_the_destination(tmp_path: Path) -> None:
    places, problems = read(tmp_path, f"destinations:\n  a: {hook('http://hooks.exemple.fr/v')}\n")
    assert [place.name for place in places] == ["a"]
    assert len(problems) == 1


@pytest.mark.parametrize("written", ["n'importe quoi", "https:/x", "mailto:a@exemple.fr", "mmosts", "://x", "1a://x"])
def test_what_is_no_address_of_apprise_is_refused_and_never_shown(tmp_path: Path, written: str) -> None:
    (problem,) = judged(tmp_path, "{kind: apprise, address: {variable: EQUIPE}}", EQUIPE=written)
    assert "mmosts://mattermost.exemple.fr/jeton" in problem
    assert written not in problem.replace("mmosts://", "")


@pytest.mark.parametrize(
    "written",
    [
        mail(server="smtp..exemple.fr"), mail(server="-"), mail(server="..."), mail(server="https://smtp.exemple.fr"),
        mail(to="a@exemple..fr"), mail(to=".a@exemple.fr"), mail(to="a@exemple.fr."), mail(sender="a..b@exemple.fr"),
    ],
)  # fmt: skip
def test_a_server_or_an_address_of_mail_that_no_name_can_bear_is_refused(tmp_path: Path, written: str) -> None:
    (problem,) = judged(tmp_path, written)
    assert problem.startswith("error: ")


@pytest.mark.parametrize(("port", "security"), [(465, "starttls"), (465, "none"), (587, "tls")])
def test_a_port_of_mail_that_usually_speaks_otherwise_is_a_doubt(tmp_path: Path, port: int, security: str) -> None:
    (doubt,) = judged(tmp_path, mail(server=f"smtp.exemple.fr:{port}", security=security))
    assert doubt.startswith("warning: ")
    assert str(port) in doubt
