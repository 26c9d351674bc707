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
