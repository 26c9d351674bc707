"""The composition root: nothing that runs beside the rest ends unheard."""

import asyncio
import logging
from contextlib import AsyncExitStack

import pytest

from bot.app import background


async def test_what_breaks_beside_the_rest_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def broken() -> None:
        raise ValueError("voilà pourquoi")

    async with AsyncExitStack() as stack:
        background(broken(), "essai", stack)
        background(asyncio.sleep(60), "long", stack)
        with caplog.at_level(logging.ERROR):
            await asyncio.sleep(0.01)
    (record,) = caplog.records
    assert "voilà pourquoi" in str(record.exc_info)
    assert record.__dict__["task"] == "essai"
