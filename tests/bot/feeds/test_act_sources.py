"""Acts as data: the archives of the DILA, the notices of the BOAMP, the consultations of the Commission."""

import gzip
import io
import tarfile
from datetime import UTC, datetime, timedelta

import pytest

from bot.feeds import boamp, consultations, dila, notice, tar_archive
from bot.feeds.finished import entry_known, finished
from bot.feeds.sitemap import Index
from bot.model import Document, Entry, Failed, ItemDeadline
from tests.bot.feeds import acts_served as served

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
JORF = "https://echanges.example/OPENDATA/JORFSIMPLE/"
NAMES = ("JORFSIMPLE_20261122-003012.tar.gz", "JORFSIMPLE_20261123-214501.tar.gz", "JORFSIMPLE_20261124-003009.tar.gz")


def archived(*files: tuple[str, bytes]) -> Document | Index | Failed:
    return dila.parse(served.archive(files), f"{JORF}{NAMES[2]}", "jorf", None, NOW)


# --- the DILA ------------------------------------------------------------------------------------------------------
def test_a_decree_is_an_entry_with_all_its_names_and_its_own_words() -> None:
    found = archived(("2026/JORFTEXT000051234567.xml", served.xml(served.DECREE, served.NOTICE)))
    assert isinstance(found, Document)
    (entry,) = found.entries
    assert entry.act is not None
    assert entry.act.names == (
        "decret:2026-272", "nor:TSSD2603214D", "jorf:JORFTEXT000051234567", "decret@2026-11-21",
    )  # fmt: skip
    assert entry.link == "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000051234567"
    assert entry.act.concerned == "établissements de santé, hébergeurs de données de santé"
    assert entry.act.in_force == "le texte entre en vigueur le 1er janvier 2027"
    assert entry.summary.startswith("Ministère de la santé · NOR : TSSD2603214D · Concerne : établissements de santé")
    assert (entry.act.decided, entry.act.published) == ("2026-11-21", "2026-11-24")


def test_a_deliberation_is_news_on_the_day_of_its_publication() -> None:
    content = served.archive([("x.xml", served.xml(served.DELIBERATION, "Vu la demande."))])
    found = dila.parse(content, "https://x.example/CNIL_20261120-203015.tar.gz", "cnil", None, NOW)
    assert isinstance(found, Document)
    (entry,) = found.entries
    assert entry.act is not None
    assert entry.act.names == ("cnil:2026-113", "cniltext:CNILTEXT000051000001")
    assert entry.summary == "CNIL · Autorisation"


def test_a_nomination_is_an_entry_where_it_is_asked_for() -> None:
    nomination = served.DECREE | {"TITREFULL": "Décret du 21 novembre 2026 portant nomination d'un préfet"}
    archive = served.archive([("x.xml", served.xml(nomination, ""))])
    found = dila.parse(archive, f"{JORF}{NAMES[2]}", "jorf", None, NOW, nominations=True)
    assert isinstance(found, Document)
    assert len(found.entries) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"DATE_PUBLI": "1992-03-04"},
        {"TITREFULL": "Arrêté du 21 novembre 2026 portant nomination au cabinet du ministre"},
        {"TITREFULL": ""},
        {"DATE_PUBLI": "demain"},
    ],
)
def test_an_old_edition_a_nomination_and_what_is_cut_make_no_item(changes: dict[str, str]) -> None:
    found = archived(("x.xml", served.xml(served.DECREE | changes, "")))
    assert isinstance(found, Document)
    assert found.entries == ()


FORMS = {
    "another charset": lambda text: text.replace('"1.0"', '"1.0" encoding="ISO-8859-1"').encode("latin-1"),
    "two bytes a letter": lambda text: text.encode("utf-16"),
    "a prefix of names": lambda text: text.replace("<", "<d:").replace("<d:/", "</d:").replace("<d:?", "<?").encode(),
    "a title as it stands": lambda text: text.replace("<TITREFULL>", "<TITREFULL><![CDATA[").replace(
        "</TITREFULL>", "]]></TITREFULL>"
    ).encode(),
    "marks in a title": lambda text: text.replace("Décret n°", "Décret n<sup>°</sup>").encode(),
    "attributes": lambda text: text.replace("<TITREFULL>", '<TITREFULL\n xml:space="preserve">').encode(),
    "an empty text before": lambda text: text.replace("<NOTICE>", "<VISAS><CONTENU/></VISAS><NOTICE>").encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_decree_is_read_in_any_form_of_xml(form: str) -> None:
    text = served.xml(served.DECREE, served.NOTICE.replace("’", "'")).decode()
    found = archived(("x.xml", FORMS[form](text)))
    assert isinstance(found, Document)
    (entry,) = found.entries
    assert entry.title == served.DECREE["TITREFULL"]
    assert entry.act is not None
    assert entry.act.concerned == "établissements de santé, hébergeurs de données de santé"


@pytest.mark.parametrize("lost", ["ID", "TITREFULL", "DATE_PUBLI"])
def test_an_archive_whose_texts_have_all_lost_a_field_is_told(lost: str) -> None:
    texts = [served.DECREE | {"ID": f"JORFTEXT00005123456{place}"} for place in range(3)]
    bare = [{name: value for name, value in each.items() if name != lost} for each in texts]
    found = archived(*((f"{place}.xml", served.xml(each, "")) for place, each in enumerate(bare)))
    assert isinstance(found, Failed)
    assert "a changé" in found.detail


def test_a_first_reading_takes_the_last_archives_and_the_evening_is_left() -> None:
    found = dila.parse(served.index(NAMES), JORF, "jorf", None, NOW)
    assert isinstance(found, Index)
    assert found.children == (JORF + NAMES[0], JORF + NAMES[2])
    again = dila.parse(served.index((*NAMES, "JORFSIMPLE_20261125-003011.tar.gz")), JORF, "jorf", found.memory, NOW)
    assert isinstance(again, Index)
    assert again.children == (f"{JORF}JORFSIMPLE_20261125-003011.tar.gz",)
    assert isinstance(dila.parse(b"<html>Maintenance</html>", JORF, "jorf", None, NOW), Failed)


def _member(name: str, kind: bytes = tarfile.REGTYPE, size: int = 0) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        member = tarfile.TarInfo(name)
        member.type, member.linkname, member.size = kind, "/etc/passwd", size
        made.addfile(member, io.BytesIO(b"\0" * size))
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (_member("../x.xml"), "sort"),
        (_member("/x.xml"), "sort"),
        (_member("a\\..\\..\\x.xml"), "sort"),
        (gzip.compress(bytes(1 << 20)), "vide"),
        (_member("x.xml", tarfile.SYMTYPE), "lien"),
        (_member("x.xml", tarfile.LNKTYPE), "lien"),
        (_member("x.xml", tarfile.CHRTYPE), "périphérique"),
        (_member("x.xml", size=tar_archive.UNDONE + 1), "64 Mo"),
        (served.archive([("x.xml", b"")])[:60], "illisible"),
        (b"\x1f\x8bjunk", "illisible"),
        (b"x" * (tar_archive.PACKED + 1), "16 Mo"),
    ],
    ids=["above", "absolute", "backwards", "nothing", "symlink", "link", "device", "bomb", "cut", "junk", "big"],
)
def test_an_archive_that_is_none_is_refused_in_one_line(body: bytes, said: str) -> None:
    found = dila.parse(body, f"{JORF}{NAMES[2]}", "jorf", None, NOW)
    assert isinstance(found, Failed)
    assert said in found.detail
    assert "\n" not in found.detail


def test_ten_thousand_files_are_too_many() -> None:
    found = archived(*((f"{number}.txt", b"") for number in range(tar_archive.MEMBERS + 1)))
    assert isinstance(found, Failed)
    assert "10000" in found.detail


def test_texts_that_are_never_closed_cost_no_more_than_their_length() -> None:
    """The search began anew at each opening: minutes of a worker, for 2 MB."""
    text = served.xml(served.DECREE, "a</CONTENU><CONTENU>b") + b"<CONTENU>" * 200_000
    found = archived(("x.xml", text))
    assert isinstance(found, Document)
    assert found.entries[0].content == "a\nb"


def test_a_notice_between_many_blank_lines_is_found_at_once() -> None:
    """Each line looked at all those after it, and each of them again: half a minute."""
    assert notice.concerned("\n" * 15_000 + "Publics concernés : communes" + "\n" * 4_000 + "Vu le code") == "communes"


# --- notices -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "concerned", "in_force"),
    [
        (served.NOTICE, "établissements de santé, hébergeurs de données de santé",
         "le texte entre en vigueur le 1er janvier 2027"),
        ("Publics concernés : agents publics. Objet : primes.\nEntrée en vigueur : le lendemain de sa publication.",
         "agents publics", "le lendemain de sa publication"),
        ("NOTICE\nPublic concerné : éditeurs.\nEntrée en vigueur : immédiate. \nNotice : le texte…\nVu le code",
         "éditeurs", "immédiate"),
        ("« Publics concernés : communes ;\nobjet : eau ; \nentrée en vigueur : le 1er mars 2027 ;\nnotice : rien »",
         "communes", "le 1er mars 2027"),
        ("Publics concernés : usagers.\nObjet et champ : a\nDate d’entrée en vigueur : 1er mars 2027.\n",
         "usagers", "1er mars 2027"),
        ("Publics concernés : éditeurs, n. 2.\nObjet : a\nEntrée en vigueur et application : le 3 mai 2027.",
         "éditeurs, n. 2", "le 3 mai 2027"),
        ("Le présent décret entre en vigueur le 1er janvier 2027.", "", ""),
        ("L’entrée en vigueur du texte concerne tous les publics concernés par la loi.", "", ""),
    ],
)  # fmt: skip
def test_a_notice_is_quoted_from_its_own_fields(text: str, concerned: str, in_force: str) -> None:
    assert (notice.concerned(text), notice.in_force(text)) == (concerned, in_force)


# --- the BOAMP -----------------------------------------------------------------------------------------------------
def test_a_notice_of_a_market_sets_its_day_in_the_hour_of_paris() -> None:
    found = boamp.parse(served.notices(served.notice("26-104512")))
    assert isinstance(found, Document)
    (entry,) = found.entries
    assert entry.act is not None
    assert entry.act.names == ("boamp:26-104512",)
    assert entry.act.deadlines == (
        ItemDeadline(
            "tender", "2027-01-12", "Remise des offres\u00a0: 12/01/2027 à 12 h 00", "boamp:26-104512", "12:00"
        ),
    )
    assert "CHU de Sens · Avis de marché · BOAMP n° 26-104512" in entry.summary


def test_a_correction_moves_the_day_of_the_first_and_an_award_ends_it() -> None:
    change = served.notice("26-110000", annonce_lie=["26-104512"], datelimitereponse="2027-01-26T11:00:00+00:00")
    award = served.notice(
        "26-131002", nature_libelle="Avis d’attribution", annonce_lie="26-104512", datelimitereponse=None
    )
    found = boamp.parse(served.notices(change, award))
    assert isinstance(found, Document)
    moved, ended = (each.act.deadlines[0] for each in found.entries if each.act)
    assert (moved.act, moved.day) == ("boamp:26-104512", "2027-01-26")
    assert (ended.act, ended.day, ended.ends) == ("boamp:26-104512", "", "done")


# --- the Commission ------------------------------------------------------------------------------------------------
def test_no_open_consultation_is_a_quiet_day_and_no_change_of_the_interface() -> None:
    assert consultations.parse(served.initiatives()) == Document((), known=1)


def test_an_open_consultation_is_an_entry_with_its_last_day() -> None:
    closed = served.initiative(2, currentStatuses=[{"receivingFeedbackStatus": "CLOSED"}])
    found = consultations.parse(served.initiatives(served.initiative(14001), closed))
    assert isinstance(found, Document)
    (entry,) = found.entries
    assert entry.act is not None
    assert [each.day for each in entry.act.deadlines] == ["2027-01-15"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"results": 3}', b"[" * 10_000, b'{"results": [{"id": 1}]}'])
def test_an_answer_that_has_changed_is_a_value_with_one_line(body: bytes) -> None:
    for parse in (boamp.parse, consultations.parse):
        found = finished(lambda parse=parse: parse(body))  # type: ignore[misc] # a default argument holds the parser
        assert isinstance(found, Failed)
        assert found.detail
        assert "\n" not in found.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"currentStatuses": None},
        {"currentStatuses": [{"receivingFeedbackStatus": "OPEN"}]},
        {"currentStatuses": [{"receivingFeedbackStatus": "OPEN", "feedbackEndDate": "01/15/2027"}]},
        {"currentStatuses": [{"receivingFeedbackStatus": "OPEN", "feedbackEndDate": 1800000000000}]},
        {"currentStatuses": ["OPEN"]},
        {"id": {"value": 1}},
    ],
)
def test_initiatives_that_say_their_end_in_another_way_are_a_change_and_no_quiet_day(
    changes: dict[str, object],
) -> None:
    found = consultations.parse(served.initiatives(served.initiative(1, **changes)))
    assert isinstance(found, Failed)
    assert "a changé" in found.detail


def test_an_initiative_may_say_its_id_in_figures_and_its_status_alone() -> None:
    alone = {"receivingFeedbackStatus": "OPEN", "feedbackEndDate": "2027/01/15 23:59:59"}
    found = consultations.parse(served.initiatives(served.initiative(1, id="14001", currentStatuses=alone)))
    assert isinstance(found, Document)
    assert [each.key for each in found.entries] == ["hys:14001"]


def test_the_celex_of_an_item_of_eur_lex_is_in_its_guid() -> None:
    link = "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=OJ:L_202500327"
    found = entry_known(Entry("celex:32025R0327", link, "Règlement")).act
    assert found is not None
    assert found.names == ("celex:32025R0327",)
    assert entry_known(Entry("celex:32025R0327", "https://presse.example/x", "Règlement")).act is None


def test_an_old_archive_is_no_news_by_one_day() -> None:
    day = (NOW - dila.FRESH - timedelta(days=1)).date().isoformat()
    found = archived(("x.xml", served.xml(served.DECREE | {"DATE_PUBLI": day}, "")))
    assert isinstance(found, Document)
    assert not found.entries
