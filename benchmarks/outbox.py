"""The outbox through histories of every kind, many and long: those of the tests are few and short.

python -m benchmarks.outbox [HISTORIES] [STEPS]

Queue, claim, every answer, crash, return, topic, a clock that goes on and back, as Hypothesis draws them. Ends with the
shortest history in which something was lost, doubled without a doubt, out of order, or two at once in a chat.
"""

import sys
import time

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.storage.test_outbox_histories import Histories


def main(histories: int, steps: int) -> None:
    begun = time.monotonic()
    large = settings(
        max_examples=histories, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Histories, settings=large)
    print(f"{histories} histories of {steps} steps at most: every promise kept, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main(*(int(given) for given in (*sys.argv[1:], *("300", "50")[len(sys.argv) - 1 :])))
