"""The classic segmentation notebook as one process: what an analyst runs today.

Read, clean and scale ifood_df.csv, K-Means and silhouette for k = 2..11, the final fit with k = 5, two tables and
six pictures. Prints one JSON object: rows, and the inertia of the final fit.

    python notebook_baseline.py ifood_df.csv OUTPUT_FOLDER
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.preprocessing import StandardScaler

FEATURES = [
    "Income",
    "MntWines",
    "MntFruits",
    "MntMeatProducts",
    "MntFishProducts",
    "MntSweetProducts",
    "MntGoldProds",
    "Age",
]
FINAL_K = 5
SEED = 42


def read_and_clean(source):
    customers = pd.read_csv(source).dropna()
    customers = customers[customers["MntRegularProds"] >= 0]
    return customers.drop(columns=["Z_CostContact", "Z_Revenue"])


def fit(scaled, k):
    model = KMeans(n_clusters=k, random_state=SEED, n_init=10)
    return model, model.fit_predict(scaled)


def save(folder, name, title):
    plt.title(title)
    plt.tight_layout()
    plt.savefig(folder / f"{name}.png", dpi=100)
    plt.close()


def draw(folder, customers, scaled, profile, ks, inertias, silhouettes):
    plt.figure(figsize=(8, 5))
    plt.plot(ks, inertias, marker="o")
    save(folder, "1_elbow", "Elbow")
    plt.figure(figsize=(8, 5))
    plt.plot(ks, silhouettes, marker="o")
    save(folder, "2_silhouette", "Silhouette")
    plane = PCA(n_components=2, random_state=SEED).fit_transform(scaled)
    plt.figure(figsize=(8, 5))
    sns.scatterplot(x=plane[:, 0], y=plane[:, 1], hue=customers["Cluster"], palette="tab10", s=30)
    save(folder, "3_map", "Customers on two components")
    plt.figure(figsize=(8, 5))
    sns.countplot(x="Cluster", data=customers)
    save(folder, "4_sizes", "Segment sizes")
    plt.figure(figsize=(10, 8))
    sns.heatmap(profile[FEATURES].T, annot=True, fmt=".1f", cmap="coolwarm")
    save(folder, "5_profile", "Profile")
    plt.figure(figsize=(8, 5))
    sns.boxplot(x="Cluster", y="Income", data=customers)
    save(folder, "6_income", "Income by segment")


def main(source, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    customers = read_and_clean(source)
    scaled = StandardScaler().fit_transform(customers[FEATURES])
    ks = list(range(2, 12))
    inertias, silhouettes = [], []
    for k in ks:
        model, labels = fit(scaled, k)
        inertias.append(model.inertia_)
        silhouettes.append(silhouette_score(scaled, labels))
    model, labels = fit(scaled, FINAL_K)
    customers["Cluster"] = labels
    profile = customers.groupby("Cluster").mean(numeric_only=True)
    profile.to_csv(folder / "profile.csv")
    customers.to_csv(folder / "segmented.csv", index=False)
    draw(folder, customers, scaled, profile, ks, inertias, silhouettes)
    print(json.dumps({"rows": len(customers), "inertia": model.inertia_}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
