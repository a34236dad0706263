"""Parameters of estimators, checked in scikit-learn's words."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from tribus._errors import ParameterError


def refuse(estimator: Any, name: str, wanted: str, got: Any) -> ParameterError:
    return ParameterError(
        f"The {name!r} parameter of {type(estimator).__name__} must be {wanted}. Got {got!r} instead."
    )


def check_count(estimator: Any, name: str) -> int:
    """A whole number from 1."""
    value = getattr(estimator, name)
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 1:
        raise refuse(estimator, name, "an int in the range [1, inf)", value)
    return int(value)


def check_tol(estimator: Any) -> float:
    value = estimator.tol
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    if not is_number or not 0 <= float(value) < float("inf"):
        raise refuse(estimator, "tol", "a float in the range [0.0, inf)", value)
    return float(value)


def check_random_state(estimator: Any) -> Any:
    value = estimator.random_state
    if value is None or isinstance(value, np.random.RandomState):
        return value
    if isinstance(value, numbers.Integral) and 0 <= int(value) < 2**32:
        return int(value)
    wanted = (
        "an int in the range [0, 4294967295], an instance of 'numpy.random.mtrand.RandomState' or None"
    )
    raise refuse(estimator, "random_state", wanted, value)


def check_choice(estimator: Any, name: str, choices: tuple[str, ...]) -> str:
    value = getattr(estimator, name)
    if not isinstance(value, str) or value not in choices:
        words = ", ".join(repr(choice) for choice in sorted(choices))
        raise refuse(estimator, name, f"a str among {{{words}}}", value)
    return value


def check_n_init(estimator: Any) -> int | None:
    """None stands for "auto"."""
    value = estimator.n_init
    if isinstance(value, str) and value == "auto":
        return None
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < 1:
        raise refuse(estimator, "n_init", "a str among {'auto'} or an int in the range [1, inf)", value)
    return int(value)


def check_init(estimator: Any) -> Any:
    value = estimator.init
    if callable(value) or (isinstance(value, str) and value in ("k-means++", "random")):
        return value
    if not isinstance(value, str) and (hasattr(value, "__array__") or isinstance(value, (list, tuple))):
        return value
    wanted = "a str among {'k-means++', 'random'}, a callable or an array-like"
    raise refuse(estimator, "init", wanted, value)
