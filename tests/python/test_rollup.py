"""Purchases rolled up as SQL that was written apart says, and the same from file and frame."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest

import tribus
from conftest import data_folder

ORDERS = """customer_id,order_id,order_date,product,quantity,unit_price
a,1,2024-01-05 10:00:00,x,1,10.00
a,2,2024-02-05 11:30:00,y,2,10.00
a,2,2024-02-05 11:30:00,z,1,5.00
b,3,2024-02-10 09:00:00,x,1,10.00
b,4,2024-03-10 09:00:00,x,-1,10.00
,5,2024-03-11 09:00:00,x,1,7.50
c,6,2024-03-20 09:00:00,x,1,7.50
c,6,2024-03-20 09:00:00,x,1,7.50
"""

ONLINE_RETAIL = """
WITH lines AS (
    SELECT *, CAST("Quantity" * CAST("UnitPrice" AS DECIMAL(18, 3)) AS DECIMAL(18, 3)) AS amount
    FROM read_csv('{path}', types = {{'InvoiceNo': 'VARCHAR', 'StockCode': 'VARCHAR', 'CustomerID': 'VARCHAR'}})
    WHERE "CustomerID" IS NOT NULL
), orders AS (
    SELECT "CustomerID", "InvoiceNo", min(CAST("InvoiceDate" AS DATE)) FILTER (amount >= 0) AS day,
        coalesce(sum(amount) FILTER (amount >= 0), 0) AS sold, coalesce(-sum(amount) FILTER (amount < 0), 0) AS returned,
        count(*) FILTER (amount >= 0) > 0 AS is_sale
    FROM lines GROUP BY ALL
), days AS (
    SELECT DISTINCT "CustomerID", day FROM orders WHERE is_sale AND NOT (returned > 0 AND returned >= sold)
), gaps AS (
    SELECT "CustomerID", day - lag(day) OVER (PARTITION BY "CustomerID" ORDER BY day) AS gap FROM days
)
SELECT "CustomerID" AS customer_id,
    (SELECT count(*) FROM orders o WHERE o."CustomerID" = l."CustomerID" AND is_sale
        AND NOT (returned > 0 AND returned >= sold)) AS order_count,
    sum(amount) AS revenue_after_returns,
    DATE '2011-12-09' - (SELECT max(day) FROM days d WHERE d."CustomerID" = l."CustomerID") AS recency_days,
    DATE '2011-12-09' - (SELECT min(day) FROM days d WHERE d."CustomerID" = l."CustomerID") AS tenure_days,
    (SELECT median(gap) FROM gaps g WHERE g."CustomerID" = l."CustomerID") AS gap_median_days,
    (SELECT stddev_samp(gap) / avg(gap) FROM gaps g WHERE g."CustomerID" = l."CustomerID" HAVING count(gap) > 1)
        AS gap_variability,
    count(DISTINCT "StockCode") FILTER (amount >= 0) AS product_count,
    coalesce(sum(amount) FILTER (CAST("InvoiceDate" AS DATE) > DATE '2011-12-09' - 90), 0) AS revenue_last_90_days
FROM lines l GROUP BY "CustomerID"
"""


@pytest.fixture(scope="module")
def online_retail():
    path = data_folder() / "OnlineRetail_full.csv.gz"
    if not path.exists():
        pytest.skip(f"{path.name} is not there")
    return path


def records(frame) -> dict[str, dict]:
    return {row["customer_id"]: row for row in frame.to_dict("records")}


def test_a_file_a_frame_and_the_program_say_the_same(tmp_path):
    pandas = pytest.importorskip("pandas")
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    customers, account = tribus.rollup(path)
    assert list(customers.customer_id) == ["a", "b", "c"]
    assert list(customers.revenue_after_returns) == [35.0, 0.0, 15.0]
    assert account["money"]["file"] == 57.5
    assert account["money"]["set_aside"] == [{"reason": "no_customer", "lines": 1, "money": 7.5}]
    frame = pandas.read_csv(path, dtype={"customer_id": "string", "order_id": "string"}, parse_dates=["order_date"])
    frame.index = range(100, 108)
    again, _ = tribus.rollup(frame)
    pandas.testing.assert_frame_equal(again, customers)
    table = tmp_path / "customers.csv"
    command = [sys.executable, "-m", "tribus", "rollup", path, "-o", table]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "8 lines = 7 used + 1 set aside" in done.stderr
    read = pandas.read_csv(table, dtype={"customer_id": str})
    assert list(read.revenue_after_returns) == [35.0, 0.0, 15.0]


def test_settings_are_those_of_a_recipe(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS)
    customers, account = tribus.rollup(path, purchases={"copies": "drop", "returns": "ignore"})
    assert list(customers.revenue_after_returns) == [35.0, 10.0, 7.5]
    assert {aside["reason"] for aside in account["money"]["set_aside"]} == {"no_customer", "copy", "return"}
    with pytest.raises(tribus.PurchasesError, match="customers already"):
        tribus.rollup(tribus.demo())
    with pytest.raises(tribus.UnknownColumnError, match="custmer"):
        tribus.rollup(path, purchases={"customer": "custmer"})


def test_online_retail_is_as_sql_says(online_retail):
    duckdb = pytest.importorskip("duckdb")
    cursor = duckdb.execute(ONLINE_RETAIL.format(path=online_retail))
    names = [column[0] for column in cursor.description]
    expected = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    customers, account = tribus.rollup(online_retail)
    found = records(customers)
    assert found.keys() == expected.keys()
    for customer, wanted in expected.items():
        for column, value in wanted.items():
            own = found[customer][column]
            if value is None:
                assert own != own, (customer, column)
            elif column != "customer_id":
                assert own == pytest.approx(float(value), rel=1e-9, abs=1e-6), (customer, column)
    money = account["money"]
    assert money["used"] == float(sum((row["revenue_after_returns"] for row in expected.values()), Decimal(0)))
    assert round(money["used"] + sum(aside["money"] for aside in money["set_aside"]), 2) == round(money["file"], 2)


@pytest.mark.parametrize(
    ("purchases", "customers", "revenue"),
    [
        ({}, 4_372, 8_300_065.814),
        ({"returns": "ignore"}, 4_339, 8_911_407.904),
        ({"returns": "ignore", "drop": [{"where": "UnitPrice <= 0", "because": "free"}]}, 4_338, 8_911_407.904),
        ({"returns": "ignore", "copies": "drop"}, 4_339, 8_887_208.894),
    ],
)
def test_online_retail_has_the_figures_of_the_literature(online_retail, purchases, customers, revenue):
    table, account = tribus.rollup(online_retail, purchases=purchases)
    assert len(table) == customers
    assert account["money"]["used"] == revenue
