"""What an estimator is built on: scikit-learn's own classes where it is installed, small ones that do the same where not."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from tribus._errors import ConvergenceWarning, EngineError, NotFittedError, ParameterError
from tribus._matrix import DTYPES, as_matrix, names_of, refuse_missing, turned

try:
    import sklearn
    from sklearn.base import (
        BaseEstimator,
        ClassNamePrefixFeaturesOutMixin,
        ClusterMixin,
        TransformerMixin,
    )
    from sklearn.exceptions import ConvergenceWarning as _ConvergenceWarning
    from sklearn.utils import assert_all_finite
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

    HAS_SKLEARN = True
except ImportError:
    HAS_SKLEARN = False
    _ConvergenceWarning = ConvergenceWarning


# Type checkers see the class below, which has no need of scikit-learn; the methods are the same.
if HAS_SKLEARN and not TYPE_CHECKING:

    class Estimator(ClassNamePrefixFeaturesOutMixin, TransformerMixin, ClusterMixin, BaseEstimator):
        """The base of the estimators: scikit-learn's."""

        def __sklearn_tags__(self) -> Any:
            tags = super().__sklearn_tags__()
            tags.input_tags.sparse = True
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
            return tags

        def _checked(self, X: Any, *, reset: bool) -> np.ndarray:
            matrix = turned(X)
            if matrix is not None:
                # Names and number of columns are all that is left to look at.
                validate_data(self, X, reset=reset, skip_check_array=True)
                return matrix
            X = validate_data(
                self,
                X,
                accept_sparse="csr",
                dtype=DTYPES,
                order="C",
                accept_large_sparse=False,
                ensure_all_finite=False,
                reset=reset,
            )
            return X if isinstance(X, np.ndarray) else X.toarray(order="C")

        def _refuse_missing(self, X: np.ndarray) -> None:
            assert_all_finite(X, estimator_name=type(self).__name__, input_name="X")

        def _check_fitted(self) -> None:
            check_is_fitted(self)

else:

    class Estimator:
        """The base of the estimators where scikit-learn is not installed: parameters, feature names, output."""

        n_features_in_: int
        feature_names_in_: np.ndarray

        @classmethod
        def _get_param_names(cls) -> list[str]:
            signature = inspect.signature(cls.__init__)
            return sorted(name for name in signature.parameters if name != "self")

        def get_params(self, deep: bool = True) -> dict[str, Any]:
            """Get the parameters of this estimator."""
            return {name: getattr(self, name) for name in self._get_param_names()}

        def set_params(self, **params: Any) -> Estimator:
            """Set the parameters of this estimator."""
            known = self._get_param_names()
            for name, value in params.items():
                if name not in known:
                    raise ParameterError(
                        f"Invalid parameter {name!r} for estimator {self}. Valid parameters are: {known!r}."
                    )
                setattr(self, name, value)
            return self

        def __repr__(self) -> str:
            defaults = inspect.signature(type(self).__init__).parameters
            changed = [
                f"{name}={value!r}"
                for name, value in self.get_params().items()
                if not _same(value, defaults[name].default)
            ]
            return f"{type(self).__name__}({', '.join(changed)})"

        def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
            """Get the names of the columns of ``transform``."""
            self._check_fitted()
            prefix = type(self).__name__.lower()
            return np.asarray([f"{prefix}{at}" for at in range(self._n_features_out)], dtype=object)

        def set_output(self, *, transform: str | None = None) -> Estimator:
            """Set what ``transform`` returns: "default", "pandas" or "polars"."""
            if transform is None:
                return self
            if transform not in ("default", "pandas", "polars"):
                raise ParameterError(f"output {transform!r} is none of default, pandas, polars")
            self._output = transform
            return self

        @property
        def _n_features_out(self) -> int:
            raise NotImplementedError

        def _checked(self, X: Any, *, reset: bool) -> np.ndarray:
            names = names_of(X)
            data = as_matrix(X)
            if reset:
                self.n_features_in_ = data.shape[1]
                if names is not None:
                    self.feature_names_in_ = names
                elif hasattr(self, "feature_names_in_"):
                    del self.feature_names_in_
            elif data.shape[1] != self.n_features_in_:
                raise EngineError(
                    f"X has {data.shape[1]} features, but {type(self).__name__} is expecting "
                    f"{self.n_features_in_} features as input."
                )
            elif names is not None and not np.array_equal(names, getattr(self, "feature_names_in_", names)):
                raise EngineError(
                    "The feature names should match those that were passed during fit.",
                    f"give these columns, in this order: {', '.join(self.feature_names_in_)}",
                )
            return data

        def _refuse_missing(self, X: np.ndarray) -> None:
            refuse_missing(X)

        def _check_fitted(self) -> None:
            if not hasattr(self, "cluster_centers_"):
                raise NotFittedError(
                    f"This {type(self).__name__} instance is not fitted yet. Call 'fit' with appropriate "
                    "arguments before using this estimator."
                )


def wrapped(estimator: Any, X: Any, values: np.ndarray) -> Any:
    """Values in the container that ``set_output`` asked for; scikit-learn does this itself where it is there."""
    output = getattr(estimator, "_output", "default")
    if HAS_SKLEARN or output == "default":
        return values
    names = list(estimator.get_feature_names_out())
    if output == "pandas":
        import pandas

        return pandas.DataFrame(values, columns=names, index=getattr(X, "index", None))
    import polars

    return polars.DataFrame(values, schema=names)


def as_weights(sample_weight: Any, X: np.ndarray) -> np.ndarray | None:
    """Weights as float64, one per row; None where every row counts alike."""
    if sample_weight is None:
        return None
    if HAS_SKLEARN and not TYPE_CHECKING:
        weights = _check_sample_weight(sample_weight, X, dtype=np.float64)
    else:
        weights = np.asarray(sample_weight, dtype=np.float64)
        if weights.ndim == 0:
            weights = np.full(X.shape[0], float(weights))
        if weights.shape != (X.shape[0],):
            raise EngineError(
                f"sample_weight.shape == {weights.shape}, expected {(X.shape[0],)}!"
            )
    return np.ascontiguousarray(weights, dtype=np.float64)


def as_seed(random_state: Any) -> int:
    """The seed of the engine's draws: 0 for None, so that a fit without one is reproducible, too."""
    if random_state is None:
        return 0
    if isinstance(random_state, (int, np.integer)):
        return int(random_state)
    return int(random_state.randint(np.iinfo(np.int32).max))


def warn_of_few(distinct: int, n_clusters: int) -> None:
    """Says that rows do not differ enough, as scikit-learn does."""
    warnings.warn(
        f"Number of distinct clusters ({distinct}) found smaller than n_clusters ({n_clusters}). "
        "Possibly due to duplicate points in X.",
        _ConvergenceWarning,
        stacklevel=3,
    )


def _same(a: Any, b: Any) -> bool:
    return a is b or (isinstance(a, (str, int, float)) and bool(a == b))
