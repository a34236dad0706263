"""Small tables of real customers, standardized: the sweep W1 and the searches on which the best partition is rare.

`ifood_df.csv` is the cleaned table of the iFood data analyst case, `marketing_campaign.csv` (Kaggle's "Customer
Personality Analysis") the one that it was made from. Three people born before 1910, one with an income above 200,000
and those of unknown income are left out of the second.
"""

import csv
from datetime import date
from pathlib import Path

import numpy as np

from peers.workloads import Folder, Search

SPENDING = ["MntWines", "MntFruits", "MntMeatProducts", "MntFishProducts", "MntSweetProducts", "MntGoldProds"]
PURCHASES = ["NumDealsPurchases", "NumWebPurchases", "NumCatalogPurchases", "NumStorePurchases"]
HOUSEHOLD = ["Income", "Kidhome", "Teenhome", "Recency"]
ANSWERS = ["AcceptedCmp3", "AcceptedCmp4", "AcceptedCmp5", "AcceptedCmp1", "AcceptedCmp2", "Complain"]
COUNTED = [*HOUSEHOLD, *SPENDING, *PURCHASES, "NumWebVisitsMonth"]
TOTALS = ["Age", "Customer_Days", "MntTotal", "AcceptedCmpOverall"]
LIFE = [*HOUSEHOLD, *TOTALS, *PURCHASES]
MONEY = ["Income", *SPENDING]
NOT_FEATURES = {"Z_CostContact", "Z_Revenue", "Response"}
ODD_STATUS = {"Alone": "Single", "Absurd": "Single", "YOLO": "Single"}
LAST_DAY = date(2014, 6, 29)
CLUSTERS = 5
SEEDS = 20

# Lowest inertia seen at k = 5, of thousands of starts and of moves beyond Lloyd's algorithm.
BEST = {
    "ifood A": 54408.565616, "ifood B": 14251.192372, "ifood C": 5724.801481, "ifood D": 7569.242210,
    "campaign A": 54391.671179, "campaign B": 14532.538036, "campaign C": 5884.997570, "campaign D": 7743.502149,
}  # fmt: skip


def sweep_tables(folder: Folder, ifood: Path) -> dict[str, Path]:
    """The tables of W1: the 15 counted columns, and all 37 that are not constant."""
    columns = ifood_columns(ifood)
    varying = [name for name, values in columns.items() if values.std() > 0]
    tables = {"W1-15 (real)": COUNTED, "W1-37 (real)": varying}
    return {name: folder.keep(name.split(" ")[0] + "-real", standard(columns, names)) for name, names in tables.items()}


def searches(folder: Folder, ifood: Path | None, campaign: Path | None) -> dict[str, Search]:
    """A to D on either file: all columns, way of life, money alone, money and age."""
    found = {}
    if ifood:
        columns = ifood_columns(ifood)
        found |= kept(folder, "ifood", columns, [name for name in columns if name not in NOT_FEATURES])
    if campaign:
        columns = campaign_columns(campaign)
        flags = [name for name in columns if name.startswith(("Education_", "Marital_Status_"))]
        found |= kept(folder, "campaign", columns, [*COUNTED, *ANSWERS, *TOTALS, *flags])
    return found


def kept(folder, source, columns, everything):
    sets = {"A": everything, "B": LIFE, "C": MONEY, "D": [*MONEY, "Age"]}
    found = {}
    for letter, names in sets.items():
        values = standard(columns, names)
        folder.keep(f"{source}-{letter}", values)
        mean = float(np.abs(values).mean())
        found[f"{source} {letter}"] = Search(f"{source}-{letter}", CLUSTERS, SEEDS, BEST[f"{source} {letter}"], mean)
    return found


def standard(columns, names):
    values = np.column_stack([columns[name] for name in names])
    return (values - values.mean(0)) / values.std(0)


def read(path, delimiter):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def ifood_columns(path):
    rows = read(path, ",")
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def campaign_columns(path):
    rows = read(path, "\t")
    rows = [row for row in rows if row["Income"] and float(row["Income"]) < 200_000 and int(row["Year_Birth"]) >= 1910]
    columns = {name: np.array([float(row[name]) for row in rows]) for name in [*COUNTED, *ANSWERS]}
    columns["Age"] = np.array([2014.0 - int(row["Year_Birth"]) for row in rows])
    columns["Customer_Days"] = np.array([float((LAST_DAY - joined(row)).days) for row in rows])
    columns["MntTotal"] = sum(columns[name] for name in SPENDING)
    columns["AcceptedCmpOverall"] = sum(columns[f"AcceptedCmp{number}"] for number in range(1, 6))
    return columns | one_hot(rows, "Education", {}) | one_hot(rows, "Marital_Status", ODD_STATUS)


def joined(row):
    day, month, year = map(int, row["Dt_Customer"].split("-"))
    return date(year, month, day)


def one_hot(rows, name, renamed):
    words = [renamed.get(row[name], row[name]) for row in rows]
    return {f"{name}_{word}": np.array([float(other == word) for other in words]) for word in sorted(set(words))}
