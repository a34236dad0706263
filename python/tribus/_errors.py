"""What can go wrong, each error with the way out."""

from __future__ import annotations


class Error(Exception):
    """What went wrong, and the way out.

    Parameters
    ----------
    message : str
        What happened, with the value.
    hint : str or None, default=None
        What to do about it, where that is known.

    Attributes
    ----------
    message : str
    hint : str or None
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nhint: {self.hint}"


class EngineError(Error, ValueError):
    """Numbers that K-Means cannot take: not finite, too few rows, the wrong columns."""


class ParameterError(EngineError, TypeError):
    """A parameter of the wrong type or out of range."""


class NotFittedError(Error, ValueError, AttributeError):
    """An estimator that was not fitted yet. Where scikit-learn is installed, its own class is raised."""


class ReadError(Error, ValueError):
    """A file or frame that is no table of customers."""


class UnknownColumnError(Error, ValueError):
    """A column that is not there."""


class RecipeError(Error, ValueError):
    """A recipe or a setting that cannot be used."""


class PurchasesError(Error, ValueError):
    """Purchases that cannot be rolled up to customers."""


class PlanError(Error, ValueError):
    """Columns from which nothing to segment on can be found."""


class PipelineError(Error, ValueError):
    """Rows or columns that the recipe cannot be applied to."""


class EvidenceError(Error, ValueError):
    """Numbers of segments that cannot be compared."""


class SegmentationError(Error, ValueError):
    """A segmentation that cannot be loaded or used."""


class ExportError(Error, OSError):
    """Results that cannot be written."""


class ConvergenceWarning(UserWarning):
    """Fewer distinct rows than clusters. Where scikit-learn is installed, its own class is used."""
