"""Runs scikit-learn's own tests of K-Means on `tribus.KMeans`: a pytest plugin, used by test_sklearn_own.py.

Only tests are counted in which a KMeans of ours was made: the rest of that file is about mini-batches and functions of
scikit-learn's own.
"""

from __future__ import annotations

import json
import os

import pytest
import sklearn.cluster
import sklearn.cluster._kmeans

import tribus

_made = 0
_outcomes: dict[str, str] = {}


class KMeans(tribus.KMeans):
    """Ours, counted."""

    def __init__(
        self,
        n_clusters=8,
        *,
        init="k-means++",
        n_init="auto",
        max_iter=300,
        tol=1e-4,
        verbose=0,
        random_state=None,
        copy_x=True,
        algorithm="lloyd",
    ):
        global _made
        _made += 1
        super().__init__(
            n_clusters,
            init=init,
            n_init=n_init,
            max_iter=max_iter,
            tol=tol,
            verbose=verbose,
            random_state=random_state,
            copy_x=copy_x,
            algorithm=algorithm,
        )


sklearn.cluster.KMeans = sklearn.cluster._kmeans.KMeans = KMeans


@pytest.fixture
def global_random_seed():
    return int(os.environ.get("SKLEARN_TESTS_GLOBAL_RANDOM_SEED", "42"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    global _made
    _made = 0
    try:
        outcome = yield
    except pytest.skip.Exception:
        raise
    except BaseException:
        _note(item, "failed")
        raise
    _note(item, "passed")
    return outcome


def _note(item, outcome):
    if _made:
        _outcomes[item.nodeid.partition("::")[2]] = outcome


def pytest_sessionfinish():
    with open(os.environ["TRIBUS_SHIM_OUTCOMES"], "w", encoding="utf-8") as file:
        json.dump(_outcomes, file)
