"""The outside world, and the wiring."""

import os

__version__ = "0.1.0"

# No plugin has a word in how our files are read, and no start looks for one among all that is installed
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
