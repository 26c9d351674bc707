"""How a server keeps the words of an article: folded and spread by us, since it has neither our accents nor our words.

Its own parser takes « SecNumCloud/HDS » for a path and `anssi.fr` for a host, and lowers by its own
language.
"""

LONGEST = 200_000  # characters of a text that are found by their words: what a tsvector holds ends at a megabyte
BETWEEN = "0between0"  # stands between two fields, so that no phrase goes from one into the other; nobody writes it

# What no word is made of: punctuation, signs and pictures
_NO_WORD = (
    r"[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u2000-\u206f\u20a0-\u20cf\u2190-\u2bff\u3000-\u303f\ufe30-\ufe6f\ufffd\U0001f000-\U0001faff]+"
)
_LARGE = "ÆŒØÐÞŁĐĦŊΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯЄІЂЈЉЊЋЏ"


def _folded(column: str) -> str:
    """Small letters without their marks, and nothing between two words but a space."""
    bare = f"regexp_replace(normalize(left({column}, {LONGEST}), NFKD), '[\\u0300-\\u036f]', '', 'g')"
    small = f"translate(lower({bare}), '{_LARGE}', '{_LARGE.lower()}')"
    return f"regexp_replace({small}, '{_NO_WORD}', ' ', 'g')"


def _weighed(column: str, weight: str, end: str = f" || ' {BETWEEN}'") -> str:
    return f"setweight(to_tsvector('simple'::regconfig, {_folded(column)}{end}), '{weight}')"


WORDS = (
    "ALTER TABLE article ADD COLUMN words tsvector GENERATED ALWAYS AS ("
    f"{_weighed('title', 'A')} || {_weighed('summary', 'B')} || {_weighed('text', 'D', end='')}) STORED",
    "CREATE INDEX article_words ON article USING gin (words)",
    'CREATE TABLE word (term VARCHAR COLLATE "C" PRIMARY KEY, docs BIGINT NOT NULL)',
)
"""What makes a server keep them. `word` counts in how many articles each stands, as of the last pruning."""

COUNT_WORDS = (
    "SET LOCAL statement_timeout = 0",  # it reads every article
    "DELETE FROM word",
    "INSERT INTO word SELECT word, ndoc FROM ts_stat('SELECT words FROM article') ON CONFLICT DO NOTHING",
)
