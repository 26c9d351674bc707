"""The emulator refuses what Telegram refuses, as Telegram words it: else a test that passes on it proves nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.emulator import TOKEN, BotApi, Fault
from tests.emulator.chats import ERRORS


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def api() -> BotApi:
    made = BotApi(clock=Clock())
    made.chat(7)
    made.chat(-5)
    return made


def call(api: BotApi, method: str = "sendMessage", **given: Any) -> tuple[int, Any, dict[str, str]]:
    """Status, what the body holds (the result or the description), and the headers."""
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    response = api.answer(TOKEN, method, values, api.fault(method, values))
    assert response is not None
    try:
        body = json.loads(response.body)
    except ValueError:
        return response.status, response.body, response.headers
    return response.status, body.get("result", body.get("description")), response.headers


def says(api: BotApi, text: str = "bonjour", chat: int = 7, **given: Any) -> tuple[int, Any]:
    return call(api, chat_id=chat, text=text, **given)[:2]


def html(api: BotApi, text: str) -> tuple[int, Any]:
    return says(api, text, parse_mode="HTML")


# --- parameters and text -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"chat_id": 7}, "parameters missing ['text']"),
        ({"chat_id": "x", "text": "a"}, "can't parse chat_id"),
        ({"chat_id": 7, "text": "a", "colour": "red"}, "unknown parameters ['colour']"),
        ({"chat_id": 7, "text": "a", "disable_notification": "yes"}, "disable_notification is not a boolean"),
        ({"chat_id": 7, "text": " \n "}, "message text is empty"),
        ({"chat_id": 7, "text": "a" * 4097}, "message is too long"),
        ({"chat_id": 7, "text": "a", "parse_mode": "Markdown"}, "unsupported parse_mode"),
        ({"chat_id": 7, "text": "é<b>", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"chat_id": 7, "text": "é</b>", "parse_mode": "HTML"}, "Unexpected end tag at byte offset 2"),
        ({"chat_id": 7, "text": "🦊<br>", "parse_mode": "HTML"}, 'Unsupported start tag "br" at byte offset 4'),
    ],
)
def test_a_badly_made_call_is_refused_and_remembered(api: BotApi, given: dict[str, Any], said: str) -> None:
    status, description, _ = call(api, **given)
    assert (status, said in description) == (400, True), description
    assert len(api.violations) == 1


def test_lengths_count_after_parsing_and_in_code_points(api: BotApi) -> None:
    assert html(api, f"<b>{'🦊' * 4096}</b>")[0] == 200
    assert html(api, "&amp;" * 4096)[0] == 200
    assert api.violations == []


def test_a_link_that_telegram_drops_without_a_word_is_remembered(api: BotApi) -> None:
    assert html(api, '<a href="file:///etc">ici</a>')[0] == 200
    assert (api.chat(7).messages[0].text, api.chat(7).messages[0].links) == ("ici", ())
    assert api.violations == ["link dropped: 'file:///etc'"]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ({"text": "a", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "callback_data": ""}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "url": "nowhere"}, "BUTTON_URL_INVALID"),
        ({"text": "", "callback_data": "a"}, "must be non-empty"),
    ],
)
def test_a_button_that_telegram_refuses_is_refused(api: BotApi, key: dict[str, str], said: str) -> None:
    status, description = says(api, reply_markup={"inline_keyboard": [[key]]})
    assert (status, said in description) == (400, True)


def test_a_hundred_buttons_and_64_bytes_pass_and_no_more(api: BotApi) -> None:
    row = [{"text": "a", "callback_data": "é" * 32}]
    assert says(api, reply_markup={"inline_keyboard": [row] * 100})[0] == 200
    assert says(api, reply_markup={"inline_keyboard": [row] * 101}) == (400, "Bad Request: reply markup is too long")


# --- limits --------------------------------------------------------------------------------------------------------
def test_a_chat_takes_one_message_a_second_and_a_short_burst(api: BotApi) -> None:
    assert [says(api)[0] for _ in range(5)] == [200] * 4 + [429]


def test_a_group_takes_twenty_messages_a_minute(api: BotApi) -> None:
    statuses = []
    for _ in range(21):
        statuses.append(says(api, chat=-5)[0])
        api.clock.now += 1.5  # type: ignore[attr-defined] # a clock of ours
    assert statuses == [200] * 20 + [429]


def test_thirty_messages_a_second_in_all(api: BotApi) -> None:
    for number in range(100, 131):
        api.chat(number)
    assert [says(api, chat=number)[0] for number in range(100, 131)] == [200] * 30 + [429]


def test_a_429_says_how_long_twice_and_an_early_call_makes_it_longer(api: BotApi) -> None:
    api.flood(7, 17)
    status, description, headers = call(api, chat_id=7, text="a")
    assert (status, description, headers["Retry-After"]) == (429, "Too Many Requests: retry after 17", "17")
    assert api.violations == [], "who comes first is told"
    assert says(api) == (429, "Too Many Requests: retry after 18")
    assert api.violations == ["chat 7: called again before retry_after"]
    api.clock.now += 18  # type: ignore[attr-defined] # a clock of ours
    assert says(api)[0] == 200


def test_who_never_heard_how_long_to_wait_is_told_again(api: BotApi) -> None:
    api.flood(7, 17)
    api.fail(Fault("cut"))
    values = {"chat_id": "7", "text": "a"}
    assert api.answer(TOKEN, "sendMessage", values, api.fault("sendMessage", values)) is None
    assert says(api)[0] == 429
    assert api.violations == []


# --- states --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", [each for each in ERRORS if each != "migrated"])
def test_a_chat_refuses_as_telegram_words_it_and_that_is_no_violation(api: BotApi, state: Any) -> None:
    api.chat(7).state = state
    status, description = says(api)
    trap = {"muted": "CHAT_WRITE_FORBIDDEN", "hidden": "CHANNEL_PRIVATE"}.get(state)
    assert (status, description) == ((400, f"Bad Request: {trap}") if trap else ERRORS[state])
    assert api.violations == []


def test_what_is_forbidden_by_a_code_alone_comes_as_400(api: BotApi) -> None:
    api.fail(Fault("status", status=403, description="TOPIC_CLOSED"))
    assert says(api) == (400, "Bad Request: TOPIC_CLOSED")
    api.fail(Fault("status", status=403, description="Forbidden: bot was blocked by the user"))
    assert says(api)[0] == 403


def test_topics_are_open_closed_or_not_there(api: BotApi) -> None:
    api.chat(-5).topics = {3: True, 4: False}
    answers = [says(api, chat=-5, message_thread_id=thread) for thread in (3, 4, 9)]
    assert answers[0][0] == 200
    assert answers[1:] == [(400, "Bad Request: TOPIC_CLOSED"), (400, "Bad Request: message thread not found")]
    assert api.violations == []


# --- updates -------------------------------------------------------------------------------------------------------
def test_what_is_confirmed_comes_no_more_and_only_what_is_allowed_comes(api: BotApi) -> None:
    call(api, "getUpdates", allowed_updates=["message"])
    api.user_says(7, "un")
    api.user_says(7, "deux")
    api.membership(7, "kicked")
    first, second = call(api, "getUpdates")[1]
    assert (first["message"]["text"], second["message"]["text"]) == ("un", "deux")
    last = second["update_id"]
    assert [each["update_id"] for each in call(api, "getUpdates", offset=last)[1]] == [last]
    assert call(api, "getUpdates", offset=last + 1)[1] == []


def test_of_two_pollers_the_older_is_told_of_the_other(api: BotApi) -> None:
    with ThreadPoolExecutor(1) as other:
        older = other.submit(call, api, "getUpdates", timeout=5)
        with api._changed:
            assert api._changed.wait_for(lambda: api._poll, 5)
        call(api, "getUpdates")
        status, said, _ = older.result()
    assert (status, said.startswith("Conflict: terminated by other getUpdates")) == (409, True)


def test_a_webhook_shuts_out_who_polls(api: BotApi) -> None:
    api.webhook = True
    assert call(api, "getUpdates")[0] == 409
    call(api, "deleteWebhook")
    assert call(api, "getUpdates")[0] == 200


# --- faults --------------------------------------------------------------------------------------------------------
def test_a_fault_is_chosen_by_method_chat_text_number_and_time(api: BotApi) -> None:
    api.fail(Fault("status", method="getMe"), Fault("status", chat=-5), Fault("status", text="deux", times=2),
             Fault("status", text="tard", since=1010, until=1020))  # fmt: skip
    assert [says(api)[0], says(api, chat=-5)[0], says(api, chat=-5)[0]] == [200, 500, 200]
    assert [says(api, "deux")[0], says(api, "deux")[0], says(api, "deux")[0]] == [500, 500, 200]
    assert says(api, "tard")[0] == 200
    api.clock.now = 1015  # type: ignore[attr-defined] # a clock of ours
    assert says(api, "tard")[0] == 500


def test_a_line_cut_before_leaves_nothing_and_cut_after_leaves_the_message(api: BotApi) -> None:
    for kind, there in (("drop", 0), ("cut", 1)):
        fault = Fault(kind)  # type: ignore[arg-type] # one of its kinds
        assert api.answer(TOKEN, "sendMessage", {"chat_id": "7", "text": kind}, fault) is None
        assert len(api.chat(7).messages) == there
    assert [each.status for each in api.calls] == [0, 0]


def test_a_chat_may_block_or_move_just_before_the_call(api: BotApi) -> None:
    api.fail(Fault("block", chat=7), Fault("migrate", chat=-5, to=-1005))
    assert says(api) == (403, "Forbidden: bot was blocked by the user")
    response = api.answer(
        TOKEN, "sendMessage", {"chat_id": "-5", "text": "a"}, api.fault("sendMessage", {"chat_id": "-5"})
    )
    assert response is not None
    assert json.loads(response.body)["parameters"] == {"migrate_to_chat_id": -1005}


def test_an_unknown_token_or_method_is_refused(api: BotApi) -> None:
    response = api.answer("1:other", "getMe", {})
    assert response is not None
    assert response.status == 401
    assert call(api, "sendPhoto", chat_id=7)[0] == 404
