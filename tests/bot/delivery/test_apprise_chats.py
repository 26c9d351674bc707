import json
import os
import socket
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from bot import app
from bot.config.settings import Settings, settings
from bot.delivery import apprise_chats
from bot.delivery.apprise_chats import AppriseTarget, destination, notify, way_out
from bot.delivery.chat import Answer, Retry, Sent, Unsure
from bot.delivery.letter import letter
from bot.delivery.no_telegram import NoTelegram
from bot.delivery.places import identity
from bot.demo.site import DemoSite
from bot.ending import CannotRun
from bot.messages import markup
from bot.model import Message
from bot.web.network import network
from storage import open_store
from tests.bot.web.proxy import AUTHORITY, proxy
from tests.whole.daemon import WATCHLIST, folder, opened

FLASH = Message(
    '⚡ <b>SecNumCloud</b>\n<a href="https://fil.example/1?a=1&amp;b=2"><b>Nébulis</b> obtient [3.2]</a>\n'
    "<i>Le Fil</i> · A &amp; B"
)


NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass
class Receiver:
    """A place on loopback where anything may be posted; `status` is what it answers."""

    posts: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    port: int = 0

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.port}/veille"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            made.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(made.status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


# --- how a message reads -------------------------------------------------------------------------------------------
def test_a_letter_has_a_subject_and_working_links_in_every_form() -> None:
    assert letter(FLASH, "text") == (
        "⚡ SecNumCloud",
        "Nébulis obtient [3.2] (https://fil.example/1?a=1&b=2)\nLe Fil · A & B",
    )
    assert letter(FLASH, "markdown")[1] == (
        "[**Nébulis** obtient \\[3.2\\]](https://fil.example/1?a=1&b=2)\n_Le Fil_ · A & B"
    )
    assert letter(FLASH, "html")[1] == (
        '<a href="https://fil.example/1?a=1&amp;b=2"><b>Nébulis</b> obtient [3.2]</a><br>\nLe Fil · A &amp; B'
    )


def test_a_single_line_is_its_own_body() -> None:
    assert letter(Message("☀ rien à signaler"), "text") == ("☀ rien à signaler", "☀ rien à signaler")


def test_a_question_on_a_message_above_names_what_it_is_about_in_its_subject() -> None:
    head = "↪ Même fait que «\u00a0Les infirmières arrêtent le travail\u00a0»\u00a0?"
    asked = Message(f"<i>{head}</i>\n<a href='https://fil.example/2'>Une grève</a> — Le Fil")
    assert letter(asked, "text")[0] == f"{head} · Une grève — Le Fil"


def test_a_hostile_text_stays_text() -> None:
    told = Message("Titre\n&lt;script&gt;alert(1)&lt;/script&gt; *gras* [x](y)")
    assert "<script>" not in letter(told, "html")[1]
    assert letter(told, "markdown")[1].endswith("\\*gras\\* \\[x\\](y)")


def test_a_hostile_address_stays_one_address() -> None:
    url = 'https://mal.example/"onclick="x)![i](https://mal.example/i'
    told = Message(f"Titre\n{markup.link('lien', url)}")
    assert 'onclick="' not in letter(told, "html")[1]
    assert letter(told, "markdown")[1].count("](") == 1


# --- sending -------------------------------------------------------------------------------------------------------
async def sent(there: AppriseTarget, patience: float = 60.0, way: Mapping[str, str] = NOTHING) -> Answer:
    return await notify(there, FLASH, way, plain=False, patience=patience)


async def test_a_message_goes_to_its_destination(receiver: Receiver) -> None:
    assert isinstance(await sent(destination("equipe", receiver.address)), Sent)
    assert [post["title"] for post in receiver.posts] == ["⚡ SecNumCloud"]
    assert "https://fil.example/1?a=1&b=2" in receiver.posts[0]["message"]


async def test_a_failure_may_have_arrived(receiver: Receiver) -> None:
    receiver.status = 500
    assert isinstance(await sent(destination("equipe", receiver.address)), Unsure)
    assert len(receiver.posts) == 1


async def test_a_service_that_hangs_is_left_and_may_have_taken_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        there = destination("equipe", f"json://127.0.0.1:{silent.getsockname()[1]}/veille")
        assert await sent(there, 0.01) == Unsure("TimeoutError (equipe)")


async def test_what_cannot_be_begun_was_not_sent(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nulle/part")
    answer = await sent(destination("equipe", receiver.address))
    assert isinstance(answer, Retry)
    assert "introuvable" in answer.detail
    assert receiver.posts == []


async def test_who_sends_elsewhere_knows_no_secret_but_the_one_it_needs(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIE_TOKEN", "secret")
    told = tmp_path / "environment"
    begin = f"import os; open({str(told)!r}, 'w').write(' '.join(os.environ))"
    monkeypatch.setattr(apprise_chats, "_BEGIN", begin)
    await sent(destination("equipe", receiver.address))
    assert "VIGIE_TOKEN" not in told.read_text("utf-8").split()


async def test_a_chat_of_telegram_waits_while_there_is_none() -> None:
    answer = await NoTelegram().send(42, FLASH)
    assert isinstance(answer, Retry)
    assert answer.chat_only


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("mailtos://u:p@exemple.fr", "html"),
        ("matrixs://u:p@matrix.exemple.fr/#salon", "text"),
        ("matrixs://u:p@matrix.exemple.fr/%23salon?format=markdown", "markdown"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#veille", "markdown"),
        ("mmosts://mattermost.exemple.fr/3ccdd113474722377935511fc85d3dd4", "text"),
    ],
)
def test_each_place_gets_the_form_that_it_shows_best(address: str, form: str) -> None:
    assert destination("equipe", address).form == form


def test_an_unknown_address_is_refused_without_being_told() -> None:
    with pytest.raises(CannotRun, match="equipe") as refused:
        destination("equipe", "rien://utilisateur:motdepasse@hote")
    assert "motdepasse" not in str(refused.value)


# --- settings ------------------------------------------------------------------------------------------------------
def test_destinations_are_named_in_a_variable_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "adresses").write_text("# l'équipe\nequipe=json://a/b\n\nmel=mailtos://u:p@h  \n", encoding="utf-8")
    read = settings({"VIGIE_APPRISE_FILE": str(tmp_path / "adresses")})
    assert isinstance(read, Settings)
    assert [(name, address.reveal()) for name, address in read.elsewhere] == [
        ("equipe", "json://a/b"),
        ("mel", "mailtos://u:p@h"),
    ]
    assert "u:p" not in repr(read)


@pytest.mark.parametrize("value", ["json://a/b", "Équipe=json://a", "a=json://x a=json://y", "a=motdepasse"])
def test_a_destination_badly_written_is_refused_without_being_told(value: str) -> None:
    read = settings({"VIGIE_APPRISE": value})
    assert not isinstance(read, Settings)
    assert "motdepasse" not in str(read[0])


# --- all of it -----------------------------------------------------------------------------------------------------
async def test_the_same_alerts_and_digests_arrive_elsewhere(tmp_path: Path, receiver: Receiver) -> None:
    flash = WATCHLIST.replace("level: daily", "level: flash")
    with DemoSite.empty() as site:
        site.publish("essai", "Un article des jours passés sur SecNumCloud")
        config = folder(tmp_path / "config", site.feeds_yaml(every="1h"), {"essai": flash})
        there = {"VIGIE_APPRISE": f"equipe={receiver.address}"}
        await app.once(*opened(config, **there), everything=True)
        seen = len(receiver.posts)
        site.publish("essai", "Cirrova obtient SecNumCloud")
        await app.once(*opened(config, **there), everything=True)
        await app.once(*opened(config, **there), everything=True)
    flashes = [post for post in receiver.posts[seen:] if post["title"] == "Cirrova obtient SecNumCloud"]
    assert len(flashes) == 1
    assert not any("jours passés" in post["message"] for post in receiver.posts)

    await app.once(*opened(config), everything=False)  # the destination is no more: nothing waits for it
    store = open_store(config / "vigie.sqlite")
    gone = store.chats.find(identity("equipe"))
    store.close()
    assert gone is not None
    assert gone.state == "gone"


async def test_apprise_goes_out_as_the_rest_of_us(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://autre.example:1")
    there = destination("equipe", "json://chats.example/veille")
    async with proxy(receiver.port) as way:
        with way_out(network({"VIGIE_PROXY": way.address, "VIGIE_CA": str(AUTHORITY)})) as ours:
            assert isinstance(await sent(there, way=ours), Sent)
            assert ours["REQUESTS_CA_BUNDLE"].endswith(".pem")
    assert way.asked == ["POST http://chats.example/veille HTTP/1.1"]
    assert os.environ["HTTP_PROXY"] == "http://autre.example:1"
