"""Long work runs without the interpreter's lock, and Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import tribus
from tribus import KMeans

X = np.random.default_rng(0).normal(size=(200_000, 16))
LONG = KMeans(200, n_init=1000, tol=0, max_iter=10_000)


@pytest.fixture
def _listening():
    # A shell starts what runs in its background with Ctrl-C ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_listening")
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C there")
@pytest.mark.parametrize("work", ["fit", "silhouette"])
def test_ctrl_c_answers_within_a_second(work):
    sent = []

    def press():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(1.0, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        if work == "fit":
            LONG.fit(X)
        else:
            tribus.metrics.silhouette_score(X, np.arange(len(X)) % 7)
    assert time.perf_counter() - sent[0] < 1.0


def test_other_threads_go_on():
    counted = 0
    worker = threading.Thread(target=lambda: KMeans(50, n_init=3).fit(X[:50_000]))
    worker.start()
    while worker.is_alive():
        time.sleep(0.001)
        counted += 1
    worker.join()
    assert counted > 10


ALONE = """
import os
import numpy as np
from tribus import _tribus

def threads():
    return len(os.listdir("/proc/self/task"))

many = np.random.default_rng(0).normal(size=(20_000, 16))
centers, before = many[:8], threads()
for rows in (1, 10, 100, 1_000):
    few = many[:rows]
    _tribus.assign(few, centers), _tribus.distances(few, centers), _tribus.score(few, None, centers)
assert threads() == before, "few rows started a thread"
labels, distances = _tribus.assign(many, centers), _tribus.distances(many, centers)
assert threads() > before, "many rows share the pool"
for rows in (1, 10, 100, 1_000):
    assert (_tribus.assign(many[:rows], centers) == labels[:rows]).all()
    assert (_tribus.distances(many[:rows], centers) == distances[:rows]).all()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads are counted in /proc")
def test_few_rows_are_labeled_without_starting_a_thread():
    # In a process of its own, where no pool has been started yet.
    subprocess.run([sys.executable, "-c", ALONE], check=True)
