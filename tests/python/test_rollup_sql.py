"""The roll-up as SQL gives the customers that the roll-up gives, in engines that hold the same table."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

import tribus
from conftest import data_folder
from engines import by_duckdb, by_sqlite

pyarrow = pytest.importorskip("pyarrow")

EXPORTS = Path(__file__).parents[2] / "crates" / "tribus" / "tests" / "exports"
FILES = sorted(path for path in EXPORTS.iterdir() if path.suffix in {".csv", ".txt"})
# Refused, or customers already.
NO_PURCHASES = {"amazon", "mdy_ambiguous", "two_currencies", "shopify_customers"}
SETTINGS = [
    {},
    {"returns": "ignore"},
    {"returns": "separate", "frequency": "days"},
    {"copies": "drop", "windows": [30]},
]

ENGINES = {"duckdb": by_duckdb, "sqlite": by_sqlite}


def read(path):
    return pyarrow.Table.from_pandas(tribus.read(path), preserve_index=False)


def check(table, engine, purchases, what):
    customers, _ = tribus.rollup(table, purchases=purchases)
    sql = tribus.rollup_sql(table, dialect=engine, purchases=purchases)
    names, rows = ENGINES[engine](table, sql, "orders")
    found = customers.to_pylist()
    assert names == customers.column_names, what
    assert len(rows) == len(found), what
    for own, row in zip(found, rows, strict=True):
        for name, wanted in zip(names, row, strict=True):
            value = own[name]
            if isinstance(value, datetime.date):
                assert str(wanted)[:10] == value.isoformat()[:10], (what, own["customer_id"], name)
            elif isinstance(value, float) and wanted is not None:
                assert float(wanted) == pytest.approx(value, rel=1e-9, abs=1e-6), (what, own["customer_id"], name)
            else:
                assert wanted == value, (what, own["customer_id"], name)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("export", FILES, ids=lambda path: path.stem)
def test_exports_of_shops(export, engine):
    if export.stem in NO_PURCHASES:
        with pytest.raises(tribus.PurchasesError):
            tribus.rollup_sql(export, dialect=engine)
        return
    table = read(export)
    for purchases in SETTINGS:
        check(table, engine, purchases, (export.stem, purchases))


@pytest.mark.parametrize("engine", ENGINES)
def test_discounts_guests_and_rules(engine):
    table = pyarrow.table(
        {
            "order id": ["1", "1", "2", "3", "4", "5", "6", "7", "8"],
            "customer": ["a", None, "b", "0", None, "a", "b", "b", "c"],
            "email": ["A@x.org", None, "b@x.org", "g@x.org", "a@x.org", None, "B@x.org ", None, "c@x.org"],
            "order date": [datetime.date(2024, 1, day) for day in (1, 1, 2, 3, 9, 12, 20, 21, 22)],
            "product": ["x", "y", "x", "O'z", "x", "postage", "x", "y", "y"],
            "quantity": [1.0, 2.0, 1.0, 1.0, 3.0, 1.0, -1.0, 1.0, 1.0],
            "price": [10.0, 5.5, 10.0, 7.25, 10.0, 4.0, 10.0, 5.5, 5.5],
            "discount": [0.1, 0.0, 0.5, 0.0, 1.0, 0.0, 0.5, 0.25, 0.0],
            "country": ["DE", "DE", "AT", None, "DE", "AT", "AT", "CH", "CH"],
        }
    )
    parts = {"customer": "customer", "order": "order id", "date": "order date", "email": "email"}
    for purchases in SETTINGS:
        check(table, engine, {**parts, **purchases}, purchases)
    drop = [{"where": "quantity > 2", "because": "wholesale"}]
    check(table, engine, {**parts, "not_products": ["postage"], "drop": drop}, "rules")


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_that_are_returns_or_no_purchases(engine):
    table = pyarrow.table(
        {
            "event_time": [datetime.date(2024, 1, 1 + row % 28) for row in range(60)],
            "event_type": [["view", "purchase", "add_to_cart", "purchase", "refund"][row % 5] for row in range(60)],
            "user_id": [f"u{row % 12:02}" for row in range(60)],
            "price": [float(row % 7 + 1) for row in range(60)],
        }
    )
    for purchases in SETTINGS[:3]:
        check(table, engine, purchases, purchases)
    customers, account = tribus.rollup(table)
    assert account["grain"] == "event"
    assert {aside["reason"]: aside["lines"] for aside in account["money"]["set_aside"]} == {"no_purchase": 24}
    price = dict(enumerate(table["price"].to_pylist()))
    net = sum(price[row] * {1: 1, 3: 1, 4: -1}.get(row % 5, 0) for row in range(60))
    assert account["money"]["used"] == pytest.approx(net)


@pytest.mark.parametrize("engine", ENGINES)
def test_shares_hold_per_line_and_nothing_is_nothing(engine):
    lines = [(order, line) for order in range(12) for line in range(3)]
    table = pyarrow.table(
        {
            "order_id": [f"O{order}" for order, _ in lines],
            "customer_id": [f"C{order % 4}" for order, _ in lines],
            "order_date": [datetime.date(2024, 1, 1 + order) for order, _ in lines],
            "quantity": [3.0] * len(lines),
            "price": [8.2] * len(lines),
            "discount": [[0.1, 0.25, 0.0][order % 3] for order, _ in lines],
        }
    )
    for purchases in SETTINGS:
        check(table, engine, purchases, ("shares", purchases))
    # 8.2 x 3 - 24.6 is not 0 in binary fractions.
    given = [24.6 if order == 5 else [1.0, 2.0, 0.5][line] for order, line in lines]
    table = table.set_column(5, "discount", pyarrow.array(given))
    for purchases in SETTINGS:
        check(table, engine, purchases, ("money", purchases))


@pytest.mark.parametrize("engine", ENGINES)
def test_empty_text_is_missing(engine):
    table = pyarrow.table(
        {
            "order_id": [str(row) for row in range(40)],
            "customer_id": ["" if row % 9 == 0 else f"C{row % 5}" for row in range(40)],
            "order_date": [datetime.date(2024, 1, 1 + row % 28) for row in range(40)],
            "amount": [10.0 + row for row in range(40)],
        }
    )
    check(table, engine, {}, "empty text")


def test_a_named_kind_may_say_sale_in_every_row():
    table = pyarrow.table(
        {
            "order_id": [str(row) for row in range(20)],
            "customer_id": [f"C{row % 5}" for row in range(20)],
            "order_date": [datetime.date(2024, 1, 1 + row) for row in range(20)],
            "transaction_type": ["Sale"] * 20,
            "amount": [10.0 + row for row in range(20)],
        }
    )
    customers, account = tribus.rollup(table, purchases={"kind": "transaction_type"})
    assert len(customers) == 5
    assert account["money"]["set_aside"] == []


@pytest.mark.parametrize("engine", ENGINES)
def test_online_retail(engine):
    path = data_folder() / "OnlineRetail_full.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    check(read(path), engine, {}, "Online Retail")


def test_what_cannot_be_said_is_refused():
    orders = EXPORTS / "uci.csv"
    with pytest.raises(tribus.PurchasesError, match="scores"):
        tribus.rollup_sql(orders, purchases={"scores": 5})
    with pytest.raises(tribus.ParameterError, match="dialect"):
        tribus.rollup_sql(orders, dialect="oracle")


def test_every_dialect_parses():
    sql = tribus.rollup_sql(EXPORTS / "uci.csv", dialect="postgres", table="Or\"ders")
    assert 'FROM "Or""ders"' in sql
    assert 'COLLATE "C"' in sql
    sqlglot = pytest.importorskip("sqlglot")
    for dialect in ["duckdb", "postgres", "sqlite", "spark", "bigquery", "snowflake", "clickhouse"]:
        for export in ["uci.csv", "shopify.csv"]:
            sql = tribus.rollup_sql(EXPORTS / export, dialect=dialect)
            assert sqlglot.parse_one(sql, read=dialect).named_selects[0] == "customer_id", dialect
