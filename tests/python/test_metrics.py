"""`tribus.metrics` gives the values of `sklearn.metrics`."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import sklearn.metrics
from sklearn.datasets import make_blobs

import tribus.metrics

X, LABELS = make_blobs(500, 4, centers=5, cluster_std=2.5, random_state=1)
NAMES = [name for name in tribus.metrics.__all__ if hasattr(sklearn.metrics, name)]


def test_all_have_their_like():
    assert sorted(NAMES) == sorted(tribus.metrics.__all__)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(str), LABELS.astype(float)], ids=["int", "text", "float"])
def test_values(name, labels):
    ours, theirs = getattr(tribus.metrics, name), getattr(sklearn.metrics, name)
    np.testing.assert_allclose(ours(X, labels), theirs(X, labels), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_parameters(name):
    ours, theirs = (inspect.signature(getattr(module, name)) for module in (tribus.metrics, sklearn.metrics))
    assert list(ours.parameters) == list(theirs.parameters)


def test_a_sample_is_the_same_sample():
    settings = {"sample_size": 200, "random_state": 7}
    ours, theirs = (m.silhouette_score(X, LABELS, **settings) for m in (tribus.metrics, sklearn.metrics))
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_errors():
    with pytest.raises(ValueError, match="Number of labels is 1"):
        tribus.metrics.silhouette_score(X, np.zeros(len(X)))
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        tribus.metrics.davies_bouldin_score(X, LABELS[:-1])
    with pytest.raises(tribus.Error) as raised:
        tribus.metrics.silhouette_samples(X, LABELS, metric="cosine")
    assert raised.value.hint
