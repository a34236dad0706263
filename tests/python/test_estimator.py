"""`tribus.KMeans` is an estimator like those of scikit-learn."""

from __future__ import annotations

import pickle
import subprocess
import sys
import warnings

import numpy as np
import pytest
import sklearn
import sklearn.cluster
from sklearn.base import clone
from sklearn.datasets import make_blobs
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import tribus
from tribus import BisectingKMeans, KMeans, MiniBatchKMeans


@pytest.mark.filterwarnings("ignore:Number of distinct clusters:sklearn.exceptions.ConvergenceWarning")
@parametrize_with_checks([KMeans(), BisectingKMeans(), MiniBatchKMeans()])
def test_scikit_learn_checks(estimator, check):
    """Every check, among them that weights are the same as repeated rows."""
    check(estimator)


@pytest.fixture(scope="module")
def X():
    return make_blobs(600, 5, centers=6, cluster_std=2.0, random_state=3)[0]


def test_given_centroids_give_what_scikit_learn_gives(X):
    settings = {"n_clusters": 6, "init": X[:6], "n_init": 1, "tol": 0}
    theirs, ours = sklearn.cluster.KMeans(**settings).fit(X), KMeans(**settings).fit(X)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    np.testing.assert_allclose(ours.cluster_centers_, theirs.cluster_centers_, rtol=1e-12)
    assert ours.inertia_ == pytest.approx(theirs.inertia_, rel=1e-12)
    assert ours.n_iter_ == theirs.n_iter_
    np.testing.assert_allclose(ours.transform(X), theirs.transform(X), rtol=1e-9)
    assert ours.score(X) == pytest.approx(theirs.score(X), rel=1e-12)


def test_the_own_search_is_no_worse_than_ten_starts(X):
    for k in (2, 5, 8, 12):
        theirs = sklearn.cluster.KMeans(k, n_init=10, random_state=0).fit(X).inertia_
        assert KMeans(k).fit(X).inertia_ <= theirs * (1 + 1e-9), k


def test_no_seed_is_a_seed(X):
    first, second, other = KMeans(6).fit(X), KMeans(6).fit(X), KMeans(6, random_state=0).fit(X)
    for fit in (second, other):
        assert first.cluster_centers_.tobytes() == fit.cluster_centers_.tobytes()


def test_the_order_of_rows_decides_nothing(X):
    order = np.random.default_rng(0).permutation(len(X))
    there, here = KMeans(6).fit(X), KMeans(6).fit(X[order])
    assert there.cluster_centers_.tobytes() == here.cluster_centers_.tobytes()
    np.testing.assert_array_equal(there.labels_[order], here.labels_)


def test_single_precision_stays(X):
    fit = KMeans(6).fit(X.astype(np.float32))
    assert fit.cluster_centers_.dtype == np.float32
    assert fit.transform(X.astype(np.float32)).dtype == np.float32
    np.testing.assert_array_equal(fit.predict(X.astype(np.float32)), fit.labels_)


def test_clone_and_pickle(X):
    fit = KMeans(6, random_state=4).fit(X)
    assert clone(fit).get_params() == fit.get_params()
    again = pickle.loads(pickle.dumps(fit))
    np.testing.assert_array_equal(again.predict(X), fit.labels_)


def test_pipelines_and_searches(X):
    search = GridSearchCV(make_pipeline(StandardScaler(), KMeans()), {"kmeans__n_clusters": [2, 4, 6]}, cv=3)
    assert search.fit(X).best_params_ == {"kmeans__n_clusters": 6}


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_output_and_names_of_columns(X, library):
    frames = pytest.importorskip(library)
    names = [f"x{at}" for at in range(5)]
    frame = frames.DataFrame(dict(zip(names, X.T, strict=True)))
    fit = KMeans(6).set_output(transform=library).fit(frame)
    assert list(fit.feature_names_in_) == names
    distances = fit.transform(frame)
    assert isinstance(distances, frames.DataFrame)
    assert list(distances.columns) == [f"kmeans{at}" for at in range(6)]


def test_errors_say_what_and_how_to_go_on(X):
    with pytest.raises(ValueError, match="must be an int in the range"):
        KMeans(0).fit(X)
    with pytest.raises(tribus.Error, match="n_samples=3 should be >= n_clusters=8"):
        KMeans().fit(X[:3])
    with pytest.raises(ValueError, match="NaN"):
        KMeans(2).fit([[0.0, np.nan], [1.0, 2.0]])


def test_nothing_is_printed_and_nothing_warned_of(X, capfd):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        KMeans(6, verbose=1).fit(X).predict(X)
    assert capfd.readouterr() == ("", "")


WITHOUT_SKLEARN = """
import sys
sys.modules["sklearn"] = None
import numpy as np
from tribus import KMeans, NotFittedError, metrics
X = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
try:
    KMeans().predict(X)
except NotFittedError:
    pass
fit = KMeans(4).fit(X)
assert fit.cluster_centers_.dtype == np.float32
assert (fit.predict(X) == fit.labels_).all()
assert fit.fit_transform(X).shape == (300, 4)
assert list(fit.get_feature_names_out()) == ["kmeans0", "kmeans1", "kmeans2", "kmeans3"]
assert repr(fit.set_params(n_clusters=3)) == "KMeans(n_clusters=3)"
metrics.silhouette_score(X, fit.labels_)
print(fit.inertia_)
"""


def test_it_works_without_scikit_learn():
    done = subprocess.run([sys.executable, "-c", WITHOUT_SKLEARN], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    X = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    assert float(done.stdout) == KMeans(4).fit(X).inertia_


def test_the_import_is_light():
    code = "import time; t = time.perf_counter(); import tribus; print(time.perf_counter() - t)"
    code += "; import sys; assert not {'numpy', 'pandas', 'sklearn'} & set(sys.modules)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    assert min(float(run.stdout) for run in runs) < 0.2


def test_bisecting_is_a_tree_that_new_rows_go_down(X):
    fit = BisectingKMeans(6).fit(X)
    np.testing.assert_array_equal(fit.predict(X), fit.labels_)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(fit)).predict(X), fit.labels_)
    means = np.array([X[fit.labels_ == at].mean(axis=0) for at in range(6)])
    np.testing.assert_allclose(fit.cluster_centers_, means, rtol=1e-12)
    assert fit.inertia_ == pytest.approx(((X - means[fit.labels_]) ** 2).sum(), rel=1e-12)
    assert fit.inertia_ >= KMeans(6).fit(X).inertia_
    assert [tuple(step) for step in fit.tree_][0] == (0, 1, 2) and len(fit.tree_) == 5
    theirs = sklearn.cluster.BisectingKMeans(6, n_init=10, random_state=0).fit(X)
    assert fit.inertia_ <= theirs.inertia_ * 1.05


def test_batches_lead_near_the_fit_of_all_rows():
    X = make_blobs(20_000, 4, centers=5, cluster_std=1.0, random_state=1)[0]
    whole, running = KMeans(5).fit(X), MiniBatchKMeans(5, batch_size=500).fit(X)
    assert running.inertia_ <= whole.inertia_ * 1.05
    assert running.counts_.sum() == len(X) and running.n_steps_ == 40
    stream = MiniBatchKMeans(5)
    for batch in np.array_split(X, 20):
        stream.partial_fit(batch)
        stream = pickle.loads(pickle.dumps(stream))
    assert -stream.score(X) <= whole.inertia_ * 1.05
    assert stream.counts_.sum() == len(X) and stream.n_steps_ == 20
    # Within a batch the order of rows does not matter.
    one, other = (MiniBatchKMeans(5).partial_fit(rows) for rows in (X[:2000], X[:2000][::-1].copy()))
    assert one.cluster_centers_.tobytes() == other.cluster_centers_.tobytes()
    with pytest.raises(ValueError, match="n_samples=3 should be >= n_clusters=5"):
        MiniBatchKMeans(5).partial_fit(X[:3])
