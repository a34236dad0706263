"""What a user writes, for type checkers; nothing runs it."""

from __future__ import annotations

import datetime

import numpy as np

import tribus
from tribus import KMeans

segmentation = tribus.segment("customers.csv", recipe="rfm", k="2-8", features=["Income", "Mnt*"], quick=True)
k: int = segmentation.k
names: list[str] = segmentation.names
for profile in segmentation.profiles:
    advice: str = profile.advice
    value: float | None = profile.value
used: int = segmentation.ledger.used
sentence: str = segmentation.evidence.why
svg: str = segmentation.charts["map"].svg
page: str = segmentation.to_html()
other: tribus.Segmentation = segmentation.with_k(k + 1)
segmentation.save("customers-segments", force=True)
frame = tribus.load("customers-segments").assign("new-customers.csv")
audience: tribus.Audience = segmentation.audience("customers.csv", [1, "Loyal"], platform="google", holdout="10%")
written: int = audience.account["written"]

X = np.zeros((10, 2), dtype=np.float32)
estimator: KMeans = KMeans(n_clusters=2, n_init="auto").fit(X)
labels: np.ndarray = estimator.predict(X)
inertia: float = estimator.inertia_
silhouette: float = tribus.metrics.silhouette_score(X, labels)


def hear(stage: str, done: int, of: int) -> None:
    print(f"{stage}: {done} of {of}")


tribus.segment("customers.csv", k=np.int64(3), as_of=datetime.date(2024, 1, 31), scale="robust", progress=hear)
tribus.segment("customers.csv", progress=print).with_k(4, progress=False)
tribus.read("customers.csv", delimiter="tab", decimal=",", date_order="dmy", skip_rows=2, dates=["Joined"])
try:
    tribus.evidence("customers.csv", "rfm", "2-8", weights="balanced", seed=1, progress=True)
except tribus.Error as error:
    hint: str | None = error.hint
