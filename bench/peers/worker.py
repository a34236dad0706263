"""One peer in one process: loads an array, then makes one run per line of standard input, as `tribus-bench` does.

    python3 worker.py PEER fixed X.npy START.npy ITERATIONS
    python3 worker.py PEER search X.npy K STARTS          the line is the seed
    python3 worker.py PEER sweep X.npy FROM TO STARTS     the line is the seed
    python3 worker.py PEER silhouette X.npy LABELS.npy

Timed is what a caller waits for; loading and imports are not.
"""

import json
import sys
import time
import warnings

import numpy as np

# As many as scikit-learn makes by default.
MOST_ITERATIONS = 300


def sklearn_fixed(values, start, iterations, algorithm):
    from sklearn.cluster import KMeans

    def run(_):
        fit = KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=0, algorithm=algorithm).fit(values)
        return {"centroids": fit.cluster_centers_, "iterations": int(fit.n_iter_)}

    return run


def faiss_fixed(values, start, iterations):
    import faiss

    values, start = values.astype(np.float32), start.astype(np.float32)

    def run(_):
        # All points, where the default is 256 of them for each centroid.
        settings = {"niter": iterations, "max_points_per_centroid": len(values), "min_points_per_centroid": 1}
        kmeans = faiss.Kmeans(values.shape[1], len(start), **settings)
        kmeans.train(values, init_centroids=start)
        # The other engines give labels; here they take a pass of their own.
        kmeans.index.search(values, 1)
        return {"centroids": kmeans.centroids, "iterations": len(kmeans.obj)}

    return run


def fixed(peer, data, start, iterations):
    values, start, iterations = np.load(data), np.load(start), int(iterations)
    if peer == "faiss":
        return faiss_fixed(values, start, iterations)
    return sklearn_fixed(values, start, iterations, "elkan" if peer == "scikit-learn elkan" else "lloyd")


def search(peer, data, clusters, starts):
    values, clusters, starts = np.load(data), int(clusters), int(starts)
    if peer in SINGLE_SEARCHES:
        return SINGLE_SEARCHES[peer](values.astype(np.float32), clusters, starts)
    if peer == "bkmeans":
        from bkmeans import BKMeans as KMeans

        # Its breathing depth, 5 by default, may not exceed the number of clusters.
        settings = {"m": min(5, clusters)}
    else:
        from sklearn.cluster import KMeans

        settings = {"n_init": starts}

    def run(seed):
        fit = KMeans(n_clusters=clusters, random_state=seed, **settings).fit(values)
        return {"centroids": fit.cluster_centers_}

    return run


def clostera_search(values, clusters, starts):
    from clostera import DenseKMeans

    # Its default of 20 iterations ends before it has converged.
    settings = {"k": clusters, "nredo": starts, "iterations": MOST_ITERATIONS, "early_stopping": True}

    def run(seed):
        return {"centroids": DenseKMeans(seed=seed, **settings).fit(values).cluster_centers_}

    return run


def superkmeans_search(values, clusters, _):
    from superkmeans import SuperKMeans

    # All points, where the default is a sample of 256 for each centroid.
    settings = {"sampling_fraction": 1.0, "max_points_per_cluster": len(values), "iters": MOST_ITERATIONS}

    def run(seed):
        kmeans = SuperKMeans(clusters, values.shape[1], hierarchical=False, seed=seed, **settings)
        centroids = kmeans.train(values)
        # The other engines give labels; here they take a pass of their own.
        kmeans.assign(values, centroids)
        return {"centroids": centroids}

    return run


# Engines of single precision that cannot be given centroids.
SINGLE_SEARCHES = {"clostera": clostera_search, "superkmeans": superkmeans_search}


def sweep(_, data, first, last, starts):
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    values = np.load(data)

    def run(seed):
        centroids, silhouettes = [], []
        for clusters in range(int(first), int(last) + 1):
            fit = KMeans(clusters, n_init=int(starts), random_state=seed).fit(values)
            centroids.append(fit.cluster_centers_)
            silhouettes.append(float(silhouette_score(values, fit.labels_)))
        return {"centroids": centroids, "silhouettes": silhouettes}

    return run


def silhouette(peer, data, labels):
    values, labels = np.load(data), np.load(labels)
    if peer == "numpy by blocks":
        return lambda _: {"silhouette": silhouette_by_blocks(values, labels)}
    from sklearn.metrics import silhouette_score

    return lambda _: {"silhouette": float(silhouette_score(values, labels))}


def silhouette_by_blocks(values, labels, rows_at_once=1024):
    """The silhouette by products of matrices, block by block: what one can write by hand in NumPy."""
    members = np.eye(labels.max() + 1)[labels]
    sizes, norms = members.sum(0), (values * values).sum(1)
    total = 0.0
    for start in range(0, len(values), rows_at_once):
        here = slice(start, start + rows_at_once)
        squares = norms[here, None] + norms - 2 * values[here] @ values.T
        own, at = labels[here], np.arange(len(labels[here]))
        # Rounding leaves the distance of a point from itself above or below 0.
        squares[at, start + at] = 0
        sums = np.sqrt(np.maximum(squares, 0)) @ members
        within = sums[at, own] / np.maximum(sizes[own] - 1, 1)
        means = sums / sizes
        means[at, own] = np.inf
        between = means.min(1)
        widths = (between - within) / np.maximum(between, within)
        total += np.where(sizes[own] > 1, widths, 0).sum()
    return float(total / len(values))


def plain(value):
    """Arrays as lists, for JSON."""
    return np.asarray(value, dtype=float).ravel().tolist()


def main():
    peer, mode, *arguments = sys.argv[1:]
    warnings.filterwarnings("ignore")
    if peer == "sklearnex":
        from sklearnex import patch_sklearn

        patch_sklearn(verbose=False)
    modes = {"fixed": fixed, "search": search, "sweep": sweep, "silhouette": silhouette}
    run = modes[mode](peer, *arguments)
    for line in sys.stdin:
        start = time.perf_counter()
        result = run(int(line))
        result["seconds"] = time.perf_counter() - start
        if "centroids" in result:
            several = isinstance(result["centroids"], list)
            result["centroids"] = [plain(one) for one in result["centroids"]] if several else plain(result["centroids"])
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
