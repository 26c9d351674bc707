"""The outside world, and the wiring."""

__version__ = "0.1.0"
