"""What all tests share: how Hypothesis searches."""

import os

from hypothesis import settings

# In CI a change is judged by the same examples each time; at a desk new ones are sought (docs/decisions.md)
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
