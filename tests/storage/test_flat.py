from dataclasses import asdict

from matchers.model import Hit, Point
from matchers.stories.grouping import Topic
from storage.flat import flat


def test_a_flat_value_is_told_as_the_library_tells_it() -> None:
    topic = Topic(title=("cloud", "@hdh"), dates=((2026, 11, 29),), step="grant")
    for value in (topic, Hit("a", None, "title", 0, 1, "a"), Point("term", "a", 3, title=1)):
        assert list(flat(value).items()) == list(asdict(value).items())
