"""Engines that run SQL over a table of Arrow: each as a function of the table and the statement."""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.csv
import pytest

Rows = tuple[list[str], list[tuple[Any, ...]]]


def by_duckdb(table: pyarrow.Table, sql: str, name: str = "customers") -> Rows:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    connection.register(name, table)
    cursor = connection.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchall()


def by_sqlite(table: pyarrow.Table, sql: str, name: str = "customers") -> Rows:
    connection = sqlite3.connect(":memory:")
    names = ", ".join(quoted(column) for column in table.column_names)
    connection.execute(f"CREATE TABLE {quoted(name)} ({names})")
    rows = [tuple(sqlite_cell(cell) for cell in row.values()) for row in table.to_pylist()]
    connection.executemany(f"INSERT INTO {quoted(name)} VALUES ({', '.join('?' * table.num_columns)})", rows)
    cursor = connection.execute(sql)
    return [column[0] for column in cursor.description], cursor.fetchall()


def sqlite_cell(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, datetime.date) else cell


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class Postgres:
    """A server of its own, on a free port of this machine."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __call__(self, table: pyarrow.Table, sql: str, name: str = "customers") -> Rows:
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(self.address) as connection, connection.cursor() as cursor:
            columns = zip(table.column_names, table.schema.types, strict=True)
            types = ", ".join(f"{quoted(column)} {self.type_of(kind)}" for column, kind in columns)
            cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} ({types})")
            with cursor.copy(f"COPY {quoted(name)} FROM STDIN") as copy:
                for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
                    copy.write_row(row)
            cursor.execute(f"ANALYZE {quoted(name)}")
            cursor.execute(sql)
            return [column.name for column in cursor.description], cursor.fetchall()

    @staticmethod
    def type_of(kind: pyarrow.DataType) -> str:
        if pyarrow.types.is_floating(kind):
            return "double precision"
        if pyarrow.types.is_integer(kind):
            return "bigint"
        return "date" if pyarrow.types.is_date(kind) else "text"


@contextlib.contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres]:
    """Starts PostgreSQL on data of its own, or skips where it is not installed."""
    binaries = postgres_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The server refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    run(str(binaries / "initdb"), "-D", str(data), "-A", "trust", "-U", "tribus", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield Postgres(f"host=127.0.0.1 port={port} user=tribus dbname=postgres")
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


def postgres_binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextlib.contextmanager
def sail_server() -> Iterator[Any]:
    """Starts Sail, which speaks Spark's dialect and needs no Java, or skips where it is not installed."""
    pyspark = pytest.importorskip("pyspark")
    # Else it looks for one beside the program that runs the tests.
    os.environ.setdefault("SPARK_HOME", str(Path(pyspark.__file__).parent))
    sail = pytest.importorskip("pysail.spark")
    sql = pytest.importorskip("pyspark.sql")
    server = sail.SparkConnectServer(ip="127.0.0.1", port=0)
    server.start(background=True)
    _, port = server.listening_address
    session = sql.SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()

    def run(table: pyarrow.Table, statement: str, name: str = "customers") -> Rows:
        session.createDataFrame(table).createOrReplaceTempView(name)
        found = session.sql(statement).toArrow()
        return found.column_names, [tuple(row.values()) for row in found.to_pylist()]

    run.session = session  # type: ignore[attr-defined]
    try:
        yield run
    finally:
        session.stop()
        server.stop()
