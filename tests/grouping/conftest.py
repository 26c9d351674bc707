"""The engine that ships, compiled once."""

import pytest

from bot.config.configuration import Rules
from bot.config.folder import load_rules
from bot.config.settings import starter
from matchers.engine.engine import Engine


@pytest.fixture(scope="session")
def engine() -> Engine:
    rules = load_rules(starter())
    assert isinstance(rules, Rules)
    return rules.engine
