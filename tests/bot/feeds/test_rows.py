"""Rows of a list in every form that lists come in, and what is none."""

import json

import pytest

from bot.feeds import rows
from matchers.lists import ListReading, ListSpec, ListUnread

URL = "https://listes.exemple.fr/catalogue"
KEY = ("Prestataire", "Service")
HEAD = "<tr><th>Prestataire</th><th>Service</th><th>Statut</th></tr>"
BODY = "<tr><td>Nébulis</td><td>IaaS</td><td>J3</td></tr><tr><td>Givre</td><td>PaaS</td><td>J0</td></tr>"
WANTED = [("Nébulis | IaaS", "J3"), ("Givre | PaaS", "J0")]


def read(body: str | bytes, spec: ListSpec, content_type: str = "text/html") -> ListReading | ListUnread:
    raw = body if isinstance(body, bytes) else body.encode()
    answer = rows.read_rows(raw, content_type, URL, spec)
    return answer if isinstance(answer, ListUnread) else answer.reading


def told(body: str | bytes, spec: ListSpec, content_type: str = "text/html") -> list[tuple[str, str]]:
    answer = read(body, spec, content_type)
    assert isinstance(answer, ListReading), answer
    return [(row.name, row.status) for row in answer.rows]


def why(body: str | bytes, spec: ListSpec, content_type: str = "text/html") -> str:
    answer = read(body, spec, content_type)
    assert isinstance(answer, ListUnread)
    assert answer.why
    assert "\n" not in answer.why
    return answer.why


def table(head: str = HEAD, body: str = BODY, around: str = "<html><body><main>{}</main></body></html>") -> str:
    return around.format(f"<table class='liste'><thead>{head}</thead><tbody>{body}</tbody></table>")


TABLE = ListSpec(KEY, "table.liste", "Statut")

SHAPES = {
    "head cells in the first row": f"<table class='liste'>{HEAD}{BODY}</table>",
    "a first row without head cells": f"<table class='liste'>{HEAD.replace('th>', 'td>')}{BODY}</table>",
    "columns in another order": table(
        "<tr><th>Statut</th><th>Service</th><th>Prestataire</th></tr>",
        "<tr><td>J3</td><td>IaaS</td><td>Nébulis</td></tr><tr><td>J0</td><td>PaaS</td><td>Givre</td></tr>",
    ),
    "a head of two rows": table(
        "<tr><th rowspan=2>Prestataire</th><th colspan=2>Offre</th></tr><tr><th>Service</th><th>Statut</th></tr>"
    ),
    "a head with more words": table(HEAD.replace("Statut", "Statut au 15 septembre 2026")),
    "headings between rows": table(
        body=BODY.replace("</tr><tr>", "</tr><tr><th colspan=3>Candidats</th></tr><tr>") + f"{HEAD}"
    ),
    "a head of common cells between rows": table(
        body=BODY.replace("</tr><tr>", f"</tr>{HEAD.replace('th>', 'td>')}<tr>", 1)
    ),
    "a letter alone in its row": table(body=f"<tr><td>A</td><td></td><td> </td></tr>{BODY}"),
    "row heads": table(body=BODY.replace("<td>Nébulis</td>", "<th scope=row>Nébulis</th>")),
    "the mark of a footnote": table(body=BODY.replace("Nébulis", "Nébulis<sup><a href='#n'>[2]</a></sup>")),
    "a picture for a status": table(body=BODY.replace("J3", "<img src=x alt='J3'>")),
    "markup in cells": table(body=BODY.replace("Nébulis", "<a href='/n'><b>Néb</b>ulis</a><script>x()</script>")),
    "one table a category": table().replace(
        "</tr><tr>", f"</tr></tbody></table><h2>Autres</h2><table class='liste'>{HEAD}<tbody><tr>"
    ),
    "a table of contacts beside it": table(
        around="<html><body><table class='liste'><tr><th>Nom</th></tr><tr><td>x</td></tr></table>{}</body></html>"
    ),
    "a table of contacts within a cell": table(
        body=BODY.replace("Nébulis", "Nébulis<table><tr><th>Tél.</th></tr><tr><td>01 02</td></tr></table>")
    ),
    "what is folded away within a cell": table(
        body=BODY.replace("Nébulis", "Nébulis<details><summary>Contact</summary>a@b.fr</details>").replace(
            "J3", "<span class='fr-sr-only'>Statut : </span>J3<span role=tooltip>jalon 3</span>"
        )
    ),
    "a badge beside a name": table(body=BODY.replace("Givre", "Givre <span class='fr-badge'>Renouvelé</span>")),
    "a status that only who listens is told": table(body=BODY.replace("J3", "<span class='sr-only'>J3</span>")),
    "a row that a script would fill": table(
        body=BODY + "<tr><td>{{ nom }}</td><td>{{ service }}</td><td>{{ statut }}</td></tr>"
    ),
    "a sum among the rows": table(body=BODY + "<tr><td>Total général</td><td>2</td><td></td></tr>"),
    "sums below": table().replace("</table>", "<tfoot><tr><td>Total</td><td>2</td><td></td></tr></tfoot></table>"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_tables(shape: str) -> None:
    assert told(SHAPES[shape], TABLE) == WANTED


def test_cells_that_cover_several_places() -> None:
    body = (
        "<tr><td rowspan=2>Nébulis</td><td>IaaS</td><td rowspan=0>J3</td></tr><tr><td>PaaS</td></tr>"
        "<tr><td colspan=2>Givre</td></tr>"
    )
    assert told(table(body=body), TABLE) == [
        ("Nébulis | IaaS", "J3"),
        ("Nébulis | PaaS", "J3"),
        ("Givre | Givre", "J3"),
    ]


def test_the_rows_may_be_named_themselves() -> None:
    body = BODY.replace("<tr>", "<tr class=retenu>", 1)
    assert told(table(body=body), ListSpec(KEY, "tr.retenu", "Statut")) == WANTED[:1]


def test_one_status_of_all_and_an_end() -> None:
    answer = read(table(HEAD.replace("Statut", "Fin")), ListSpec(KEY, "main table", "qualifié", "Fin"))
    assert isinstance(answer, ListReading)
    assert [(row.status, row.until) for row in answer.rows] == [("qualifié", "J3"), ("qualifié", "J0")]
    assert (answer.status_field, answer.until_field) == ("", "Fin")


BLOCKS = "<html><body><main>{}</main></body></html>"
BLOCK = (
    "<article class=psq><h3><a>{}</a></h3><dl><dt>Service :</dt><dd>{}</dd><dt>Statut</dt><dd>{}</dd></dl></article>"
)
PAIR = BLOCK.format("Nébulis", "IaaS", "J3") + BLOCK.format("Givre", "PaaS", "J0")


@pytest.mark.parametrize("status", ["dt:Statut", "Statut", "dd:last-child"])
def test_blocks_that_repeat(status: str) -> None:
    spec = ListSpec(("h3", "dt:Service"), "article.psq", status)
    assert told(BLOCKS.format(PAIR), spec) == WANTED


def test_blocks_with_one_status_of_all_and_what_they_lack() -> None:
    assert told(BLOCKS.format(PAIR), ListSpec(("h3",), "article.psq", "qualifié"))[0] == ("Nébulis", "qualifié")
    assert "dt:Niveau" in why(BLOCKS.format(PAIR), ListSpec(("h3",), "article.psq", "dt:Niveau"))
    assert "h4" in why(BLOCKS.format(PAIR), ListSpec(("h4",), "article.psq"))


DATA = ListSpec(("nom", "service"), "", "statut", format="csv")


@pytest.mark.parametrize("delimiter", ["; ", ",", "\t", "|"])
@pytest.mark.parametrize("remark", ["", "# Liste au 15 septembre, source : ANSSI\n\n"])
def test_csv(delimiter: str, remark: str) -> None:
    lines = ("nom|service|statut", "Nébulis|IaaS|J3", '"Givre"|PaaS|J0')
    text = remark + "\r\n".join(line.replace("|", delimiter) for line in lines) + "\r\n"
    if delimiter == "; ":
        text = text.replace("; ", ";")
    assert told(text, DATA, "text/csv") == WANTED


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ('"Nébulis" SA', "Nébulis SA"),
        ('"Nébulis" et "Cirrova"', 'Nébulis et "Cirrova"'),
        ('"Nébulis ""Sud""" SA', 'Nébulis "Sud" SA'),
        ('Groupe "Nébulis" SA', 'Groupe "Nébulis" SA'),
        ('"Nébulis" ', "Nébulis"),
    ],
)
def test_a_csv_cell_that_only_begins_with_quotes_is_read(written: str, read_as: str) -> None:
    text = f'nom;service;statut\n{written};IaaS;J3\n"Givre";"sur\ndeux; lignes";"J0"\n'
    assert told(text, DATA, "text/csv") == [(f"{read_as} | IaaS", "J3"), ("Givre | sur deux; lignes", "J0")]


@pytest.mark.parametrize("odd", ["Cirrova;SAS;IaaS;J1", "Cirrova;Ia", "Cirrova;IaaS;J1;x"])
def test_a_csv_row_that_does_not_fit_its_columns_is_counted_and_not_read(odd: str) -> None:
    answer = read(f"nom;service;statut\nNébulis;IaaS;J3\n{odd}\nGivre;PaaS;J0\n", DATA, "text/csv")
    assert isinstance(answer, ListReading)
    assert [(row.name, row.status) for row in answer.rows] == WANTED
    assert answer.announced == 3


def test_a_csv_row_may_leave_out_what_nobody_reads_and_add_empty_cells() -> None:
    text = "nom;service;statut;note\nNébulis;IaaS;J3\nGivre;PaaS;J0;;;\n"
    assert told(text, DATA, "text/csv") == WANTED


def test_csv_in_its_declared_charset_and_with_a_mark() -> None:
    text = "nom;service;statut\nNébulis;IaaS;J3\nGivre;PaaS;J0\n"
    assert told(text.encode("mac-roman"), DATA, "text/csv; charset=macintosh") == WANTED
    assert told(text.encode("utf-8-sig"), DATA, "text/csv; charset=iso-8859-1") == WANTED
    assert told(text.encode("utf-16"), DATA, "text/csv") == WANTED


JSON = ListSpec(("nom", "offre.service"), "data.items", "statut", format="json")
ITEMS = [
    {"nom": "Nébulis", "offre": {"service": "IaaS"}, "statut": "J3", "villes": ["Lyon", "Lille"], "actif": True},
    {"nom": "Givre", "offre": {"service": "PaaS"}, "statut": "J0", "villes": None, "actif": False},
]


def test_json() -> None:
    assert told(json.dumps({"data": {"items": ITEMS}}), JSON, "application/json") == WANTED
    plain = ListSpec(("nom", "offre.service"), "", "statut", format="json")
    assert told(json.dumps(ITEMS), plain) == WANTED
    assert told(json.dumps({"total": 2, "results": ITEMS}), plain) == WANTED
    assert told(json.dumps({"data": {"items": {"a": ITEMS[0], "b": ITEMS[1]}}}), JSON) == WANTED


def test_what_a_document_says_of_itself() -> None:
    spec = ListSpec(("nom",), "data.items", "statut", format="json")
    document = {"meta": {"total": "12"}, "data": {"items": [{"nom": "Nébulis", "statut": "J3"}]}}
    answer = read(json.dumps(document), spec)
    assert isinstance(answer, ListReading)
    assert answer.announced == 12
    two = read(table(around="<html><body>{0}<h2>Autres</h2>{0}</body></html>"), TABLE)
    assert isinstance(two, ListReading)
    assert two.parts == 2


@pytest.mark.parametrize(
    "said", ["Résultats 1 à 2 sur 14", "1–2 of 14", "Lignes 1 - 2 sur un total de 14", "1 to 2 of 14"]
)
def test_a_page_that_counts_its_rows_is_heard(said: str) -> None:
    for page in (table(around=f"<html><body><p>{said}</p>{{}}</body></html>"), BLOCKS.format(f"<p>{said}</p>{PAIR}")):
        spec = TABLE if "<table" in page else ListSpec(("h3",), "article.psq", "dt:Statut")
        answer = read(page, spec)
        assert isinstance(answer, ListReading)
        assert answer.announced == 14


@pytest.mark.parametrize(
    ("more", "goes_on"),
    [
        ("<a href='?page=2'>Page suivante ›</a>", True),
        ("<button>Charger plus de résultats</button>", True),
        ("<nav class='fr-pagination'><ul><li><a href='?p=2'>2</a></li></ul></nav>", True),
        ("<link rel=next href='?p=2'>", True),
        ("<a href='/plus'>Voir la fiche</a><button>Imprimer</button>", False),
    ],
)
def test_a_page_that_goes_on_elsewhere_is_heard(more: str, goes_on: bool) -> None:
    answer = read(table(around=f"<html><body>{{}}{more}</body></html>"), TABLE)
    assert isinstance(answer, ListReading)
    assert answer.goes_on is goes_on


def test_a_column_that_only_counts_the_rows_is_none() -> None:
    names = ("Nébulis", "Givre", "Brume")
    numbered = "\n".join(f"{place};{name};IaaS;J1;3.2" for place, name in enumerate(names, 1))
    answer = read(f"N°;Prestataire;Service;Statut;Version\n{numbered}\n", ListSpec(KEY, "", "Statut", format="csv"))
    assert isinstance(answer, ListReading)
    assert [row.cells for row in answer.rows] == [(("Version", "3.2"),)] * 3


def test_the_page_after_it() -> None:
    page = table(around="<html><body>{}<a rel=next href='?page=2#x'>suite</a></body></html>")
    answer = rows.read_rows(page.encode(), "text/html", URL, ListSpec(KEY, "table", follow="a[rel=next]"))
    assert isinstance(answer, rows.ListPage)
    assert answer.following == f"{URL}?page=2"
    body = json.dumps({"data": {"items": ITEMS}, "links": {"next": "/suite"}})
    spec = ListSpec(("nom",), "data.items", format="json", follow="links.next")
    answer = rows.read_rows(body.encode(), "application/json", URL, spec)
    assert isinstance(answer, rows.ListPage)
    assert answer.following == "https://listes.exemple.fr/suite"


# --- what is none --------------------------------------------------------------------------------------------------
BAD = {
    "an empty answer": (" ", TABLE, "vide"),
    "a page that lost its table": ("<html><body><p>Maintenance</p></body></html>", TABLE, "ne trouve rien"),
    "another table": (
        table("<tr><th>Heure</th><th>État</th></tr>", "<tr><td>8 h</td><td>ok</td></tr>"),
        TABLE,
        "Heure",
    ),
    "a PDF": (b"%PDF-1.7 ...", TABLE, "format: pdf"),
    "a CSV with an open quote": ('nom;service;statut\n"Nébulis;IaaS;J3\nGivre;PaaS;J0\n', DATA, "guillemet"),
    "a CSV whose open quote meets another": (
        'nom;service;statut\n"Nébulis;IaaS";J3 "x"\n"Givre;PaaS;J0\n',
        DATA,
        "CSV",
    ),
    "a CSV whose open quote ends in a later line": (
        'nom;service;statut\n"Nébulis;IaaS;J3\n"Givre";PaaS;J0\n',
        DATA,
        "CSV",
    ),
    "a CSV cut in a line": ("nom;service;statut\nNébulis;IaaS;J3\nGivre;Pa", DATA, "coupé"),
    "a CSV without these columns": ("a;b\n1;2\n", DATA, "pas de colonne"),
    "a page instead of a CSV": ("<!doctype html><p>Connexion</p>", DATA, "pas de colonne"),
    "JSON that is cut": (json.dumps({"data": {"items": ITEMS}})[:-9], JSON, "JSON"),
    "JSON that answers an error": ('{"error_code": "X", "message": "…"}', JSON, "data.items"),
    "JSON nested 10,000 deep": ("[" * 10_000 + "]" * 10_000, JSON, "JSON"),
    "JSON of other things": ('{"data": {"items": [1, 2, "x"]}}', JSON, "pas de colonne"),
    "a table of 50,000 rows": (table(body=BODY * 25_000), TABLE, "plus de 20000 lignes"),
    "a CSV of 50,000 rows": ("nom;service;statut\n" + "a;b;c\n" * 50_000, DATA, "plus de 20000 lignes"),
    "a PDF that is none": (b"%PDF-1.7 nothing of it", ListSpec(KEY, format="pdf"), "PDF"),
    "text instead of a PDF": (b"<html></html>", ListSpec(KEY, format="pdf"), "PDF"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_list_is_told_in_one_line(case: str) -> None:
    body, spec, word = BAD[case]
    assert word in why(body, spec)


def test_a_deep_page_and_cells_that_cover_too_much_are_borne() -> None:
    deep = table(body=BODY.replace("Nébulis", "<b>" * 3000 + "Nébulis"))
    assert isinstance(read(deep, TABLE), ListReading | ListUnread)
    wide = table(body=BODY.replace("<td>J3", "<td colspan=99999999 rowspan=99999999>J3"))
    assert told(wide, TABLE)[0] == WANTED[0]
    steps = "<tr><td rowspan=999 colspan=999>A</td><td>IaaS</td><td>J3</td></tr>" * 300
    stairs = read(table(body=BODY + steps), TABLE)  # each step stood beside all those above it
    assert isinstance(stairs, ListReading)
    assert len(stairs.rows) == 302


def test_objects_that_name_their_members_by_ids_have_a_bounded_number_of_columns() -> None:
    """Each row had a cell for the names of all the others."""
    items = [{"name": f"n{number}", "status": "J1", f"id{number}": 1} for number in range(1_000)]
    answer = read(json.dumps(items), ListSpec(("name",), "", "status", format="json"), "application/json")
    assert isinstance(answer, ListReading)
    assert [row.name for row in answer.rows] == [f"n{number}" for number in range(1_000)]
    assert {row.status for row in answer.rows} == {"J1"}
    assert max(len(row.cells) for row in answer.rows) == 100


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_the_lines_of_a_csv_end_as_its_writer_ends_them(end: str) -> None:
    body = end.join(("Prestataire;Service;Statut", "Nébulis;IaaS;J3", "Givre;PaaS;J0", ""))
    assert told(body, ListSpec(KEY, "", "Statut", format="csv"), "text/csv") == WANTED


PAGE = table(around="<!doctype html><html><body><p>a</p>{}<p>Mentions</p></body></html>").encode()
MORE = BLOCKS.format(PAIR + BLOCK.format("Embrun", "SaaS", "J1")).encode()


@pytest.mark.parametrize(
    ("body", "spec"),
    [
        (PAGE, TABLE),
        (PAGE, ListSpec(KEY, "", "Statut")),
        (MORE, ListSpec(("h3", "dt:Service"), "article.psq", "dt:Statut")),
        (SHAPES["one table a category"].encode(), TABLE),
        (json.dumps({"data": {"items": ITEMS}}).encode(), JSON),
    ],
)
def test_a_document_cut_at_any_byte_is_whole_or_says_that_it_is_not(body: bytes, spec: ListSpec) -> None:
    whole = told(body, spec)
    for end in range(0, len(body), 2):
        answer = read(body[:end], spec)
        cut = isinstance(answer, ListUnread) or not answer.ended
        assert cut or [(row.name, row.status) for row in answer.rows] == whole


def test_a_csv_cut_at_any_byte_is_unread_or_says_that_it_may_be() -> None:
    body = b"nom;service;statut\nNebulis;IaaS;J3\nGivre;PaaS;J0\n"
    for end in range(len(body)):
        answer = read(body[:end], DATA)
        if isinstance(answer, ListReading):
            assert answer.open_ended
            assert answer.ended == body[:end].endswith(b"\n")


@pytest.mark.parametrize(
    ("below", "announced", "goes_on"),
    [
        ("<p>Affichage de 1 à 2 sur 14 éléments</p>", 14, True),
        ("<p>Affichage de 1 à 2 sur 2 éléments</p>", 2, False),
        ("<p>2 prestataires, 1 200 pages</p>", 2, False),
        ("<button>Voir plus (12)</button>", 0, True),
        ("<nav><a href='?p=2'>Page suivante</a></nav>", 0, True),
        ("<p>Publié le 12/09, voir plus bas.</p><a href='/'>Accueil</a>", 0, False),
    ],
)
def test_a_page_says_how_many_rows_it_lists_and_that_there_are_more(below: str, announced: int, goes_on: bool) -> None:
    answer = read(table(around=f"<html><body>{{}}{below}</body></html>"), TABLE)
    assert isinstance(answer, ListReading)
    assert (answer.announced, answer.goes_on) == (announced, goes_on)


@pytest.mark.parametrize(
    ("head", "goes_on"), [({"next": "?p=2"}, True), ({"next": None}, False), ({"meta": {"hasMore": True}}, True)]
)
def test_a_document_says_that_it_is_one_page_of_several(head: dict[str, object], goes_on: bool) -> None:
    body = json.dumps({"data": [{"Prestataire": "Nébulis", "Service": "IaaS", "Statut": "J3"}], **head})
    answer = read(body, ListSpec(KEY, "data", "Statut", format="json"), "application/json")
    assert isinstance(answer, ListReading)
    assert answer.goes_on is goes_on
