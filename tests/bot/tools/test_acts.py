import io
import json
from typing import Any

from bot.tools import acts


def answers(*lines: object) -> tuple[int, list[dict[str, Any]]]:
    out = io.BytesIO()
    given = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    code = acts.run(given, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_sure_acts_and_dated_ones_are_told_apart_with_their_words() -> None:
    article = {"id": 7, "title": "Le décret n° 2018‑137 et l'arrêté du 26 avril 2024", "text": "Vu la loi n° 78-17."}
    assert answers(article) == (
        0,
        [
            {
                "id": 7,
                "acts": [
                    {"id": "decret:2018-137", "text": "décret n° 2018‑137", "sure": True},
                    {"id": "loi:78-17", "text": "loi n° 78-17", "sure": True},
                ],
                "dated": [{"id": "arrete@2024-04-26", "text": "arrêté du 26 avril 2024"}],
                "deadlines": [],
            }
        ],
    )


def test_the_site_and_the_title_say_whose_deliberation_it_is() -> None:
    number = "Délibération n° 2025-013 du 13 février 2025"
    town = {"id": "a", "title": number, "url": "https://www.sens.example/a"}
    own = {"id": "b", "title": number, "url": "https://www.cnil.fr/fr/b"}
    told = {"id": "c", "title": "La CNIL tranche", "summary": number}
    _, found = answers(town, own, told)
    assert [[each["id"] for each in one["acts"]] for one in found] == [[], ["cnil:2025-013"], ["cnil:2025-013"]]


def test_a_bad_line_is_answered_with_its_number_and_the_next_one_is_read() -> None:
    code, found = answers(b"{", b"  ", {"id": "x", "text": "rien"})
    assert code == 1
    assert [found[0]["line"], found[1]["id"]] == [1, "x"]


def test_an_authority_sets_days_and_the_press_none() -> None:
    said = {"title": "La consultation ferme le 15 janvier 2027 à 12 h", "published": "2026-11-23T08:00:00Z"}
    _, [own, press] = answers(
        said | {"id": 1, "url": "https://www.cnil.fr/a"}, said | {"id": 2, "url": "https://journal.example/a"}
    )
    assert own["deadlines"] == [{"date": "2027-01-15", "kind": "consultation", "time": "12:00", "text": said["title"]}]
    assert press["deadlines"] == []


def test_a_day_that_is_none_is_told_on_its_line() -> None:
    code, [found] = answers({"id": 1, "title": "Le décret", "published": "hier"})
    assert code == 1
    assert "« published »" in found["error"]
