"""The ruled tables of a PDF, over its pages and in its sections."""

from bot.feeds import rows
from bot.reading.ready import warm
from bot.workers import Workers
from matchers.lists import ListSpec, ListUnread
from tests.bot.feeds.small_pdf import pdf

HEAD = ("Prestataire", "Service", "Fin de validité")
SPEC = ListSpec(("Prestataire", "Service"), "section 3.3", "qualifié", "Fin de validité", format="pdf")
CATALOGUE = pdf(
    ["Sommaire", "3.3 Informatique en nuage .......... 2", "3.4 Archivage .......... 3"],
    ["3.2 Audit", [HEAD, ("Audité", "PASSI", "1 mai 2027")], "3.3 Informatique en nuage",
     [HEAD, ("Nébulis", "IaaS", "31 juil. 2029"), ("Givre", "PaaS", "2 févr. 2028")]],
    [[("Embrun", "SaaS", "12 août 2027")], "3.3.1 Remarques", "3.4 Archivage",
     [HEAD, ("Archivé", "SAE", "1 mai 2027")]],
)  # fmt: skip


def read(body: bytes, spec: ListSpec = SPEC) -> rows.ListPage | ListUnread:
    return rows.read_rows(body, "application/pdf", "", spec)


def why(body: bytes) -> str:
    answer = read(body)
    assert isinstance(answer, ListUnread)
    return answer.why


async def test_a_section_over_two_pages_read_behind_the_wall() -> None:
    async with Workers(warm=warm) as workers:
        answer = await workers.run(rows.read_rows, CATALOGUE, "application/pdf", "", SPEC, cpu=20.0, wall=20.0)
    assert isinstance(answer, rows.ListPage), answer
    assert [(row.name, row.status, row.until) for row in answer.reading.rows] == [
        ("Nébulis | IaaS", "qualifié", "31 juil. 2029"),
        ("Givre | PaaS", "qualifié", "2 févr. 2028"),
        ("Embrun | SaaS", "qualifié", "12 août 2027"),
    ]


def test_a_section_by_its_words_and_the_whole_document() -> None:
    words = read(CATALOGUE, ListSpec(("Prestataire",), "Archivage", format="pdf"))
    assert isinstance(words, rows.ListPage)
    assert [row.name for row in words.reading.rows] == ["Archivé"]
    named = read(CATALOGUE, ListSpec(("Prestataire",), "informatique en nuage", format="pdf"))
    assert isinstance(named, rows.ListPage)
    assert [row.name for row in named.reading.rows] == ["Nébulis", "Givre", "Embrun"]
    whole = read(CATALOGUE, ListSpec(("Prestataire",), format="pdf"))
    assert isinstance(whole, rows.ListPage)
    assert len(whole.reading.rows) == 5


def test_a_cell_that_reaches_down_is_that_of_each_row_and_a_heading_across_is_no_row() -> None:
    body = pdf(["3.3 Nuage", [HEAD, ("IaaS et PaaS", None, None), ("Nébulis", "IaaS", "1 mai 2027"),
                              (None, "PaaS", "2 mai 2028"), ("Givre", "SaaS", "3 mai 2029")]])  # fmt: skip
    assert told(body) == [
        ("Nébulis | IaaS", "1 mai 2027"),
        ("Nébulis | PaaS", "2 mai 2028"),
        ("Givre | SaaS", "3 mai 2029"),
    ]


def test_a_row_cut_in_two_by_the_end_of_a_page_is_one() -> None:
    first = [HEAD, ("Nébulis", "Nuage de calcul", "31 juil.")]
    for head in ([], [HEAD]):
        body = pdf(["3.3 Nuage", first], [[*head, ("", "sur matériel dédié", "2029"), ("Givre", "SaaS", "3 mai 2029")]])
        assert told(body) == [
            ("Nébulis | Nuage de calcul sur matériel dédié", "31 juil. 2029"),
            ("Givre | SaaS", "3 mai 2029"),
        ]


def told(body: bytes) -> list[tuple[str, str]]:
    answer = read(body)
    assert isinstance(answer, rows.ListPage), answer
    return [(row.name, row.until) for row in answer.reading.rows]


def test_what_is_no_list() -> None:
    assert "3.3" in why(pdf(["3.2 Audit", [HEAD, ("Audité", "PASSI", "x")]]))
    assert "numérisé" in why(pdf([]))
    assert "501 pages" in why(pdf(*[["3.3 Nuage"]] * 501))
    assert "illisible" in why(b"%PDF-1.4\n" + b"\0" * 200)
    words = (b"o" * 32, b"u" * 32)
    secret = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (%s) /U (%s) /P -4 >> /ID [<00> <00>]" % words
    assert "mot de passe" in why(CATALOGUE.replace(b"trailer\n<<", b"trailer\n<< " + secret))


def test_a_pdf_cut_anywhere_has_all_its_rows_or_none() -> None:
    for end in range(0, len(CATALOGUE), 97):
        answer = read(CATALOGUE[:end])
        assert isinstance(answer, ListUnread) or len(answer.reading.rows) == 3 or not answer.reading.ended
