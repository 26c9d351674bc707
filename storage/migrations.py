"""How a database of any earlier version becomes one of this version."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, select, table, update

from storage.dialect import base, moment

APPLICATION = 0x56494749  # "VIGI", in the header of every file of ours

Migration = Callable[[Connection], None]


def first(connection: Connection) -> None:
    """Version 1: feeds, articles, matches, chats, outbox, digests."""
    _run(connection, _FIRST)


def choices(connection: Connection) -> None:
    """What a chat chooses: days, quiet hours, caps, and who set it up."""
    _run(connection, _CHOICES)


def edits_and_topics(connection: Connection) -> None:
    """Messages that edit or answer others, forum topics, waits that outlive a clock set back."""
    _run(connection, _EDITS_AND_TOPICS)


def catch_up(connection: Connection) -> None:
    """When a chat came back; what has waited too long."""
    _run(connection, _CATCH_UP)


def manners(connection: Connection) -> None:
    """What a feed asked for and how it behaves, hosts, notices to the operators, more ways to know an entry."""
    _run(connection, _MANNERS)


def stories(connection: Connection) -> None:
    """Copies, stories and dossiers, why, and what was said of them."""
    _run(connection, _STORIES)


def register(connection: Connection) -> None:
    """The register: every article kept, in a chain."""
    _run(connection, _REGISTER)


def voices(connection: Connection) -> None:
    """Topics that follow by themselves, what digests held, votes, misses, small facts, and the search."""
    _run(connection, _VOICES)
    for statement in _SEARCH:
        connection.exec_driver_sql(statement)


def sayings(connection: Connection) -> None:
    """What chats were told of stories, and feeds whose articles stand alone."""
    _run(connection, _SAYINGS)


def live_sheets(connection: Connection) -> None:
    """The files in force."""
    _run(connection, _LIVE_SHEETS)


def orders(connection: Connection) -> None:
    """What an order moved, each article with the first of its copies: that may change, too."""
    _run(connection, _ORDERS)


def shown(connection: Connection) -> None:
    """Which article a living message shows."""
    _run(connection, "ALTER TABLE announcement ADD COLUMN shown INTEGER;")


def what_is_asked_often(connection: Connection) -> None:
    """Messages by what they are about and by when they left; what a digest says above its rest."""
    _run(connection, _ASKED_OFTEN)


def journal(connection: Connection) -> None:
    """Whatever operators are told of, where, and in which message; a source's pause, and the patience with it."""
    _run(connection, _JOURNAL)


def tickets(connection: Connection) -> None:
    """What opens a chat's settings from elsewhere."""
    _run(connection, _TICKETS)


def doubts(connection: Connection) -> None:
    """The messages that were ever in doubt."""
    _run(connection, "CREATE INDEX delivery_doubts ON delivery (doubts) WHERE doubts > 0;")


def offers(connection: Connection) -> None:
    """The commands that the clients of a chat propose."""
    _run(connection, "ALTER TABLE chat ADD COLUMN commands VARCHAR;")


def proof(connection: Connection) -> None:
    """The numbers that messages bear, so that one in doubt can be looked for."""
    _run(connection, _PROOF)


def events(connection: Connection) -> None:
    """What an article tells, without weights that were frozen: how rare a word is beside its subject is found out each
    time. What was told stays, and new texts on it still find it."""
    _run(connection, _EVENTS)
    told = connection.exec_driver_sql("SELECT article_id, topic FROM grouped WHERE json_valid(topic)").all()
    for article, topic in told:
        written = json.dumps(_told_anew(json.loads(topic)), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        connection.exec_driver_sql("UPDATE grouped SET topic = ? WHERE article_id = ?", (written, article))


def claims(connection: Connection) -> None:
    """Which turn it is that somebody has with a feed, a host or a message: a number that grows. Queues to be walked."""
    _run(connection, _CLAIMS)


def lists(connection: Connection) -> None:
    """Official lists: what is known of them, what they said anew, and the readings that prove it."""
    _run(connection, _LISTS)


def officials(connection: Connection) -> None:
    """Feeds whose publisher decides, as feeds.yaml says."""
    _run(connection, "ALTER TABLE feed ADD COLUMN official BOOLEAN;")


def samples(connection: Connection) -> None:
    """Titles drawn of what was not kept, for a bound of recall."""
    _run(connection, _SAMPLES)


def offices(connection: Connection) -> None:
    """What only one of several daemons may do, and who does."""
    _run(connection, _OFFICES)


def daemons(connection: Connection) -> None:
    """Who works on a base that several share."""
    _run(connection, _DAEMONS)


def counted(connection: Connection) -> None:
    """What is counted is in an index: the articles of a feed by their days, the matches that hold."""
    _run(connection, _COUNTED)


def acts(connection: Connection) -> None:
    """Official acts, the articles that name them, and the days that they set."""
    _run(connection, _ACTS)


def rulesets(connection: Connection) -> None:
    """The rules in force bear a number, so that several daemons judge by the same ones."""
    _run(connection, _RULESETS)


def budgets(connection: Connection) -> None:
    """How many flashes a chat wants in a week."""
    _run(connection, "ALTER TABLE chat ADD COLUMN per_week INTEGER NOT NULL DEFAULT 0;")


def waves(connection: Connection) -> None:
    """What many chats are to be told, as an order; readers and sayings in the order of their chats."""
    _run(connection, _WAVES)


def reminders(connection: Connection) -> None:
    """What chats were reminded of before a day, and how often that day changed."""
    _run(connection, _REMINDERS)


def act_links(connection: Connection) -> None:
    """The acts to which words of an article lead."""
    _run(connection, "ALTER TABLE article ADD COLUMN links VARCHAR NOT NULL DEFAULT '';")


def flash_sources(connection: Connection) -> None:
    """When each source last brought what a list that rings keeps: such sources are asked more often."""
    _run(connection, _FLASH_SOURCES)


def digests_asked(connection: Connection) -> None:
    """Whether a digest on request stands for the next one."""
    _run(connection, "ALTER TABLE chat ADD COLUMN digest_closes BOOLEAN NOT NULL DEFAULT '0';")


def readers_roles(connection: Connection) -> None:
    """The trade of a reader, by which acts that concern others do not ring."""
    _run(connection, "ALTER TABLE chat ADD COLUMN role VARCHAR NOT NULL DEFAULT '';")


def beside(connection: Connection) -> None:
    """Claims, turns and answers wait for no writer of a server. An older Vigie, which takes them behind the lock of all
    writers, would take the same ones: it leaves before this."""
    if connection.dialect.name != "sqlite":
        tidy_often(connection)


_OFTEN_WRITTEN = ("delivery", "feed", "host", "office", "daemon")


def tidy_often(connection: Connection) -> None:
    """Have a server leave room in its pages for the rows that change all the time, and tidy them up sooner: its own
    measure is a fifth of the table."""
    for name in _OFTEN_WRITTEN:
        how = "fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02"
        connection.exec_driver_sql(f"ALTER TABLE {name} SET ({how})")


_TITLED = 2_000_000  # a word of a title counted twice


def _told_anew(topic: dict[str, Any]) -> dict[str, Any]:
    """The words of the title are those that weighed twice; capitals were words of their own."""
    words = {term: weight for term, weight in topic.pop("terms") if not term.startswith("^")}
    title = sorted(term for term, weight in words.items() if weight >= _TITLED)
    names = {name.removeprefix("^") for name in topic["said"] if name.startswith(("^", "@")) and " " not in name}
    return {
        **topic,
        "title": title,
        "lead": sorted(words.keys() - set(title)),
        "names": sorted(names - {name for name in names if name.endswith("!")}),
        "openers": [],
        "subject": [],
        "lists": [],
    }


def triage(connection: Connection) -> None:
    """What the team decided of what was kept, in a chain."""
    _run(connection, _TRIAGE)


def own_terms(connection: Connection) -> None:
    """The terms that chats follow by themselves."""
    _run(connection, _OWN_TERMS)


def version(connection: Connection) -> int | None:
    """The version of the base; 0 for an empty one, None where its tables are another program's (a server only says)."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if connection.exec_driver_sql("SELECT to_regclass('base')").scalar_one() is None:
        return 0
    return connection.execute(select(base.c.version).where(base.c.application == APPLICATION)).scalar()


# Both versions that meet on a server speak of this table: what the newer knows of it, the older knew
_daemon = table("daemon", column("run"), column("version"), column("until"))


def older(connection: Connection, than: int) -> tuple[str, ...]:
    """The machines whose daemons work on this base in an older version."""
    return _machines(connection, _daemon.c.version < than)


def newer(connection: Connection, than: int) -> tuple[str, ...]:
    """The machines whose daemons work on this base in a newer version, or wait to."""
    return _machines(connection, _daemon.c.version > than)


def _machines(connection: Connection, which: ColumnElement[bool]) -> tuple[str, ...]:
    if (version(connection) or 0) < SPOKEN:
        return ()
    runs = connection.execute(select(_daemon.c.run).where(which, _daemon.c.until > moment())).scalars()
    return tuple(sorted({run.partition("/")[0] for run in runs}))


def migrate(connection: Connection, migrations: Sequence[Migration]) -> None:
    """Bring the base to version `len(migrations)`, inside the caller's transaction: all of it or nothing."""
    before = version(connection) or 0
    for step in migrations[before:]:
        step(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {len(migrations)}")
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
    else:
        connection.execute(update(base).values(version=len(migrations)))


# A server is made by the schema of its day, and brought on by the steps that came later: what they say for the file, in
# its own words
_ON_A_SERVER = (
    (r"\bINTEGER NOT NULL PRIMARY KEY AUTOINCREMENT\b", "BIGSERIAL NOT NULL PRIMARY KEY"),
    (r"\bINTEGER\b", "BIGINT"),
    (r"\bVARCHAR\b", 'VARCHAR COLLATE "C"'),
    (r"\bBLOB\b", "BYTEA"),
    (r"\bWITHOUT ROWID\b", ""),
    (r"(\bBOOLEAN(?: NOT NULL)? DEFAULT )'?([01])'?", r"\1'\2'"),
    (r"\b(\w+) = 1 AND\b", r"\1 AND"),
)


def translated(script: str) -> str:
    """What is written for the file, in the words of a server."""
    for said, meant in _ON_A_SERVER:
        script = re.sub(said, meant, script)
    return script


def _run(connection: Connection, script: str) -> None:
    if connection.dialect.name != "sqlite":
        script = translated(script)
    for statement in script.split(";"):
        if statement.strip():
            connection.exec_driver_sql(statement)


def unread_pages(connection: Connection) -> None:
    """The articles whose page is still to be read."""
    _run(connection, _UNREAD_PAGES)


def rights(connection: Connection) -> None:
    """What sites allow, and the licences that the operator holds."""
    _run(connection, _RIGHTS)


# A migration is history: its text is never edited, so it does not follow storage/schema.py (a test compares the two).
_FIRST = """
CREATE TABLE chat (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    telegram_id BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    timezone VARCHAR NOT NULL,
    digest_at INTEGER NOT NULL,
    state VARCHAR NOT NULL,
    arrived_at BIGINT NOT NULL,
    gone_at BIGINT,
    frozen_until BIGINT,
    UNIQUE (telegram_id)
);
CREATE TABLE feed (
    id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    listed_url VARCHAR NOT NULL,
    category VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    every BIGINT,
    reading VARCHAR NOT NULL,
    enabled BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    due_at BIGINT NOT NULL,
    health VARCHAR NOT NULL,
    etag VARCHAR,
    last_modified VARCHAR,
    failures INTEGER NOT NULL,
    error VARCHAR,
    checked_at BIGINT,
    succeeded_at BIGINT,
    new_entry_at BIGINT,
    failing_since BIGINT,
    gone_since BIGINT,
    hint_until BIGINT,
    body VARCHAR,
    baseline BOOLEAN NOT NULL,
    moved_to VARCHAR,
    moved_times INTEGER NOT NULL,
    moved_since BIGINT,
    requests INTEGER NOT NULL,
    not_modified INTEGER NOT NULL,
    lease_owner VARCHAR,
    lease_until BIGINT,
    PRIMARY KEY (id)
);
CREATE INDEX feed_due ON feed (due_at);
CREATE TABLE article (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    feed_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    summary VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    author VARCHAR,
    published BIGINT,
    site VARCHAR,
    lang VARCHAR,
    source VARCHAR NOT NULL,
    flags VARCHAR NOT NULL,
    first_seen BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    revision INTEGER NOT NULL,
    muted BOOLEAN NOT NULL,
    FOREIGN KEY(feed_id) REFERENCES feed (id)
);
CREATE INDEX article_first_seen ON article (first_seen);
CREATE INDEX article_read_at ON article (read_at);
CREATE TABLE delivery (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    lane VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    item VARCHAR NOT NULL,
    part INTEGER NOT NULL,
    body VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    plain BOOLEAN NOT NULL,
    not_before BIGINT,
    message_id BIGINT,
    run VARCHAR,
    error VARCHAR,
    queued_at BIGINT NOT NULL,
    settled_at BIGINT,
    UNIQUE (chat_id, item, part),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE INDEX delivery_state ON delivery (state, chat_id, rank, id);
CREATE TABLE digest_cursor (
    chat_id INTEGER NOT NULL,
    lane VARCHAR NOT NULL,
    cursor INTEGER NOT NULL,
    slot VARCHAR NOT NULL,
    closed_at BIGINT NOT NULL,
    UNIQUE (chat_id, lane),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE digest_slot (
    chat_id INTEGER NOT NULL,
    lane VARCHAR NOT NULL,
    slot VARCHAR NOT NULL,
    closed_at BIGINT NOT NULL,
    UNIQUE (chat_id, lane, slot),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE subscription (
    chat_id INTEGER NOT NULL,
    watchlist VARCHAR NOT NULL,
    level VARCHAR,
    since INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (chat_id, watchlist),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE INDEX subscription_watchlist ON subscription (watchlist);
CREATE TABLE article_match (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    article_id INTEGER NOT NULL,
    watchlist VARCHAR NOT NULL,
    score INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    level VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    subject BOOLEAN NOT NULL,
    detail VARCHAR NOT NULL,
    holds BOOLEAN NOT NULL,
    UNIQUE (article_id, watchlist),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX article_match_watchlist ON article_match (watchlist, id);
CREATE TABLE article_url (
    url_key VARCHAR NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (url_key),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX article_url_article ON article_url (article_id);
CREATE TABLE sighting (
    feed_id VARCHAR NOT NULL,
    "key" VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    article_id INTEGER NOT NULL,
    first_seen BIGINT NOT NULL,
    PRIMARY KEY (feed_id, "key"),
    FOREIGN KEY(feed_id) REFERENCES feed (id),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX sighting_article ON sighting (article_id, feed_id);
"""

_CHOICES = """
ALTER TABLE chat ADD COLUMN days VARCHAR NOT NULL DEFAULT 'all';
ALTER TABLE chat ADD COLUMN holidays VARCHAR NOT NULL DEFAULT 'fr';
ALTER TABLE chat ADD COLUMN quiet_from INTEGER NOT NULL DEFAULT '0';
ALTER TABLE chat ADD COLUMN quiet_to INTEGER NOT NULL DEFAULT '0';
ALTER TABLE chat ADD COLUMN quiet_flash VARCHAR NOT NULL DEFAULT 'silent';
ALTER TABLE chat ADD COLUMN empty_line BOOLEAN NOT NULL DEFAULT '1';
ALTER TABLE chat ADD COLUMN preview BOOLEAN NOT NULL DEFAULT '1';
ALTER TABLE chat ADD COLUMN per_hour INTEGER NOT NULL DEFAULT '5';
ALTER TABLE chat ADD COLUMN per_day INTEGER NOT NULL DEFAULT '15';
ALTER TABLE chat ADD COLUMN set_by BIGINT;
CREATE INDEX delivery_lane ON delivery (lane, queued_at, chat_id);
"""

# The idempotency key changes, and SQLite changes no constraint of a table that is there.
_EDITS_AND_TOPICS = """
ALTER TABLE chat ADD COLUMN frozen_for BIGINT;
CREATE TABLE held_topic (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    held_at BIGINT NOT NULL,
    UNIQUE (chat_id, thread),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE delivery_2 (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    lane VARCHAR NOT NULL,
    rank INTEGER NOT NULL,
    item VARCHAR NOT NULL,
    part INTEGER NOT NULL,
    target INTEGER,
    body VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    tries INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    plain BOOLEAN NOT NULL,
    not_before BIGINT,
    wait BIGINT,
    message_id BIGINT,
    run VARCHAR,
    error VARCHAR,
    queued_at BIGINT NOT NULL,
    settled_at BIGINT,
    UNIQUE (chat_id, thread, item, part),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
INSERT INTO delivery_2
SELECT id, chat_id, 0, lane, CASE lane WHEN 'flash' THEN 0 ELSE rank + 1 END, item, part, NULL, body, state, tries,
    doubts, plain, not_before, NULL, message_id, run, error, queued_at, settled_at FROM delivery;
DROP TABLE delivery;
ALTER TABLE delivery_2 RENAME TO delivery;
CREATE INDEX delivery_state ON delivery (state, chat_id, rank, id);
CREATE INDEX delivery_lane ON delivery (lane, queued_at, chat_id);
"""

_UNREAD_PAGES = """
CREATE TABLE unread_page (
    article_id INTEGER NOT NULL,
    host VARCHAR NOT NULL,
    due_at BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (article_id),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX unread_page_due ON unread_page (due_at);
"""

_CATCH_UP = """
ALTER TABLE chat ADD COLUMN back_at BIGINT;
CREATE INDEX chat_back ON chat (back_at);
CREATE INDEX delivery_waiting ON delivery (state, queued_at);
"""

_MANNERS = """
ALTER TABLE feed ADD COLUMN least BIGINT;
ALTER TABLE feed ADD COLUMN most BIGINT;
ALTER TABLE feed ADD COLUMN kind VARCHAR NOT NULL DEFAULT 'feed';
ALTER TABLE feed ADD COLUMN links VARCHAR NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN selector VARCHAR NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN answered_by VARCHAR;
ALTER TABLE feed ADD COLUMN fresh_for BIGINT;
ALTER TABLE feed ADD COLUMN ttl BIGINT;
ALTER TABLE feed ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN changed_at BIGINT;
ALTER TABLE feed ADD COLUMN probed_at BIGINT;
ALTER TABLE feed ADD COLUMN slow_until BIGINT;
ALTER TABLE feed ADD COLUMN haste INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN rhythm VARCHAR;
ALTER TABLE feed ADD COLUMN memory VARCHAR;
ALTER TABLE feed ADD COLUMN bad_body VARCHAR;
ALTER TABLE feed ADD COLUMN bad_until BIGINT;
ALTER TABLE feed ADD COLUMN same_as VARCHAR;
ALTER TABLE feed ADD COLUMN started_at BIGINT;
ALTER TABLE feed ADD COLUMN host VARCHAR;
CREATE INDEX feed_host ON feed (host);
ALTER TABLE sighting ADD COLUMN title VARCHAR NOT NULL DEFAULT '';
ALTER TABLE sighting ADD COLUMN day VARCHAR NOT NULL DEFAULT '';
ALTER TABLE sighting ADD COLUMN address VARCHAR NOT NULL DEFAULT '';
CREATE INDEX sighting_day ON sighting (feed_id, day);
CREATE TABLE host (
    name VARCHAR NOT NULL,
    next_slot_at BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    blocked_until BIGINT NOT NULL,
    penalty BIGINT,
    PRIMARY KEY (name)
) WITHOUT ROWID;
CREATE TABLE notice (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    feed_id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    since BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    said_at BIGINT,
    ended_at BIGINT,
    end_said_at BIGINT,
    FOREIGN KEY(feed_id) REFERENCES feed (id)
);
CREATE UNIQUE INDEX notice_open ON notice (feed_id, kind) WHERE ended_at IS NULL;
UPDATE feed SET started_at = checked_at;
"""

_STORIES = """
CREATE TABLE grouped (
    article_id INTEGER NOT NULL,
    host VARCHAR NOT NULL,
    aggregator BOOLEAN NOT NULL,
    at BIGINT NOT NULL,
    title VARCHAR NOT NULL,
    words INTEGER NOT NULL,
    content VARCHAR NOT NULL,
    sketch BLOB NOT NULL,
    copy_of INTEGER NOT NULL,
    story_id INTEGER,
    topic VARCHAR,
    vector VARCHAR,
    PRIMARY KEY (article_id),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX grouped_at ON grouped (at);
CREATE INDEX grouped_copy ON grouped (copy_of);
CREATE INDEX grouped_story ON grouped (story_id, at);
CREATE INDEX grouped_title ON grouped (title);
CREATE TABLE fingerprint (
    h BIGINT NOT NULL,
    article_id INTEGER NOT NULL,
    PRIMARY KEY (h, article_id)
)
 WITHOUT ROWID;
CREATE TABLE boilerplate (
    h BIGINT NOT NULL,
    host VARCHAR NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (h, host)
)
 WITHOUT ROWID;
CREATE INDEX boilerplate_seen ON boilerplate (last_seen);
CREATE TABLE story (
    id INTEGER NOT NULL,
    dossier_id INTEGER NOT NULL,
    follows INTEGER,
    opened BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    articles INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    alias_of INTEGER,
    PRIMARY KEY (id)
);
CREATE INDEX story_dossier ON story (dossier_id);
CREATE INDEX story_last ON story (last_at);
CREATE TABLE story_term (
    term VARCHAR NOT NULL,
    story_id INTEGER NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (term, story_id)
)
 WITHOUT ROWID;
CREATE INDEX story_term_story ON story_term (story_id);
CREATE TABLE term_count (
    term VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (term)
)
 WITHOUT ROWID;
CREATE TABLE topic_day (
    day INTEGER NOT NULL,
    term VARCHAR NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (day, term)
)
 WITHOUT ROWID;
CREATE TABLE decision (
    article_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    level VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    target_id INTEGER,
    numbers VARCHAR NOT NULL,
    grouping VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (article_id, number),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
)
 WITHOUT ROWID;
CREATE TABLE override (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    a INTEGER NOT NULL,
    b INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    "by" BIGINT NOT NULL,
    moved VARCHAR,
    at BIGINT NOT NULL,
    undone BOOLEAN NOT NULL
);
CREATE INDEX override_a ON override (a);
CREATE INDEX override_b ON override (b);
"""


_REGISTER = """
CREATE TABLE register (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    watchlist VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    level VARCHAR NOT NULL,
    score INTEGER NOT NULL,
    threshold INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    feed VARCHAR NOT NULL,
    published BIGINT,
    reading VARCHAR NOT NULL,
    announced BOOLEAN NOT NULL,
    digest VARCHAR NOT NULL
);
CREATE INDEX register_at ON register (at);
"""

_RIGHTS = """
ALTER TABLE feed ADD COLUMN permission VARCHAR NOT NULL DEFAULT '';
CREATE TABLE site (
    origin VARCHAR NOT NULL,
    robots VARCHAR NOT NULL,
    robots_at BIGINT,
    robots_due BIGINT,
    robots_failures INTEGER NOT NULL,
    reservations VARCHAR NOT NULL,
    reservations_due BIGINT,
    reserved_until BIGINT,
    page_at BIGINT,
    PRIMARY KEY (origin)
) WITHOUT ROWID;
"""

_VOICES = """
CREATE TABLE subscription_2 (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    watchlist VARCHAR NOT NULL,
    level VARCHAR,
    since INTEGER NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, watchlist),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
INSERT INTO subscription_2 SELECT chat_id, 0, watchlist, level, since, made_at FROM subscription;
DROP TABLE subscription;
ALTER TABLE subscription_2 RENAME TO subscription;
CREATE INDEX subscription_watchlist ON subscription (watchlist);
CREATE TABLE digest_cursor_2 (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    lane VARCHAR NOT NULL,
    cursor INTEGER NOT NULL,
    slot VARCHAR NOT NULL,
    closed_at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, lane),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
INSERT INTO digest_cursor_2 SELECT chat_id, 0, lane, cursor, slot, closed_at FROM digest_cursor;
DROP TABLE digest_cursor;
ALTER TABLE digest_cursor_2 RENAME TO digest_cursor;
CREATE TABLE digest_slot_2 (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    lane VARCHAR NOT NULL,
    slot VARCHAR NOT NULL,
    closed_at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, lane, slot),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
INSERT INTO digest_slot_2 SELECT chat_id, 0, lane, slot, closed_at FROM digest_slot;
DROP TABLE digest_slot;
ALTER TABLE digest_slot_2 RENAME TO digest_slot;
CREATE TABLE digest (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    name VARCHAR NOT NULL,
    head VARCHAR NOT NULL,
    lines VARCHAR NOT NULL,
    made_at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, name),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE vote (
    article_id INTEGER NOT NULL,
    voter VARCHAR NOT NULL,
    useful BOOLEAN NOT NULL,
    reason VARCHAR NOT NULL,
    voted_at BIGINT NOT NULL,
    PRIMARY KEY (article_id, voter),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX vote_at ON vote (voted_at);
CREATE INDEX vote_voter ON vote (voter);
CREATE TABLE miss (
    id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    url VARCHAR NOT NULL,
    article_id INTEGER,
    fate VARCHAR NOT NULL,
    watchlist VARCHAR,
    said_at BIGINT NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (chat_id, url),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE,
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE SET NULL
);
CREATE INDEX miss_at ON miss (said_at);
CREATE TABLE memo (
    name VARCHAR NOT NULL,
    value VARCHAR NOT NULL,
    PRIMARY KEY (name)
);
"""

# The index keeps no text: it reads the articles', and follows every change of them. Statements, since a trigger holds
# semicolons.
_GONE = (
    "INSERT INTO article_words (article_words, rowid, title, summary, text) "
    "VALUES ('delete', old.id, old.title, old.summary, old.text);"
)
_THERE = "INSERT INTO article_words (rowid, title, summary, text) VALUES (new.id, new.title, new.summary, new.text);"
_SEARCH = (
    """CREATE VIRTUAL TABLE article_words USING fts5(
        title, summary, text, content = 'article', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    )""",
    "CREATE VIRTUAL TABLE article_vocabulary USING fts5vocab(article_words, row)",
    "INSERT INTO article_words (article_words) VALUES ('rebuild')",
    f"CREATE TRIGGER article_words_insert AFTER INSERT ON article BEGIN {_THERE} END",
    f"CREATE TRIGGER article_words_delete AFTER DELETE ON article BEGIN {_GONE} END",
    f"CREATE TRIGGER article_words_update AFTER UPDATE OF title, summary, text ON article BEGIN {_GONE} {_THERE} END",
)

_SAYINGS = """
ALTER TABLE feed ADD COLUMN dedup BOOLEAN NOT NULL DEFAULT 1;
CREATE TABLE announcement (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    story_id INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    item VARCHAR NOT NULL,
    edits INTEGER NOT NULL,
    edited_at BIGINT,
    at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, story_id, kind, seq),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE INDEX announcement_story ON announcement (story_id);
"""

_LIVE_SHEETS = """
CREATE TABLE live_sheet (
    name VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (name)
);
"""

_ORDERS = """
UPDATE override SET moved = (
    SELECT json_group_array(json_array(one.value, coalesce(grouped.copy_of, one.value)))
    FROM json_each(override.moved) AS one LEFT JOIN grouped ON grouped.article_id = one.value
) WHERE json_valid(moved);
"""


def briefs(connection: Connection) -> None:
    """What a chat decided of a story for its briefs."""
    _run(connection, _BRIEFS)


def sheet_versions(connection: Connection) -> None:
    """Every version of the files in force, from now on."""
    _run(connection, _SHEET_VERSIONS)


_ASKED_OFTEN = """
ALTER TABLE digest ADD COLUMN foot VARCHAR NOT NULL DEFAULT '';
CREATE INDEX delivery_item ON delivery (item);
CREATE INDEX delivery_settled ON delivery (settled_at);
"""

# « j0 »: told by a message that is edited no more
_JOURNAL = """
ALTER TABLE feed ADD COLUMN paused_until BIGINT;
ALTER TABLE feed ADD COLUMN patience INTEGER NOT NULL DEFAULT 1;
ALTER TABLE notice RENAME TO notice_before;
CREATE TABLE notice (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    feed_id VARCHAR,
    about VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    since BIGINT NOT NULL,
    raised_at BIGINT NOT NULL,
    times INTEGER NOT NULL,
    ended_at BIGINT,
    page VARCHAR,
    stale BOOLEAN NOT NULL,
    FOREIGN KEY(feed_id) REFERENCES feed (id)
);
INSERT INTO notice (id, feed_id, about, kind, detail, since, raised_at, times, ended_at, page, stale)
SELECT id, feed_id, feed_id, kind, detail, since, raised_at, 1, ended_at,
    CASE WHEN said_at IS NOT NULL THEN 'j0' END, 0
FROM notice_before WHERE said_at IS NOT NULL OR ended_at IS NULL;
DROP TABLE notice_before;
CREATE UNIQUE INDEX notice_open ON notice (about, kind) WHERE ended_at IS NULL;
CREATE INDEX notice_page ON notice (page);
CREATE TABLE journal_page (
    item VARCHAR NOT NULL,
    sort VARCHAR NOT NULL,
    made_at BIGINT NOT NULL,
    edited_at BIGINT NOT NULL,
    said VARCHAR NOT NULL,
    PRIMARY KEY (item)
);
CREATE TABLE journal_place (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    PRIMARY KEY (chat_id),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE knock (
    person VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    PRIMARY KEY (person)
);
"""

_TICKETS = """
CREATE TABLE ticket (
    seal VARCHAR NOT NULL,
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (seal),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE INDEX ticket_until ON ticket (until);
"""

_PROOF = """
ALTER TABLE delivery ADD COLUMN called_at BIGINT;
ALTER TABLE delivery ADD COLUMN floor BIGINT;
ALTER TABLE delivery ADD COLUMN looks INTEGER;
CREATE TABLE known_message (
    scope INTEGER NOT NULL,
    message_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (scope, message_id)
) WITHOUT ROWID;
CREATE TABLE open_reply (
    id INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE INDEX open_reply_chat ON open_reply (chat_id);
INSERT OR IGNORE INTO known_message
    SELECT CASE WHEN chat.kind IN ('private', 'group') THEN 0 ELSE chat.id END, max(message_id), max(settled_at)
    FROM delivery JOIN chat ON chat.id = chat_id WHERE message_id IS NOT NULL GROUP BY 1;
"""

_EVENTS = """
DROP TABLE story_term;
DROP TABLE term_count;
ALTER TABLE grouped DROP COLUMN vector;
ALTER TABLE grouped ADD COLUMN backs BOOLEAN NOT NULL DEFAULT 0;
ALTER TABLE story ADD COLUMN unsure BOOLEAN NOT NULL DEFAULT 0;
"""

_CLAIMS = """
ALTER TABLE feed ADD COLUMN claim_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE host ADD COLUMN claim_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN claim_no BIGINT NOT NULL DEFAULT 0;
DROP INDEX feed_due;
CREATE INDEX feed_due ON feed (due_at, id) WHERE enabled = 1 AND same_as IS NULL;
DROP INDEX feed_host;
CREATE INDEX feed_host ON feed (host, lease_until);
CREATE INDEX delivery_queue ON delivery ((CASE WHEN state = 'queued' THEN rank END), id)
    WHERE (CASE WHEN state = 'queued' THEN rank END) IS NOT NULL;
"""

_TRIAGE = """
CREATE TABLE triage (
    number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    article_id INTEGER NOT NULL,
    title VARCHAR NOT NULL,
    url VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    owner VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    by VARCHAR NOT NULL,
    digest VARCHAR NOT NULL
);
CREATE INDEX triage_article ON triage (article_id);
CREATE INDEX triage_at ON triage (at);
"""

_SHEET_VERSIONS = """
CREATE TABLE sheet_version (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name VARCHAR NOT NULL,
    content VARCHAR,
    at BIGINT NOT NULL
);
CREATE INDEX sheet_version_at ON sheet_version (at);
INSERT INTO sheet_version (name, content, at) SELECT name, content, since FROM live_sheet ORDER BY name;
"""

_SAMPLES = """
CREATE TABLE sampled_week (
    week VARCHAR NOT NULL,
    near INTEGER NOT NULL,
    rest INTEGER NOT NULL,
    kept INTEGER NOT NULL,
    drawn_at BIGINT NOT NULL,
    PRIMARY KEY (week)
);
CREATE TABLE sampled_title (
    id INTEGER NOT NULL,
    week VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    article_id INTEGER,
    wanted BOOLEAN,
    judged_at BIGINT,
    PRIMARY KEY (id),
    FOREIGN KEY(week) REFERENCES sampled_week (week) ON DELETE CASCADE,
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE SET NULL
);
CREATE INDEX sampled_title_week ON sampled_title (week);
CREATE INDEX sampled_title_article ON sampled_title (article_id);
"""

_OFFICES = """
CREATE TABLE office (
    name VARCHAR NOT NULL,
    holder VARCHAR NOT NULL,
    term BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (name)
);
"""

_DAEMONS = """
CREATE TABLE daemon (
    run VARCHAR NOT NULL,
    roles VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    ahead BIGINT NOT NULL,
    until BIGINT NOT NULL,
    PRIMARY KEY (run)
);
"""

_ACTS = """
CREATE TABLE act (
    id INTEGER NOT NULL PRIMARY KEY,
    kind VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    body VARCHAR NOT NULL,
    decided VARCHAR,
    published VARCHAR,
    link VARCHAR NOT NULL,
    concerned VARCHAR NOT NULL,
    in_force VARCHAR NOT NULL,
    audience VARCHAR NOT NULL,
    article_id INTEGER,
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE SET NULL
);
CREATE INDEX act_item ON act (article_id);
CREATE TABLE act_name (
    name VARCHAR NOT NULL,
    act_id INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (name, act_id),
    FOREIGN KEY(act_id) REFERENCES act (id) ON DELETE CASCADE
);
CREATE INDEX act_name_act ON act_name (act_id);
CREATE TABLE act_article (
    article_id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    PRIMARY KEY (article_id, name),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX act_article_name ON act_article (name);
CREATE TABLE deadline (
    id INTEGER NOT NULL PRIMARY KEY,
    about VARCHAR NOT NULL,
    act VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    feed_id VARCHAR NOT NULL,
    article_id INTEGER NOT NULL,
    day VARCHAR NOT NULL,
    time VARCHAR,
    sentence VARCHAR NOT NULL,
    sure BOOLEAN NOT NULL,
    official BOOLEAN NOT NULL,
    state VARCHAR NOT NULL,
    old_day VARCHAR,
    since BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    UNIQUE (about, kind, feed_id),
    FOREIGN KEY(feed_id) REFERENCES feed (id),
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX deadline_day ON deadline (day);
CREATE INDEX deadline_changed ON deadline (changed_at);
CREATE INDEX deadline_article ON deadline (article_id);
"""

_RULESETS = """
CREATE TABLE ruleset (
    number INTEGER NOT NULL,
    mark VARCHAR NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (number)
);
"""

_BRIEFS = """
CREATE TABLE brief_choice (
    chat_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    choice VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    signed VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (chat_id, article_id),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE,
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX brief_choice_article ON brief_choice (article_id);
"""

_LISTS = """
ALTER TABLE feed ADD COLUMN listing VARCHAR NOT NULL DEFAULT '';
CREATE TABLE list_state (
    feed_id VARCHAR NOT NULL,
    known VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    read_at BIGINT,
    held_at BIGINT,
    why VARCHAR NOT NULL,
    seen INTEGER,
    held VARCHAR NOT NULL,
    accepted VARCHAR NOT NULL,
    ignored BOOLEAN NOT NULL,
    PRIMARY KEY (feed_id),
    FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE
);
CREATE TABLE list_event (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    feed_id VARCHAR NOT NULL,
    told_at BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind VARCHAR NOT NULL,
    listed VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    before VARCHAR NOT NULL,
    after VARCHAR NOT NULL,
    quiet BOOLEAN NOT NULL,
    url VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    old_sha256 VARCHAR NOT NULL,
    old_at BIGINT,
    FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE
);
CREATE INDEX list_event_feed ON list_event (feed_id);
CREATE TABLE list_proof (
    feed_id VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    at BIGINT NOT NULL,
    content_type VARCHAR NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (feed_id, sha256),
    FOREIGN KEY(feed_id) REFERENCES feed (id) ON DELETE CASCADE
);
"""

_OWN_TERMS = """
CREATE TABLE own_term (
    chat_id INTEGER NOT NULL,
    number BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    term VARCHAR NOT NULL,
    seen INTEGER NOT NULL,
    slot VARCHAR NOT NULL,
    made_at BIGINT NOT NULL,
    told_at BIGINT NOT NULL,
    UNIQUE (chat_id, number),
    UNIQUE (chat_id, thread, term),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE
);
"""

_WAVES = """
CREATE TABLE wave (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    story_id INTEGER,
    article_id INTEGER NOT NULL,
    copy_of INTEGER,
    joined BOOLEAN NOT NULL,
    late BOOLEAN NOT NULL,
    watchlists VARCHAR NOT NULL,
    fresh BOOLEAN NOT NULL,
    before VARCHAR,
    cursor INTEGER NOT NULL,
    FOREIGN KEY(article_id) REFERENCES article (id) ON DELETE CASCADE
);
CREATE INDEX wave_story ON wave (story_id);
DROP INDEX announcement_story;
CREATE INDEX announcement_story ON announcement (story_id, chat_id);
DROP INDEX subscription_watchlist;
CREATE INDEX subscription_watchlist ON subscription (watchlist, chat_id);
DROP INDEX delivery_lane;
CREATE INDEX delivery_lane ON delivery (lane, chat_id, queued_at);
DROP INDEX delivery_item;
CREATE INDEX delivery_item ON delivery (item, chat_id);
"""

_REMINDERS = """
ALTER TABLE deadline ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
CREATE TABLE reminder (
    chat_id INTEGER NOT NULL,
    thread BIGINT NOT NULL,
    deadline_id INTEGER NOT NULL,
    day VARCHAR NOT NULL,
    step INTEGER NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (chat_id, thread, deadline_id, day, step),
    FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE,
    FOREIGN KEY(deadline_id) REFERENCES deadline (id) ON DELETE CASCADE
);
CREATE INDEX reminder_deadline ON reminder (deadline_id);
"""

_FLASH_SOURCES = """
ALTER TABLE feed ADD COLUMN flashed_at BIGINT;
UPDATE feed SET flashed_at = found.at FROM (
    SELECT article.feed_id AS id, MAX(article.first_seen) AS at FROM article_match
    JOIN article ON article.id = article_match.article_id
    WHERE article_match.level = 'flash' GROUP BY article.feed_id
) AS found WHERE found.id = feed.id;
"""

_COUNTED = """
CREATE INDEX article_feed ON article (feed_id, first_seen, published);
DROP INDEX article_match_watchlist;
CREATE INDEX article_match_watchlist ON article_match (watchlist, id, holds);
"""

MIGRATIONS: tuple[Migration, ...] = (
    first,
    choices,
    edits_and_topics,
    unread_pages,
    catch_up,
    manners,
    stories,
    register,
    rights,
    voices,
    sayings,
    live_sheets,
    orders,
    shown,
    what_is_asked_often,
    journal,
    tickets,
    doubts,
    offers,
    proof,
    events,
    claims,
    triage,
    sheet_versions,
    officials,
    samples,
    offices,
    acts,
    rulesets,
    briefs,
    lists,
    budgets,
    own_terms,
    waves,
    reminders,
    act_links,
    daemons,
    flash_sources,
    counted,
    digests_asked,
    readers_roles,
    beside,
)
"""Step n takes a file from version n - 1 to n; a new version is one more function at the end."""

SPOKEN = MIGRATIONS.index(daemons) + 1
"""The version since which daemons say that they are at work."""
