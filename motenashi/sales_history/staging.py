"""Tables of files inside DuckDB: lines typed, checked and counted, names turned into codes, columns handed out.

A line that can't be true keeps the reason in its column `why` and goes no further. Reasons are named
`<table>.<reason>`; left_out_words.py says them in a person's words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from motenashi.sales_history.history import NEVER
from motenashi.sales_history.organisation import UnreadableRecords
from motenashi.sales_history.record_files import TABLES, Damaged, Scan, TableFiles, files_of, scan_of
from motenashi.sales_history.record_lines import mended
from motenashi.sales_history.sql_text import as_columns, case, name, select, text

# What DuckDB raises for files it can't read; anything else is a fault of ours.
_DAMAGE: Final = (Damaged, duckdb.IOException, duckdb.InvalidInputException, duckdb.ConversionException)

Columns = dict[str, Any]  # of numpy arrays; each caller knows which

# Nothing is sold before 1970 or after 2200; such times are slips of the pen.
_LAST_MOMENT: Final = 7_258_118_400
_MACRO = f"CREATE TEMP MACRO in_our_time(s) AS CASE WHEN s BETWEEN 1 AND {_LAST_MOMENT} THEN s END"


@dataclass(frozen=True)
class Plan:
    """How a table's lines become typed columns.

    `columns`: name -> SQL over the lines, which are called `line`. `why`: reason -> SQL over the columns that holds
    where a line can't be true; the first that holds counts. `key`: SQL over the line, the same in no two records;
    lines of one key and one `mark` (SQL; all there is to the line when '') are the same line again.
    """

    table: str
    columns: dict[str, str]
    why: Mapping[str, str]
    key: str
    joins: str = ""
    mark: str = ""


class Staging:
    """One DuckDB in memory, spilling into a folder of its own. Use as a context manager."""

    def __init__(self, folder: Path, *, memory: str, threads: int | None = None) -> None:
        self._folder = folder
        self._work = TemporaryDirectory(prefix="motenashi-records-")
        self._connection = duckdb.connect(
            config={"memory_limit": memory, "temp_directory": self._work.name, "preserve_insertion_order": False}
        )
        self.left_out: dict[str, int] = {}
        self.incomplete: dict[str, int] = {}
        self._connection.execute("SET TimeZone = 'UTC'")
        self._connection.execute(_MACRO)
        # DuckDB can't know how many lines a packed file has, takes them for few, and would hold all of them in memory
        # to look up each code among them instead of each line among the codes.
        self._connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
        if threads:
            self._connection.execute(f"SET threads = {threads}")

    def __enter__(self) -> Staging:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._work.cleanup()

    def stage(self, plan: Plan) -> None:
        """Make the table, and count what is left out."""
        files = files_of(self._folder, plan.table)
        if not files:
            self._count(self.left_out, plan.table, "no_file", 1)
        try:
            self._create(plan, files)
        except _DAMAGE:
            whole = mended(files, TABLES[plan.table], Path(self._work.name) / f"{plan.table}.jsonl.gz")
            try:
                self._create(plan, whole)
            except _DAMAGE as error:
                named = ", ".join(path.name for path in files)
                raise UnreadableRecords(f"{named}: can't be read: {str(error).splitlines()[0]}") from error
        self._find_repeated(plan.table)
        counts = select(["why", "count(*)"], plan.table, where=["why IS NOT NULL"], group="why")
        for reason, count in self.rows(counts):
            self._count(self.left_out, plan.table, reason, count)

    def _create(self, plan: Plan, files: TableFiles) -> None:
        scan = scan_of(self._connection, files) if files else Scan(_no_lines(plan.table))
        fields = ", ".join(f"line.{name(column)}" for column in TABLES[plan.table])
        more = {"same": plan.key, "mark": plan.mark or f"hash({fields})", "blank": f"coalesce({fields}) IS NULL"}
        typed = select(as_columns({**plan.columns, **more}), f"({scan.sql}) line {plan.joins}")
        whens = [("blank", "no_record"), ("same IS NULL", "no_id"), *((how, why) for why, how in plan.why.items())]
        checked = case((how, text(why)) for how, why in whens)
        self._make(plan.table, select(["*", f"{checked} AS why"], f"({typed})"))
        for column in scan.missing:
            self._count(self.incomplete, plan.table, f"no_column_{column}", 1)

    def _make(self, table: str, query: str) -> None:
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")

    def _find_repeated(self, table: str) -> None:
        """The same line again counts once. Of different records with one id nobody knows which is meant: all go."""
        twice = select(
            ["same", "count(DISTINCT mark) AS kinds", "min(rowid) AS first"],
            table,
            where=["same IS NOT NULL"],
            group="same",
            having="count(*) > 1",
        )
        self._make("twice", twice)
        why = case([("kinds > 1", text("two_with_one_id"))], text("same_line_twice"))
        repeated = f"twice.same = {table}.same AND (kinds > 1 OR {table}.rowid > twice.first)"
        self._connection.execute(" ".join(("UPDATE", table, "SET why =", why, "FROM twice WHERE", repeated)))

    def number(self, table: str) -> None:
        """Give each kept record its code, in the order of the ids: table `<table>_codes`."""
        place = "CAST(row_number() OVER (ORDER BY same) - 1 AS INTEGER) AS code"
        self._make(f"{table}_codes", select(["same AS id", place], table, where=["why IS NULL"]))

    def name_codes(self, names: str, words: Iterable[str]) -> tuple[str, ...]:
        """A table `names` (word, code) of the words in this order."""
        known = tuple(words)
        self.pairs(names, {word: code for code, word in enumerate(known)})
        return known

    def pairs(self, names: str, codes: Mapping[str, int]) -> None:
        """A table `names` (word, code) of any number of words."""
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {names} (word VARCHAR, code INTEGER)")
        rows = list(codes.items())
        for start in range(0, len(rows), 10_000):
            part = rows[start : start + 10_000]
            words, places = [word for word, _ in part], [place for _, place in part]
            into = " ".join(("INSERT INTO", names, "SELECT unnest($1), unnest($2)"))
            self._connection.execute(into, [words, places])

    def keep_only(self, table: str, columns: Iterable[str]) -> None:
        """Forget the rest of a table that is still needed."""
        self._make(table, select(columns, table))

    def words(self, *of: tuple[str, str]) -> list[str]:
        """Every different word in these columns (table, column) of kept records, in order."""
        pieces = (
            select([f"{column} AS word"], table, where=["why IS NULL", f"{column} IS NOT NULL"]) for table, column in of
        )
        return [word for (word,) in self.rows(select(["DISTINCT word"], f"({' UNION '.join(pieces)})", order="word"))]

    def note(self, table: str, facts: Mapping[str, str]) -> None:
        """Count what is not known of kept records: reason -> SQL that holds where it isn't."""
        counted = [f"count(*) FILTER (WHERE {condition})" for condition in facts.values()]
        (counts,) = self.rows(select(counted, table, where=["why IS NULL"]))
        for reason, count in zip(facts, counts, strict=True):
            self._count(self.incomplete, table, reason, count)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    def columns(self, sql: str) -> Columns:
        """Column name -> numpy array. No column may hold NULL."""
        return dict(self._connection.execute(sql).fetchnumpy())

    def forget(self, table: str) -> None:
        self._connection.execute(f"DROP TABLE {table}")

    def _count(self, into: dict[str, int], table: str, reason: str, count: int) -> None:
        if count:
            into[f"{table}.{reason}"] = into.get(f"{table}.{reason}", 0) + int(count)


def _no_lines(table: str) -> str:
    return select((f"CAST(NULL AS VARCHAR) AS {name(column)}" for column in TABLES[table]), "range(0)")


def said(column: str) -> str:
    """A line's text, NULL when it says nothing."""
    return f"nullif(line.{name(column)}, '')"


def moment(column: str) -> str:
    """Seconds since 1970; NULL for what is no time, or none that a company lives in. A time without zone is UTC."""
    return f"in_our_time(epoch_us(try_cast({said(column)} AS TIMESTAMPTZ)) // 1000000)"


def code_in(sql: str, words: Iterable[str]) -> str:
    """The place of a word among few; -1 when it is none of them."""
    whens = [(f"lower({sql}) = {text(word)}", str(place)) for place, word in enumerate(words)]
    return f"CAST({case(whens, '-1')} AS INTEGER)"


def coded(alias: str) -> str:
    return f"coalesce({alias}.code, -1)"


def ever(column: str) -> str:
    return f"coalesce({column}, CAST('{NEVER}' AS BIGINT))"
