"""Long work runs without the interpreter's lock, and Ctrl-C ends it."""

from __future__ import annotations

import os
import signal
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
