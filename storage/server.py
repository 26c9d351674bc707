"""The PostgreSQL server: reached, recognised and explained."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Literal, NoReturn, get_args

import psycopg
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import QueuePool

from storage.dialect import STRANGERS, Queue, base
from storage.failure import StoreError, Superseded
from storage.folded import WORDS
from storage.migrations import APPLICATION, Migration, migrate, older, tidy_often, version
from storage.place import Server
from storage.schema import METADATA

LONG = 300  # seconds for which somebody's transaction may stay open
OLDEST = 150_000  # the oldest PostgreSQL that we promise, as it counts itself
_SETTINGS = (
    # The server lets go of what a machine held that went without a word: 5 + 3 × 5 s, then nobody waits for it
    "SET tcp_keepalives_idle = 5", "SET tcp_keepalives_interval = 5", "SET tcp_keepalives_count = 3",
    "SET tcp_user_timeout = 15000",
    "SET idle_in_transaction_session_timeout = '30s'", "SET statement_timeout = '60s'",
    "SET client_min_messages = warning",
)  # fmt: skip
_KEPT_ALIVE: dict[str, Any] = {
    "application_name": "vigie",
    "client_encoding": "UTF8",  # whatever the address or the server would have
    "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}  # fmt: skip
_LOOK = text(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,"
    " current_setting('server_encoding') AS encoding, current_schema() AS home,"
    " (SELECT min(relname) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relrowsecurity"
    "  AND row_security_active(oid)) AS hidden"
)
_LOCK = f"SELECT pg_advisory_xact_lock({APPLICATION}, 1)"
_ALONE = f"{_LOCK}, pg_advisory_xact_lock({APPLICATION}, 2)"  # who migrates: nobody writes beside it either
# A view taken before the lock would not show what was written while it was waited for
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_BESIDE = f"SELECT pg_advisory_xact_lock_shared({APPLICATION}, 2)"
_VERSION = "SELECT version FROM base"  # who is at work has seen that the base is ours
_BEGIN_BESIDE = f"{_BEGIN}; {_BESIDE}; {_VERSION}"
_BEGIN_QUEUE: Mapping[Queue, str] = {
    name: f"{_BEGIN}; {_BESIDE}, pg_advisory_xact_lock({APPLICATION}, {number}); {_VERSION}"
    for number, name in enumerate(get_args(Queue), start=3)
}
_TURN = f"{_LOCK}, nextval('story_turn')"  # a sequence is of no transaction: who waits for the lock sees who had it
_ELSEWHERE = text(
    "SELECT nspname FROM pg_namespace WHERE oid <> current_schema()::regnamespace AND (SELECT count(*) FROM pg_class"
    " WHERE relnamespace = pg_namespace.oid AND relname IN ('base', 'numbering', 'story_turn')) = 3 LIMIT 1"
)
_UNHURRIED = (  # an index of a large table takes minutes
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)
_OLDEST_OPEN = (
    "SELECT extract(epoch FROM now() - min(xact_start)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class PostgresServer:
    """A base on a server that others may use at the same time."""

    def __init__(
        self, server: Server, *, patience: timedelta, migrations: Sequence[Migration], migrating: bool = True
    ) -> None:
        """Reach it; create or migrate the base, unless it is to be taken as it stands. `patience`: how long a writer
        waits for another. Raises StoreError."""
        _refuse_address(server)
        self.server = server
        self._newest = len(migrations)
        self._turn = -1
        self._strangers = 0
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=lambda: _reached(server),
            poolclass=QueuePool,
            # Texts and chat ids have no place in a traceback.
            hide_parameters=True,
            use_native_hstore=False,
        )
        event.listen(self._engine, "connect", _on_connect(patience))
        try:
            self._prepare(migrations if migrating else ())
        except BaseException:
            self.close()
            raise

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the base. Raises StoreError."""
        with self._transaction("REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """All of it or nothing, and nobody else writes meanwhile. Raises StoreError."""
        with self._begun(f"{_BEGIN}; {_TURN}") as (connection, turn):
            if turn != self._turn + 1:  # somebody else wrote, or migrated the base
                self._strangers += 1
                self._refuse_newer(connection.exec_driver_sql(_VERSION).scalar() or 0)
            self._turn = turn
            yield connection.execution_options(**{STRANGERS: self._strangers})

    @contextmanager
    def write_beside(self, queue: Queue | None = None) -> Iterator[Connection]:
        """All of it or nothing, waiting for who takes from the same queue and for no other writer. Raises
        StoreError."""
        with self._begun(_BEGIN_BESIDE if queue is None else _BEGIN_QUEUE[queue]) as (connection, version):
            self._refuse_newer(version)
            yield connection

    def size(self) -> int:
        """Bytes on the server's disk, without its log."""
        with self.read() as connection:
            return int(connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one())

    def held_back(self) -> timedelta | None:
        """How long the oldest transaction of anybody has been open, where that is `LONG` or more."""
        with self.read() as connection:
            seconds = connection.exec_driver_sql(_OLDEST_OPEN).scalar()
        return timedelta(seconds=int(seconds)) if seconds is not None and seconds >= LONG else None

    def scrub(self) -> bool:
        """Give back the room of rows that are gone; their words stay in the server's log and backups for as long as
        those are kept."""
        self._outside("VACUUM")
        return True

    def analyse(self) -> None:
        """Count again what the indexes hold: a plan is chosen by it."""
        self._outside("ANALYZE")

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._engine.dispose()

    def _outside(self, what: str) -> None:
        tables = ", ".join(METADATA.tables)
        with self._explained(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.detach()  # so that no other question is asked without an end
            connection.exec_driver_sql("SET statement_timeout = 0")  # a large base takes more than a minute
            connection.exec_driver_sql(f"{what} {tables}")

    @contextmanager
    def _transaction(self, isolation: Literal["REPEATABLE READ", "READ COMMITTED"]) -> Iterator[Connection]:
        with (
            self._explained(),
            self._engine.connect().execution_options(isolation_level=isolation) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.Error):
                raise
            explain(self.server, error.orig, error)
        except psycopg.Error as error:
            explain(self.server, error, error)
        except StatementError as error:  # a value that no engine keeps is refused before anything is asked
            raise (error.orig if isinstance(error.orig, StoreError) else error) from None

    @contextmanager
    def _begun(self, words: str) -> Iterator[tuple[Connection, int]]:
        """A transaction that begins with these statements, in one question, and the number that the last one gives:
        asked one by one they are most of what a poll waits for."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            raw: Any = connection.connection.driver_connection
            answer = raw.pgconn.exec_(words.encode())
            if raw.pgconn.status == psycopg.pq.ConnStatus.BAD:
                connection.invalidate()
                self._engine.dispose()  # what else is open leads to the same server, that has gone
                raise psycopg.OperationalError(answer.get_error_message())
            if answer.status != psycopg.pq.ExecStatus.TUPLES_OK:
                raise psycopg.errors.error_from_result(answer)
            yield connection, int(answer.get_value(0, answer.nfields - 1) or 0) if answer.ntuples else 0

    def _refuse_newer(self, version: int) -> None:
        if version > self._newest:
            raise _newer(self.server)

    def _prepare(self, migrations: Sequence[Migration]) -> None:
        with self.read() as connection:
            found = connection.execute(_LOOK).one()
            _refuse_server(self.server, found)
            if not migrations:
                return
            if version(connection) == len(migrations) and not _others(self.server, connection, len(migrations)):
                return
        with self._transaction("READ COMMITTED") as connection:
            connection.exec_driver_sql(_ALONE)
            _others(self.server, connection, len(migrations))
            if version(connection) == 0:
                _create(connection, len(migrations))
                return
            _refuse_manned(self.server, connection, len(migrations))
            for each in (*_UNHURRIED, _TURN):
                connection.exec_driver_sql(each)
            migrate(connection, migrations)


def _refuse_address(server: Server) -> None:
    try:
        psycopg.conninfo.conninfo_to_dict(server.address)
    except psycopg.ProgrammingError:
        raise _misspelt(server) from None  # libpq repeats what it could not read, be it the password


def _reached(server: Server) -> "psycopg.Connection[Any]":
    try:
        return psycopg.connect(server.address, **_KEPT_ALIVE)
    except ValueError:  # a name that no host can have (UnicodeError)
        raise _misspelt(server) from None


def _create(connection: Connection, number: int) -> None:
    """Make every table on a server, as version `number` has them, inside the caller's transaction."""
    for each in (index for table in METADATA.tables.values() for index in table.indexes if "where" in index.info):
        each.dialect_options["postgresql"]["where"] = each.info["where"]
    METADATA.create_all(connection)
    for statement in ("CREATE SEQUENCE story_turn", *WORDS):
        connection.exec_driver_sql(statement)
    base.metadata.create_all(connection)
    tidy_often(connection)
    connection.execute(base.insert().values(application=APPLICATION, version=number))


def _on_connect(patience: timedelta) -> Callable[[Any, Any], None]:
    wait = f"SET lock_timeout = {max(1, round(patience.total_seconds() * 1000))}"

    def prepare(raw: Any, _record: Any) -> None:
        # By SET, not in the start packet: poolers refuse it
        before, raw.autocommit = raw.autocommit, True
        raw.execute("; ".join((*_SETTINGS, wait)))
        if raw.execute("SELECT pg_backend_pid()").fetchone() != (raw.info.backend_pid,):
            raw.prepare_threshold = None  # behind a pooler: what was prepared is not there the next time
        raw.autocommit = before

    return prepare


def _refuse_server(server: Server, found: Any) -> None:
    if found.number < OLDEST:
        raise StoreError(
            f"« {server} » est un PostgreSQL {found.version} : Vigie demande la version {OLDEST // 10_000} ou une plus "
            "récente. Mettez le serveur à jour, ou choisissez-en un autre (VIGIE_DATABASE)."
        )
    if found.encoding != "UTF8":
        raise StoreError(
            f"« {server} » n’écrit pas en UTF-8 (server_encoding : {found.encoding}) : des titres s’y perdraient. "
            "Créez la base ainsi : CREATE DATABASE vigie ENCODING 'UTF8' TEMPLATE template0."
        )
    if found.home is None:
        raise _without_rights(server)
    if found.hidden:
        raise StoreError(
            f"« {server} » peut cacher des lignes à ce rôle (row level security, table « {found.hidden} ») : Vigie n’y "
            "trouverait rien à faire, et n’en saurait rien. Ôtez-la (ALTER TABLE … DISABLE ROW LEVEL SECURITY) ou "
            "exemptez le rôle (ALTER ROLE … BYPASSRLS)."
        )


def _others(server: Server, connection: Connection, newest: int) -> bool:
    """Raise StoreError if the base is another program's, or of a version after `newest`. False if it is ours."""
    found = version(connection)
    tables = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace"
    ).scalar_one()
    if found is None or (found == 0 and tables):
        raise StoreError(
            f"« {server} » contient déjà les tables d’un autre programme. Donnez à Vigie une base à elle "
            "(CREATE DATABASE vigie), ou un schéma à elle."
        )
    if found == 0 and (home := connection.execute(_ELSEWHERE).scalar()):
        raise StoreError(
            f"« {server} » contient déjà une base de Vigie, dans le schéma « {home} » que search_path ne montre pas. "
            "Rétablissez search_path ; à une seconde Vigie, donnez une base à elle (CREATE DATABASE)."
        )
    if found > newest:
        raise StoreError(
            f"« {server} » vient d’une version plus récente de Vigie (base n° {found}, "
            f"ce programme connaît la n° {newest}). Mettez Vigie à jour, ou choisissez une autre base (VIGIE_DATABASE)."
        )
    return False


def _refuse_manned(server: Server, connection: Connection, newest: int) -> None:
    """The tables are not changed under the hands of who works with them."""
    if machines := older(connection, newest):
        raise StoreError(
            f"« {server} » : une version plus ancienne de Vigie y travaille ({', '.join(machines)}). Lancez "
            "« vigie run » de celle-ci, à qui elle laissera la place, ou arrêtez l’ancienne.",
            passing=True,
        )


def _newer(server: Server) -> Superseded:
    return Superseded(f"« {server} » est à une version plus récente de Vigie : mettez celle-ci à jour.")


def _read_only(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » est en lecture seule (une copie de secours ?). Vigie attend qu’on puisse y écrire, "
        "ou donnez l’adresse du serveur principal (VIGIE_DATABASE).",
        passing=True,
    )


def _primary(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » est le serveur principal, et l’adresse demande une copie de secours : ôtez-en "
        "« target_session_attrs », Vigie doit écrire (VIGIE_DATABASE)."
    )


def _without_rights(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » : ce rôle n’a pas les droits qu’il faut. Faites-le propriétaire de la base "
        "(ALTER DATABASE … OWNER TO …), ou donnez-lui USAGE et CREATE sur le schéma."
    )


def explain(server: Server, error: psycopg.Error, cause: Exception) -> NoReturn:
    """Raise what the operator can act upon as a StoreError, anything else (a bug) as it came."""
    state = error.sqlstate or ""
    if not state and isinstance(error, psycopg.OperationalError):
        raise _unreached(server, str(error)) from cause
    if state in _UNKEPT or (not state and isinstance(error, psycopg.DataError)):
        raise _unkept(server, error) from cause
    for states, told in _MEANT:
        if state.startswith(states):
            raise told(server) from cause
    if state.startswith(_AMISS):
        raise StoreError(
            f"« {server} » n’a pas, ou n’a plus, tout ce que Vigie y met, et cela seul ({error.diag.message_primary}). "
            "Arrêtez Vigie et voyez le journal du serveur, puis restaurez une sauvegarde (pg_restore)."
        ) from cause
    raise cause


def _unreached(server: Server, said: str) -> StoreError:
    """A server that can't be talked to: libpq gives no code for it, only words, in the server's own language."""
    words = _NAMED.sub("", said.casefold().replace("’", "'"))
    for hints, told in _HINTS:
        if any(each in words for each in hints):
            return told(server)
    if "does not exist" in words or "n'existe pas" in words:
        return _refused(server) if "role" in words or "rôle" in words else _no_base(server)
    return _silent(server)


def _unkept(server: Server, error: psycopg.Error) -> StoreError:
    return StoreError(
        f"« {server} » ne peut garder ce qui est venu ({error.diag.message_primary or 'U+0000'}) : une valeur y est "
        "trop longue ou trop grande. Rien n’en est écrit."
    )


def _silent(server: Server) -> StoreError:
    return StoreError(
        f"Le serveur de « {server} » ne répond pas. Vérifiez-le, son adresse et le réseau : rien n’est perdu.",
        passing=True,
    )


def _busy(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » est occupée par un autre programme. Attendez qu’il finisse, ou arrêtez-le.", passing=True
    )


def _cut(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » a mis fin à une transaction trop longue (machine figée, ou délai du serveur trop court) : rien "
        "n’en est écrit, Vigie recommence.",
        passing=True,
    )


def _full(server: Server) -> StoreError:
    return StoreError(
        f"Plus de place sur le disque de « {server} ». Libérez de l’espace : rien n’est perdu.", passing=True
    )


def _misspelt(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » n’est pas une adresse que PostgreSQL comprend : écrivez postgresql://nom@hôte/base, "
        "un signe « % » du mot de passe « %25 », et voyez les options après « ? » (VIGIE_DATABASE)."
    )


def _without_tls(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » : la connexion chiffrée ne s’établit pas comme demandé. Vérifiez sslmode et sslrootcert dans "
        "VIGIE_DATABASE, et ssl dans la configuration du serveur."
    )


def _crowded(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » n’a plus de connexion libre. Fermez-en, ou permettez-en davantage (max_connections, CONNECTION "
        "LIMIT) : rien n’est perdu.",
        passing=True,
    )


def _refused(server: Server) -> StoreError:
    return StoreError(
        f"« {server} » refuse ce nom ou ce mot de passe. Vérifiez-les (VIGIE_DATABASE, PGPASSFILE), et pg_hba.conf."
    )


def _no_base(server: Server) -> StoreError:
    return StoreError(f"Le serveur de « {server} » n’a pas cette base. Créez-la : CREATE DATABASE … ENCODING 'UTF8'.")


_NAMED = re.compile(r'"[^"]*"|«[^»]*»')  # what libpq repeats of us: a base may be called « ssl »
_HINTS: tuple[tuple[tuple[str, ...], Callable[[Server], StoreError]], ...] = (
    # What libpq itself refuses comes before what it repeats of the server
    (("invalid sslmode", "invalid value", "invalid integer", "invalid target_session_attrs",
      "invalid connection option", "invalid port", "invalid channel_binding", "invalid require_auth",
      "invalid gssencmode", "invalid load_balance_hosts", "invalid ssl_", "could not parse network address",
      "could not look up local user", "missing \"=\"", "definition of service", "service file"), _misspelt),
    (("no space left on device", "aucun espace disponible"), _full),
    (("gssapi", "gssencmode", "channel binding"), _without_tls),
    (("hot standby", "session is not read-only"), _primary),
    (("permission denied for database", "droit refusé pour la base"), _without_rights),
    (("too many connections", "too many clients", "connection slots", "trop de connexions", "trop de clients",
      "no more connections allowed"), _crowded),
    (("password", "mot de passe", "pg_hba", "authentication", "authentification", "not permitted to log in",
      "pas autorisé à se connecter"), _refused),
    (("ssl", "tls", "certificat"), _without_tls),
    (("read-write", "read-only", "lecture seule"), _read_only),
)  # fmt: skip
"""Words of libpq and of servers in English and French, and what they mean."""

_MEANT: tuple[tuple[tuple[str, ...], Callable[[Server], StoreError]], ...] = (
    (("28",), _refused),
    (("3D000",), _no_base),
    (("42501",), _without_rights),
    (("25006",), _read_only),
    (("25P03", "25P04"), _cut),  # the server ends it, as it does where a machine sleeps
    (("40001", "40P01", "55P03", "57014"), _busy),
    (("53100",), _full),
    (("53300",), _crowded),
    (("58030",), _silent),
    (("08", "53", "57"), _silent),
)
"""What codes of the server mean, or classes of them: the first that fits."""

_UNKEPT = ("22003", "22021", "22P05", "54000")  # beyond 64 bits, a sign that it has not, longer than an index takes
_AMISS = (  # a table, a column, a sequence is gone or is another; somebody's trigger or condition; damage
    "42P01", "42P07", "42P10", "42703", "42704", "42710", "42804", "42809", "42883",
    "23502", "23514", "P0", "58P", "XX",
)  # fmt: skip
