from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.config.destinations import Mailbox
from bot.config.secret import Secret
from bot.delivery.chat import Answer, MessageRefused, Retry, Sent, Unsure
from bot.delivery.mail import Envelope, mailed, written
from bot.model import Message
from bot.web.network import DIRECT
from tests.bot.delivery.outside import Mails, mail_server

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FLASH = Message('<a href="https://fil.example/1">Nébulis obtient SecNumCloud</a>\n<i>Le Fil</i> · <b>HDS</b>')
ENVELOPE = Envelope("direction", "abc-7", "abc-3", NOW)


def box(port: int, *, to: tuple[str, ...] = ("a@exemple.fr", "b@exemple.fr"), password: str = "") -> Mailbox:
    secret = Secret(password) if password else None
    return Mailbox("127.0.0.1", port, "none", "vigie@exemple.fr", to, "vigie" if password else "", secret)


async def sent(mails: Mails, password: str = "", message: Message = FLASH) -> Answer:
    return await mailed(box(mails.port, password=password), ENVELOPE, message, DIRECT)


def read(content: bytes) -> EmailMessage:
    made = message_from_bytes(content, policy=default)
    assert isinstance(made, EmailMessage)
    return made


async def test_a_letter_has_a_text_an_html_form_and_its_place_in_a_thread() -> None:
    async with mail_server() as mails:
        assert isinstance(await sent(mails), Sent)
    ((to, content),) = mails.got
    letter = read(content)
    assert to == ["a@exemple.fr", "b@exemple.fr"]
    assert letter["Subject"] == "Nébulis obtient SecNumCloud"
    assert letter["List-Id"] == "Vigie direction <direction.vigie.exemple.fr>"
    assert letter["Message-ID"] == "<abc-7@exemple.fr>"
    assert letter["In-Reply-To"] == letter["References"] == "<abc-3@exemple.fr>"
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert "Le Fil · HDS" in plain.get_content()
    assert "<b>HDS</b>" in html.get_content()
    assert '<a href="https://fil.example/1">Nébulis obtient SecNumCloud</a>' in html.get_content()
    assert [part.get_content_type() for part in letter.walk()][1:] == ["text/plain", "text/html"]


def test_a_family_of_emoji_and_a_no_break_space_pass_whole_and_the_letter_says_its_language() -> None:
    told = Message("Le CHU migre\u00a0: \U0001f468\u200d\U0001f469\u200d\U0001f467")
    letter = read(written(box(25), replace(ENVELOPE, language="en"), told).as_bytes())
    assert letter["Subject"] == "Le CHU migre\u00a0: \U0001f468\u200d\U0001f469\u200d\U0001f467"
    html = letter.get_body(("html",))
    assert html is not None
    assert '<html lang="en">' in html.get_content()


def test_each_letter_ends_with_the_witness_of_the_register() -> None:
    letter = read(written(box(25), replace(ENVELOPE, witness="Témoin du registre : 3:abc"), FLASH).as_bytes())
    for kind in ("plain", "html"):
        part = letter.get_body((kind,))
        assert part is not None
        assert "Témoin du registre : 3:abc" in part.get_content().splitlines()[-1]


@pytest.mark.parametrize(
    "title",
    [
        "Titre&#13;&#10;Bcc: pirate@exemple.net",
        "Titre\r\nBcc: pirate@exemple.net",
        "Titre\x0bBcc: x@y.fr\x0cTo: z@y.fr",
        "Titre\u2028Bcc: x@y.fr\u2029\x85To: z@y.fr",
        "=?utf-8?q?Bcc=3A_x=40y.fr?=",
        "=?utf-8?q?Titre=0ABcc:_x=40y.fr?=",
        "=?utf-8?b?VGl0cmUKQmNjOiB4QHkuZnI=?=",
        "\u202egnitteg\u202c\x00\x1b[31m",
        "\ud800 seul",
        "é" * 400,
        "a" * 3000,
        "<script>alert(1)</script>",
    ],
)
def test_a_hostile_title_makes_no_header(title: str) -> None:
    made = read(written(box(25), ENVELOPE, Message(f"<b>{title}</b>")).as_bytes())
    assert set(made.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id", "Auto-Submitted",
        "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert made["To"] == "a@exemple.fr, b@exemple.fr"
    assert "\u202e" not in made["Subject"]


@pytest.mark.parametrize(
    ("says", "answer"),
    [
        ({"MAIL": ["451 plus tard"]}, Retry),
        ({"a@exemple.fr": ["450 liste grise"]}, Retry),
        ({"DATA": ["452 plein"]}, Retry),
        ({"MAIL": ["550 pas vous"]}, "expéditeur refusé (550 pas vous)"),
        ({"a@exemple.fr": ["550 inconnu"], "b@exemple.fr": ["550 inconnu"]}, "destinataire refusé (550 inconnu)"),
        ({"DATA": ["554 spam"]}, "lettre refusée (554 spam)"),
    ],
)
async def test_each_refusal_has_its_meaning_and_one_clear_line(says: dict[str, list[str]], answer: object) -> None:
    async with mail_server() as mails:
        mails.says = says
        told = await sent(mails)
    assert mails.got == []
    if isinstance(answer, str):
        assert isinstance(told, MessageRefused)
        assert f"destination « direction » : {answer}" in told.detail
        assert told.kind == ("ours" if "lettre" in answer else "rights")
    else:
        assert isinstance(told, Retry)
        assert told.chat_only
        assert told.detail.startswith("destination « direction » : ")
        assert told.detail.endswith(", pour l’instant")


async def test_what_a_server_does_not_offer_is_named() -> None:
    async with mail_server() as mails:
        told = await mailed(replace(box(mails.port), security="starttls"), ENVELOPE, FLASH, DIRECT)
        assert isinstance(told, MessageRefused)
        assert "le serveur n’offre pas STARTTLS" in told.detail
        told = await mailed(replace(box(mails.port), security="tls"), ENVELOPE, FLASH, DIRECT)
        assert isinstance(told, Retry)
        assert "ne parle pas TLS" in told.detail


async def test_one_recipient_refused_does_not_keep_the_letter_from_the_others() -> None:
    async with mail_server() as mails:
        mails.says = {"a@exemple.fr": ["550 parti"]}
        assert isinstance(await sent(mails), Sent)
    assert [to for to, _ in mails.got] == [["b@exemple.fr"]]


async def test_a_wrong_password_is_said_without_being_shown_and_the_right_one_passes() -> None:
    async with mail_server(auth=True) as mails:
        told = await sent(mails, "faux-secret")
        assert isinstance(told, MessageRefused)
        assert told.kind == "rights"
        assert "nom ou mot de passe refusé (535" in told.detail
        assert "faux-secret" not in told.detail
        assert isinstance(await sent(mails, "juste"), Sent)


async def test_a_word_lost_after_the_letter_left_is_a_doubt() -> None:
    async with mail_server() as mails:
        mails.cut = 1
        assert isinstance(await sent(mails), Unsure)
    assert len(mails.got) == 1


@pytest.mark.parametrize("bye", ["250 OK", "421 trop de lettres", "500 inconnu"])
async def test_what_a_server_says_at_parting_changes_nothing_of_what_it_said_of_the_letter(bye: str) -> None:
    async with mail_server() as mails:
        mails.says = {"QUIT": [bye, bye]}
        assert isinstance(await sent(mails), Sent)
        mails.says["DATA"] = ["554 spam"]
        told = await sent(mails)
    assert isinstance(told, MessageRefused)
    assert told.kind == "ours"
    assert len(mails.got) == 1


async def test_a_server_that_is_not_there_has_certainly_sent_nothing() -> None:
    async with mail_server() as mails:
        pass
    assert isinstance(await sent(mails), Retry)
