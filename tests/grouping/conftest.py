"""The engine that ships, compiled once."""

import pytest

from bot.config.configuration import Rules
from bot.config.settings import load_rules, starter
from matchers.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    rules = load_rules(starter())
    assert isinstance(rules, Rules)
    return rules.engine
