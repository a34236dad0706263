"""Whoever waits hears how far the work is, and can stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import tribus

RECIPE = "marketing-campaign"
STAGES = ["comparing numbers of segments", "testing them on resampled customers"]
# Work of a moment, to be finished with a comma and more, and a bracket.
COLUMNS = '{"spend": [at * at % 97 for at in range(400)], "visits": [at * 7 % 31 for at in range(400)]}'
EXAMPLE = f'tribus.segment({COLUMNS}, k="4-6"'


def long_work(progress=None):
    """Tens of seconds of it."""
    rows = np.random.default_rng(0).normal(size=(200_000, 8))
    return tribus.segment({f"column {at}": rows[:, at] for at in range(8)}, k="2-30", progress=progress)


def check_steps(steps, stages):
    """Stages come in order, each with counts that rise to the last."""
    assert list(dict.fromkeys(stage for stage, _, _ in steps)) == stages
    for stage in stages:
        counts = [done for at, done, _ in steps if at == stage]
        assert counts == sorted(set(counts)) and len(counts) > 1
        assert {of for at, _, of in steps if at == stage} == {counts[-1]}


@pytest.mark.parametrize("work", ["segment", "evidence", "with_k"])
def test_a_callable_hears_stages_in_order_and_counts_that_rise(customers, work):
    some = customers.head(600)
    steps, threads = [], set()

    def hear(stage, done, of):
        steps.append((stage, done, of))
        threads.add(threading.get_ident())

    if work == "segment":
        made = tribus.segment(some, recipe=RECIPE, k="4-6", progress=hear)
        assert made.to_json() == tribus.segment(some, recipe=RECIPE, k="4-6", progress=False).to_json()
    elif work == "evidence":
        tribus.evidence(some, recipe=RECIPE, k="4-6", progress=hear)
    else:
        tribus.segment(some, recipe=RECIPE, k=5, quick=True).with_k(4, progress=hear)
    # What is quick is not tested.
    check_steps(steps, STAGES[:1] if work == "with_k" else STAGES)
    assert threads == {threading.get_ident()}


def test_an_exception_in_the_callable_stops():
    class Enough(Exception):
        pass

    heard = []

    def hear(stage, done, of):
        heard.append(time.perf_counter())
        if done == 1:
            raise Enough("no more")

    with pytest.raises(Enough, match="no more"):
        long_work(hear)
    assert time.perf_counter() - heard[-1] < 1.0
    count = len(heard)
    time.sleep(0.5)
    assert len(heard) == count


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C there")
@pytest.mark.parametrize("progress", [False, lambda stage, done, of: None], ids=["unheard", "heard"])
def test_ctrl_c_stops_a_long_fit(progress):
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sent = []

    def press():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(1.5, press)
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            long_work(progress)
        assert time.perf_counter() - sent[0] < 1.0
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)


def test_what_is_no_callable_is_refused_before_any_work():
    with pytest.raises(tribus.ParameterError, match="progress=3 is neither"):
        tribus.segment("no-such-file.csv", progress=3)


def run(code, **streams):
    return subprocess.run([sys.executable, "-c", f"import tribus\n{code}"], check=True, **streams)


@pytest.mark.parametrize("progress", ["None", "False"])
def test_nothing_is_printed_where_standard_error_is_no_terminal(progress):
    impatient = "import tribus._progress\ntribus._progress._PATIENCE = 0\n"
    done = run(f"{impatient}{EXAMPLE}, progress={progress})", capture_output=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_a_line_for_each_stage_where_it_is_asked_for_and_no_terminal():
    done = run(f"{EXAMPLE}, progress=True)", capture_output=True, text=True)
    assert done.stdout == ""
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == STAGES


def test_nothing_to_write_on_is_no_reason_to_stop():
    for stream in ("None", "open(os.devnull)"):
        code = f"import os, sys\nsys.stderr = {stream}\nprint({EXAMPLE}, progress=True).k)"
        assert run(code, capture_output=True, text=True).stdout.strip() in {"4", "5", "6"}


def in_a_terminal(code, columns=80):
    """What is written on a terminal."""
    pty = pytest.importorskip("pty", reason="there are no terminals of one's own here")
    ours, theirs = pty.openpty()
    pieces = []

    def listen():
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:
            pass  # The other end is closed.

    listener = threading.Thread(target=listen)
    listener.start()
    run(code, stdout=subprocess.DEVNULL, stderr=theirs, env={**os.environ, "COLUMNS": str(columns)})
    os.close(theirs)
    listener.join(5)
    os.close(ours)
    return b"".join(pieces).decode()


@pytest.mark.parametrize("progress", ["None", "True"])
def test_a_bar_in_a_terminal_that_leaves_nothing_behind(progress):
    impatient = "import tribus._progress\ntribus._progress._PATIENCE = 0\n"
    drawn = in_a_terminal(f"{impatient if progress == 'None' else ''}{EXAMPLE}, progress={progress})")
    lines = drawn.split("\r")
    assert lines[1] == f"{STAGES[0]} [........................] 0/3"
    assert any(line.startswith(STAGES[1]) for line in lines)
    assert max(map(len, lines)) < 80 and "\n" not in drawn
    assert lines[-2].strip() == "" and lines[-1] == ""


def test_no_line_is_longer_than_a_narrow_terminal():
    lines = in_a_terminal(f"{EXAMPLE}, progress=True)", columns=20).split("\r")
    assert lines[1] == "0/3 comparing numbe"
    assert max(map(len, lines)) < 20


@pytest.mark.parametrize(
    ("patience", "progress"), [("1e9", "None"), ("0", "False"), ("0", "lambda *step: None")]
)
def test_a_terminal_stays_empty_where_work_is_short_or_no_bar_is_wanted(patience, progress):
    code = f"import tribus._progress\ntribus._progress._PATIENCE = {patience}\n"
    assert in_a_terminal(f"{code}{EXAMPLE}, progress={progress})") == ""


def test_a_bar_is_gone_when_work_fails():
    code = """
        import tribus._progress
        tribus._progress._PATIENCE = 0
        try:
            with tribus._progress.listening(None) as listener:
                listener.hear("working", 1, 2)
                raise KeyError
        except KeyError:
            pass
    """
    lines = in_a_terminal(textwrap.dedent(code)).split("\r")
    assert lines[1] == "working [############............] 1/2"
    assert lines[-2].strip() == "" and lines[-1] == ""


def test_a_stage_that_takes_long_is_drawn_before_its_next_step(monkeypatch):
    from tribus import _progress

    drawn = []

    class Surface:
        def draw(self, *step):
            drawn.append(step)

    now = 0.0
    monkeypatch.setattr(_progress.time, "monotonic", lambda: now)
    bar = _progress._Bar(Surface(), patience=1.0)
    bar.beat()
    bar.hear("working", 0, 2)
    assert drawn == []
    now = 1.5
    bar.beat()
    bar.beat()
    assert drawn == [("working", 0, 2)]


def test_a_notebook_shows_a_bar_and_keeps_none(tmp_path, monkeypatch):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    v4 = nbformat.v4
    cells = [v4.new_code_cell(f"import tribus\n{EXAMPLE}, progress=True).k"), v4.new_code_cell("1 + 1")]
    notebook = v4.new_notebook(cells=cells)
    heard = []

    class Client(nbclient.NotebookClient):
        def process_message(self, msg, cell, cell_index):
            if msg["msg_type"] in ("display_data", "update_display_data"):
                heard.append(msg["content"]["data"])
            return super().process_message(msg, cell, cell_index)

    Client(notebook, timeout=60, kernel_name="python3").execute()
    assert [output["output_type"] for output in cells[0].outputs] == ["display_data", "execute_result"]
    assert cells[0].outputs[0]["data"] == {"text/plain": "", "text/html": ""}
    assert [data["text/plain"] for data in heard][0] == f"{STAGES[0]}: 0 of 3"
    assert all("<progress" in data["text/html"] for data in heard[:-1])
