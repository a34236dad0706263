"""The engines that are compared, each in a process of its own that makes one run per line it is sent."""

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
PROJECT = BENCH.parent
WORKER = BENCH / "peers" / "worker.py"
OURS = "tribus"
RUST_PEER = "linfa"
# Engine, module that it needs, package that has the module.
PYTHON_PEERS = {
    "scikit-learn": ("sklearn", "scikit-learn"),
    "scikit-learn elkan": ("sklearn", "scikit-learn"),
    "sklearnex": ("sklearnex", "scikit-learn-intelex"),
    "faiss": ("faiss", "faiss-cpu"),
    "bkmeans": ("bkmeans", "bkmeans"),
    "clostera": ("clostera", "clostera"),
    "superkmeans": ("superkmeans", "superkmeans"),
    "numpy by blocks": ("numpy", "numpy"),
}


@dataclass
class Lineup:
    """The engines that are here, and the program of those that are none of Python's."""

    programs: dict[str, Path]

    def here(self, *names):
        """Our engine and those of the named that can run here."""
        return [OURS, *(name for name in names if name in self.programs or importable(name))]

    def command(self, name):
        if name in self.programs:
            return [self.programs[name]]
        return [sys.executable, WORKER, name]


def importable(name):
    return name in PYTHON_PEERS and importlib.util.find_spec(PYTHON_PEERS[name][0]) is not None


def missing_packages():
    return sorted({package for name, (_, package) in PYTHON_PEERS.items() if not importable(name)})


def versions():
    """Package and version of every Python peer that is here."""
    packages = sorted({package for name, (_, package) in PYTHON_PEERS.items() if importable(name)})
    return {package: importlib.metadata.version(package) for package in packages}


def build(package, folder):
    """The release build of a binary of ours; None if cargo cannot build it."""
    print(f"building {package} ...", file=sys.stderr)
    command = ["cargo", "build", "--release", "--locked", "--package", package, "--message-format=json"]
    built = subprocess.run(command, check=False, cwd=folder, stdout=subprocess.PIPE, text=True)
    for line in built.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["target"]["name"] == package:
            return Path(message["executable"])
    return None


@dataclass
class Engine:
    """One engine at work, and what its measured runs gave."""

    name: str
    process: subprocess.Popen
    messages: object
    runs: list[dict] = field(default_factory=list)
    peak_mb: float = float("nan")

    @classmethod
    def start(cls, name, command):
        pipe = subprocess.PIPE
        messages = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        command = [str(part) for part in command]
        return cls(name, subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=messages, text=True), messages)

    def run(self, seed):
        """One run; None if the engine gave up."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(f"{seed}\n")
            self.process.stdin.flush()
        line = self.process.stdout.readline()
        return json.loads(line) if line else None

    def forget_peak(self):
        """From here on the kernel's peak memory is that of the runs, without that of loading."""
        with contextlib.suppress(OSError):
            Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def stop(self):
        self.peak_mb = peak_mb(self.process.pid)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()

    def last_words(self):
        self.messages.seek(0)
        lines = self.messages.read().decode(errors="replace").strip().splitlines()
        # A backtrace may follow the error of a Rust program; it leads to that of a Python program.
        errors = [line for line in lines if line.startswith("Error:")]
        return (errors or lines or [f"no message, exit status {self.process.returncode}"])[-1]

    @property
    def seconds(self):
        return [run["seconds"] for run in self.runs]

    @property
    def median(self):
        return statistics.median(self.seconds)


def peak_mb(pid):
    """Peak resident memory of a process that still runs, in MB; not a number where there is no /proc."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6
    return float("nan")


def in_turn(plans, rounds, warm_up=True):
    """Runs all engines A B C A B C ..., each with a seed for the round; those that fail are left out.

    `plans` has a command for each engine. The warm-up is one run of each that is not counted.
    """
    engines = [Engine.start(name, command) for name, command in plans.items()]
    for seed in range(0 if warm_up else 1, rounds + 1):
        for engine in list(engines):
            progress(f"{engine.name}, run {seed} of {rounds}" if seed else f"{engine.name}, warm-up")
            result = engine.run(seed)
            if result is None:
                engine.stop()
                engines.remove(engine)
                progress("")
                print(f"left out: {engine.name} failed ({engine.last_words()})")
            elif seed:
                engine.runs.append(result)
            else:
                engine.forget_peak()
    progress("")
    for engine in engines:
        engine.stop()
    return engines


def progress(text):
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)


def ours_of(engines):
    """Our engine, without which there is nothing to compare."""
    if not engines or engines[0].name != OURS:
        sys.exit(f"{OURS} failed; nothing to compare with")
    return engines[0]


def load():
    return os.getloadavg()[0]


def busy():
    """Whether more work than one engine's takes the cores: engines with several threads then suffer unequally."""
    return load() > os.cpu_count() + 1
