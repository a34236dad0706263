"""How far long work has come: told to a function of the caller, or drawn as a bar that leaves nothing behind."""

from __future__ import annotations

import contextlib
import html
import importlib
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from tribus._errors import ParameterError

if TYPE_CHECKING:
    from tribus._tribus import Listener

_Method = TypeVar("_Method", bound=Callable[..., Any])

# What the keyword takes.
Progress = bool | Callable[[str, int, int], object] | None

_WORDS = """\
progress : bool or callable, default=None
    None draws a bar in a terminal or a notebook when the work takes longer than a second, and prints nothing elsewhere. True
    draws it from the start, elsewhere a line for each stage; False prints nothing. A callable is called in the caller's
    thread as ``progress(stage, done, of)``: what is being done, in words, and how many of its steps are done. An exception
    that it raises stops the work and is raised here."""

# Work that ends sooner is not worth a bar.
_PATIENCE = 1.0
_WIDTH = 24


def takes_progress(function: _Method) -> _Method:
    """Puts what ``progress`` takes where ``{progress}`` is in the doc string of a function."""
    if function.__doc__ is not None:
        before, found, after = function.__doc__.partition("{progress}")
        if found:
            margin = before[before.rindex("\n") + 1 :]
            function.__doc__ = before + _WORDS.replace("\n", "\n" + margin) + after
    return function


@contextlib.contextmanager
def listening(progress: Progress) -> Iterator[Listener | None]:
    """Who listens to work that is done within; what was drawn is gone after it."""
    if progress is None or isinstance(progress, (bool, np.bool_)):
        surface = None if progress is not None and not progress else _surface(always=bool(progress))
        if surface is None:
            yield None
            return
        bar = _Bar(surface, patience=0.0 if progress else _PATIENCE)
        try:
            yield bar
        finally:
            bar.end()
    elif callable(progress):
        yield _Function(progress)
    else:
        raise ParameterError(
            f"progress={progress!r} is neither True, False nor a function",
            "progress=print hears the stage, the steps done, and how many there are",
        )


class _Function:
    """Tells a function of the caller."""

    def __init__(self, function: Callable[[str, int, int], object]) -> None:
        self._function = function

    def hear(self, stage: str, done: int, of: int) -> None:
        self._function(stage, done, of)

    def beat(self) -> None:
        pass


class _Surface(Protocol):
    def draw(self, stage: str, done: int, of: int) -> None: ...
    def clear(self) -> None: ...


class _Bar:
    """Draws on a surface, once the work has taken longer than somebody waits without a word."""

    def __init__(self, surface: _Surface, patience: float) -> None:
        self._surface = surface
        self._from = time.monotonic() + patience
        self._step: tuple[str, int, int] | None = None
        self._is_drawn = False

    def hear(self, stage: str, done: int, of: int) -> None:
        self._step = (stage, done, of)
        if time.monotonic() >= self._from:
            self._draw(self._step)

    def beat(self) -> None:
        if self._step is not None and not self._is_drawn and time.monotonic() >= self._from:
            self._draw(self._step)

    def end(self) -> None:
        if self._is_drawn:
            # As below.
            with contextlib.suppress(OSError, ValueError):
                self._surface.clear()

    def _draw(self, step: tuple[str, int, int]) -> None:
        self._is_drawn = True
        # A stream that is closed meanwhile is no reason to end the work.
        with contextlib.suppress(OSError, ValueError):
            self._surface.draw(*step)


class _Terminal:
    """One line on standard error, drawn over and over."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._width = 0

    def draw(self, stage: str, done: int, of: int) -> None:
        filled = _WIDTH * done // max(of, 1)
        text = f"{stage} [{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{of}"
        # A line that is too long would break, and only its end would be drawn over.
        room = max(shutil.get_terminal_size().columns - 1, 0)
        if len(text) > room:
            text = f"{done}/{of} {stage}"[:room]
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def clear(self) -> None:
        self._stream.write("\r" + " " * self._width + "\r")
        self._stream.flush()


class _Lines:
    """A line for each stage that is done, where a line cannot be drawn over."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def draw(self, stage: str, done: int, of: int) -> None:
        if done == of:
            self._stream.write(f"{stage}: {done} of {of}\n")
            self._stream.flush()

    def clear(self) -> None:
        pass


class _Notebook:
    """An output of the cell that is replaced."""

    def __init__(self) -> None:
        self._handle: Any = None

    def draw(self, stage: str, done: int, of: int) -> None:
        words = f"{stage}: {done} of {of}"
        bar = f'<progress value="{done}" max="{of}" style="vertical-align:middle"></progress>'
        self._show({"text/plain": words, "text/html": f"<div>{bar} {html.escape(words)}</div>"})

    def clear(self) -> None:
        self._show({"text/plain": "", "text/html": ""})

    def _show(self, content: dict[str, str]) -> None:
        if self._handle is None:
            display = importlib.import_module("IPython.display").display
            self._handle = display(content, raw=True, display_id=True)
        else:
            self._handle.update(content, raw=True)


def _surface(always: bool) -> _Surface | None:
    """Where somebody would see a bar; standard error, whatever it is, where it is asked for."""
    if _is_notebook():
        return _Notebook()
    stream = sys.stderr
    try:
        is_terminal = stream.isatty()
    except (AttributeError, ValueError):
        # None, as in a program without a console, or closed.
        return None
    if is_terminal:
        return _Terminal(stream)
    return _Lines(stream) if always else None


def _is_notebook() -> bool:
    # Where it is not imported yet, this is no notebook.
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return hasattr(shell, "kernel")
