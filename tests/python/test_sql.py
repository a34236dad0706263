"""The segmentation as SQL gives the segments of ``assign``, in engines and for rows of every kind."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.csv
import pytest
from conftest import data_folder
from engines import by_duckdb, by_sqlite, postgres_server, sail_server

import tribus

COLUMNS = ["id", "segment", "segment_name", "second_segment", "confidence", "distance"]
DIALECTS = ["duckdb", "postgres", "sqlite", "spark", "bigquery", "snowflake", "clickhouse"]

# Every stored rule: replaced values, rows set aside, gaps of each kind, derived columns over derived ones, dates, categories that
# differ in case only, names that need quotes, all transforms, limits.
RECIPE: dict[str, Any] = {
    "input": {"id": "customer", "as_of": "2024-06-30"},
    "clean": {
        "replace": {"degree": {"doctor": "PhD", "unknown": ""}, "visits": {"-1": ""}},
        "drop": [
            {"where": "income > 900000 OR degree = 'tes''t'", "because": "tests\nand mistakes"},
            {"where": "visits > 300", "because": "robots"},
        ],
        "missing": "median",
        "columns": {"visits": {"missing": "drop"}, "degree": {"missing": "most frequent"}},
    },
    "derive": {
        "days": "DATE '2024-06-30' - joined",
        "per visit": '"Total spend (€)" / visits',
        "is_rich": "income > 60000",
        "shared": '"per visit" * is_rich + LENGTH(TRIM(LOWER(degree)))',
    },
    "encode": {"degree": {"prefix": "degree"}},
    "segment": {
        "features": [
            "income", "Total spend (€)", "visits", "balance", "days", "per visit", "is_rich", "shared",
            "degree_PhD", "degree_phd", "degree_Master",
        ],
        "transform": {"Total spend (€)": "log1p", "balance": "yeo-johnson", "visits": "log", "per visit": "log1p"},
        "evidence": "quick",
        "k": 5,
    },
}  # fmt: skip


def customers(rows: int, seed: int, new: bool = False) -> pyarrow.Table:
    """Customers with gaps; new ones have unknown categories, far values and values that no distance can hold, too."""
    draw = np.random.default_rng(seed)
    kind = draw.integers(0, 5, rows)
    income = draw.normal(20_000 + 15_000 * kind, 4_000).round(2)
    spend = np.exp(draw.normal(2 + kind / 2, 0.8)).round(2)
    visits = draw.poisson(3 + 4 * kind).astype(float) + 1
    balance = draw.normal(200 * (kind - 2), 150).round(1)
    joined = [datetime.date(2024, 6, 30) - datetime.timedelta(days=int(days)) for days in draw.gamma(2, 200 + 50 * kind)]
    degrees = np.array(["PhD", "phd", "Master", "doctor", "unknown", "Bachelor"], dtype=object)
    degree = degrees[draw.integers(0, 6, rows)]
    if new:
        degree[draw.random(rows) < 0.05] = "Baccalauréat {{ 'x' }}"
        degree[draw.random(rows) < 0.02] = "tes't"
        income[draw.random(rows) < 0.01] = 1e7
        spend[draw.random(rows) < 0.02] = -0.5
        spend[draw.random(rows) < 0.02] = -3
        balance[draw.random(rows) < 0.01] = 1e150
        visits[draw.random(rows) < 0.02] = -1
        visits[draw.random(rows) < 0.01] = 1000
    gaps = lambda values: [None if gap else value for gap, value in zip(draw.random(rows) < 0.06, values, strict=True)]  # noqa: E731
    return pyarrow.table(
        {
            "customer": [f"C{row}" for row in range(rows)],
            "income": gaps(income.tolist()),
            "Total spend (€)": gaps(spend.tolist()),
            "visits": gaps(visits.tolist()),
            "balance": gaps(balance.tolist()),
            "joined": pyarrow.array(gaps(joined), pyarrow.date32()),
            "degree": gaps(degree.tolist()),
        }
    )


@pytest.fixture(scope="session")
def made() -> tribus.Segmentation:
    made = tribus.segment(customers(2_000, 1), recipe=RECIPE)
    made.name(2, "It's {{ the }} \"second\"")
    return made


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("postgres")
    for parent in [folder, *folder.parents]:
        if parent.owner() != "root" or parent == Path("/tmp"):
            break
        parent.chmod(0o755)
    with postgres_server(folder) as server:
        yield server


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    with sail_server() as server:
        yield server


@pytest.fixture(params=["duckdb", "sqlite", "postgres", "spark"])
def engine(request: pytest.FixtureRequest) -> tuple[str, Any]:
    if request.param in ("postgres", "spark"):
        return request.param, request.getfixturevalue(request.param)
    return request.param, {"duckdb": by_duckdb, "sqlite": by_sqlite}[request.param]


def check(made: tribus.Segmentation, table: pyarrow.Table, engine: tuple[str, Any], **options: Any) -> int:
    """Compares every row; how many are left to the engine's last digits."""
    dialect, run = engine
    how = {key: value for key, value in options.items() if key == "as_of"}
    own = made.assign(table, allow_duplicates=True, **how)
    own = pyarrow.table(own) if not isinstance(own, pyarrow.Table) else own
    names, rows = run(table, made.to_sql(dialect, **options))
    assert names == COLUMNS
    assert len(rows) == table.num_rows
    by_id = {str(row[0]): row for row in rows}
    close = 0
    for wanted in own.select(COLUMNS).to_pylist():
        _, segment, name, second, confidence, distance = by_id[str(wanted["id"])]
        if wanted["confidence"] is not None and wanted["confidence"] < 1e-9:
            close += 1
            continue
        assert segment == wanted["segment"], wanted
        assert name == wanted["segment_name"], wanted
        assert near(distance, wanted["distance"]), wanted
        assert near(confidence, wanted["confidence"]), wanted
        assert second == wanted["second_segment"], wanted
    return close


def near(found: float | None, wanted: float | None) -> bool:
    return found is wanted if found is None or wanted is None else found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_new_customers_of_every_kind(made: tribus.Segmentation, engine: tuple[str, Any]) -> None:
    table = customers(1_500, 2, new=True)
    assert check(made, table, engine, as_of="2024-06-30") <= 1
    placed = pyarrow.table(made.assign(table)).column("segment")
    assert 0 < placed.null_count < 300, "some are set aside"
    assert len(placed.drop_null().unique()) == made.k


def test_the_day_that_days_are_counted_to_is_found(made: tribus.Segmentation, engine: tuple[str, Any]) -> None:
    table = customers(400, 3)
    at = table.column_names.index("joined")
    for latest in ["2024-09-09", "2022-01-01"]:
        joined = [datetime.date.fromisoformat(latest) - datetime.timedelta(days=3 * row) for row in range(400)]
        # Two dates that have not happened, far behind all others.
        joined[7] = datetime.date(2099, 12, 31)
        joined[8] = datetime.date(2031, 1, 1)
        check(made, table.set_column(at, "joined", pyarrow.array(joined, pyarrow.date32())), engine)
    check(made, table, engine, as_of="2025-01-01")


def test_gaps_of_every_kind(engine: tuple[str, Any]) -> None:
    """NaN, infinite numbers and text of blanks are gaps, which a rule may replace before they are filled."""
    draw = np.random.default_rng(12)
    rows = 240
    x = draw.normal(size=rows) + 4 * (np.arange(rows) % 2)
    x[::9] = np.nan
    words = [["a", "b", "  ", "", None][row % 5] for row in range(rows)]
    table = pyarrow.table({"customer": [f"C{row}" for row in range(rows)], "x": x, "y": draw.normal(size=rows), "word": words})
    recipe = {
        "input": {"id": "customer"},
        "clean": {"replace": {"x": {"": "7"}}, "drop": [{"where": "word IS NULL AND y > 0", "because": "nameless"}]},
        "encode": {"word": {"prefix": "word"}},
        "segment": {"features": ["x", "y", "word_a"], "k": 4},
    }
    check(tribus.segment(table, recipe=recipe), table, engine)


def test_a_row_that_is_set_aside_breaks_nothing(engine: tuple[str, Any]) -> None:
    draw = np.random.default_rng(13)
    x = draw.gamma(1, 3, 200)
    table = pyarrow.table({"customer": [f"C{row}" for row in range(200)], "x": 100 - x, "y": draw.normal(size=200)})
    recipe = {
        "input": {"id": "customer"},
        "clean": {"drop": [{"where": "x > 1e100", "because": "a word for none"}]},
        "derive": {"square": "x * x * x"},
        "segment": {"features": ["x", "y", "square"], "transform": {"x": "yeo-johnson"}, "limits": "none", "k": 3},
    }
    made = tribus.segment(table, recipe=recipe)
    far = [1.7e308, 1e150, -1e150] + ([] if engine[0] == "postgres" else [1e60, -1e60])
    new = pyarrow.table({"customer": [f"N{row}" for row in range(len(far))], "x": far, "y": [0.0] * len(far)})
    check(made, pyarrow.concat_tables([table, new.slice(0, 2)]), engine)


@pytest.mark.parametrize("name", ["typed", "customers", "Days", "a table"])
def test_a_table_may_be_called_as_a_step_is(made: tribus.Segmentation, engine: tuple[str, Any], name: str) -> None:
    dialect, run = engine
    if dialect == "spark" and " " in name:
        pytest.skip("a view of Spark has no blank in its name")
    _, rows = run(customers(50, 14), made.to_sql(dialect, table=f'"{name}"'), name)
    assert len(rows) == 50


def test_ties_go_to_the_lowest_segment(engine: tuple[str, Any]) -> None:
    x = np.repeat([0.0, 4.0, 8.0, 12.0], 10)
    table = pyarrow.table({"customer": np.arange(40.0), "x": x})
    recipe = {"input": {"id": "customer"}, "segment": {"features": ["x"], "scale": "none", "k": 4}}
    made = tribus.segment(table, recipe=recipe)
    new = pyarrow.table({"customer": np.arange(5.0), "x": [2.0, 6.0, 10.0, 0.0, 12.0]})
    own = pyarrow.table(made.assign(new)).select(COLUMNS).to_pydict()
    _, rows = engine[1](new, made.to_sql(engine[0]))
    assert [row[1] for row in sorted(rows)] == own["segment"]
    assert [row[3] for row in sorted(rows)] == own["second_segment"]
    assert [row[4] for row in sorted(rows)] == own["confidence"]


def test_one_segment(engine: tuple[str, Any]) -> None:
    table = customers(200, 5)
    recipe = {"input": {"id": "customer"}, "segment": {"features": ["income", "balance"], "k": 1}}
    check(tribus.segment(table, recipe=recipe), table, engine)


@pytest.mark.parametrize("name", ["ifood_df.csv", "marketing_campaign.csv", "Mall_Customers.csv", "hillstrom.csv", "Wholesale customers data.csv"])
def test_real_files(name: str, engine: tuple[str, Any]) -> None:
    folder = data_folder()
    if folder is None:
        pytest.skip("../shared/data is not there")
    frame = tribus.read(folder / name)
    table = pyarrow.Table.from_pandas(frame, preserve_index=False)
    table = table.slice(0, 5_000).append_column("line number", pyarrow.array(range(min(len(frame), 5_000)), pyarrow.int64()))
    made = tribus.segment(table, recipe={"input": {"id": "line number"}}, quick=True)
    check(made, table, engine)


@pytest.mark.parametrize("source", ["demo", "shop", "OnlineRetail_full.csv.gz"])
def test_purchases_are_rolled_up_first(source: str, engine: tuple[str, Any]) -> None:
    dialect, run = engine
    if dialect == "spark":
        pytest.skip("Sail 0.7 does not run the roll-up")
    is_large = source.endswith(".gz")
    if is_large and dialect == "sqlite":
        pytest.skip("it takes long; test_rollup_sql.py rolls this file up in SQLite")
    table = orders(source)
    made = tribus.segment(table, quick=True)
    for latest in [None] if is_large else [None, "2030-01-01"]:
        own = pyarrow.table(made.assign(table, as_of=latest)).select(COLUMNS).to_pylist()
        names, rows = run(table, made.to_sql(dialect, as_of=latest), "orders")
        assert names == COLUMNS
        by_id = {str(row[0]): row for row in rows}
        assert len(by_id) == len(rows) == len(own)
        for wanted in own:
            _, segment, name, second, confidence, distance = by_id[str(wanted["id"])]
            if wanted["confidence"] is None or wanted["confidence"] > 1e-9:
                assert (segment, name, second) == (wanted["segment"], wanted["segment_name"], wanted["second_segment"]), wanted
                assert near(distance, wanted["distance"]) and near(confidence, wanted["confidence"]), wanted


def orders(source: str) -> pyarrow.Table:
    """Orders of the demo, of a shop with refunds, states and guests, or of a real file."""
    if source == "demo":
        program = [sys.executable, "-m", "tribus", "demo", "--purchases", "--data"]
        text = subprocess.run(program, check=True, capture_output=True).stdout
        return pyarrow.csv.read_csv(pyarrow.BufferReader(text))
    if source == "shop":
        draw = np.random.default_rng(9)
        size = 3_000
        customer = (draw.pareto(1.2, size) * 40).astype(int) % 400
        return pyarrow.table(
            {
                "order id": [f"O{row // 2}" for row in range(size)],
                "customer": ["guest" if who % 37 == 0 else f"c{who}" for who in customer[np.arange(size) // 2]],
                "order date": [datetime.date(2023, 1, 1) + datetime.timedelta(days=row // 4) for row in range(size)],
                "status": [["paid", "paid", "shipped", "refunded", "cancelled"][row // 2 % 5] for row in range(size)],
                "quantity": draw.integers(1, 5, size).astype(float),
                "price": draw.gamma(2, 15, size).round(2),
            }
        )
    folder = data_folder()
    if folder is None:
        pytest.skip("../shared/data is not there")
    return pyarrow.Table.from_pandas(tribus.read(folder / source), preserve_index=False)


def test_a_frame_of_spark(made: tribus.Segmentation, spark: Any) -> None:
    from tribus import spark as on_spark

    table = customers(700, 4, new=True)
    frame = spark.session.createDataFrame(table)
    found = {}
    for partitions in [1, 2, 7]:
        rows = on_spark.assign(made, frame.repartition(partitions), as_of="2024-06-30").toArrow().to_pylist()
        found[partitions] = sorted(rows, key=lambda row: row["id"])
    assert found[1] == found[2] == found[7]
    own = pyarrow.table(made.assign(table, as_of="2024-06-30")).select(["id", "segment"]).to_pylist()
    assert [(row["id"], row["segment"]) for row in found[1]] == sorted((row["id"], row["segment"]) for row in own)
    with pytest.raises(tribus.ParameterError, match="no Spark DataFrame"):
        on_spark.assign(made, table)


def test_dialects_parse(made: tribus.Segmentation) -> None:
    pytest.importorskip("sqlglot")
    for dialect in DIALECTS:
        for as_of in [None, "2024-01-01"]:
            sql = made.to_sql(dialect, as_of=as_of)
            resolved(sql, dialect, "customers", customers(1, 1).column_names)
        shop = orders("shop")
        sql = tribus.segment(shop, quick=True).to_sql(dialect)
        resolved(sql, dialect, "orders", shop.column_names)


def resolved(sql: str, dialect: str, table: str, columns: list[str]) -> None:
    """Parses a statement and finds every name in it, as engines do that fold names without quotes."""
    from sqlglot import parse_one
    from sqlglot.optimizer.qualify import qualify

    mark = "`" if dialect in ("bigquery", "spark", "clickhouse") else '"'
    parsed = parse_one(sql, read=dialect)
    assert parsed.named_selects == COLUMNS, dialect
    known = {f"{mark}{column}{mark}": "double" for column in columns}
    source = {f"{mark}{table}{mark}": known}
    qualify(parsed, dialect=dialect, schema={"main": source} if dialect == "sqlite" else source)


def test_conditions_are_read_as_numbers() -> None:
    """Engines have conditions where files have 0 and 1."""
    draw = np.random.default_rng(3)
    flag = draw.random(300) < 0.4
    table = pyarrow.table({"customer": [f"C{row}" for row in range(300)], "x": draw.normal(size=300) + 3 * flag, "is_member": flag.astype(float)})
    recipe = {"input": {"id": "customer"}, "segment": {"features": ["x", "is_member"], "k": 3}}
    made = tribus.segment(table, recipe=recipe)
    as_conditions = table.set_column(2, "is_member", pyarrow.array(flag))
    check(made, as_conditions, ("duckdb", by_duckdb))


def test_what_is_no_dialect_and_who_has_no_id_is_refused(made: tribus.Segmentation) -> None:
    with pytest.raises(tribus.ParameterError, match="dialect"):
        made.to_sql("oracle")  # type: ignore[arg-type]
    with pytest.raises(tribus.ParameterError, match="as_of"):
        made.to_sql(as_of="soon")
    table = customers(200, 6).drop_columns(["customer", "degree", "joined"])
    nameless = tribus.segment(table, recipe={"segment": {"features": ["income", "balance"], "k": 2}})
    with pytest.raises(tribus.ParameterError, match="names the customer"):
        nameless.to_sql()
    assert 'AS id' in nameless.to_sql(id="account")


def test_dbt_builds_the_project(made: tribus.Segmentation, tmp_path: Path) -> None:
    pytest.importorskip("dbt.adapters.duckdb")
    duckdb = pytest.importorskip("duckdb")
    table = customers(500, 8, new=True)
    made.save(tmp_path / "made")
    program = [sys.executable, "-m", "tribus", "dbt", str(tmp_path / "made"), "--table", "main.customers", "-o", str(tmp_path / "dbt")]
    subprocess.run([*program, "--as-of", "2024-06-30"], check=True)
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.register("given", table)
        connection.execute("CREATE TABLE customers AS SELECT * FROM given")
    dbt = shutil.which("dbt", path=str(Path(sys.executable).parent)) or "dbt"
    environment = {**os.environ, "TRIBUS_DUCKDB": str(warehouse), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    built = subprocess.run([dbt, "--no-use-colors", "build"], cwd=tmp_path / "dbt", env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout
    assert "ERROR=0" in built.stdout and "WARN=0" in built.stdout, built.stdout
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = dict(connection.execute("SELECT id, segment FROM customer_segments").fetchall())
        names = dict(connection.execute("SELECT segment, segment_name FROM segment_names").fetchall())
    own = pyarrow.table(made.assign(table, as_of="2024-06-30"))
    assert rows == dict(zip(own["id"].to_pylist(), own["segment"].to_pylist(), strict=True))
    assert names == dict(enumerate(made.names, start=1))
