"""The settings of a segmentation: each with its type and what it does, once for signatures, type checkers and doc strings."""

from __future__ import annotations

import datetime
import difflib
import inspect
import textwrap
from collections.abc import Callable, Collection, Sequence
from typing import Annotated, Any, Literal, TypedDict, TypeVar, get_args, get_origin, get_type_hints

_Function = TypeVar("_Function", bound=Callable[..., Any])


class Settings(TypedDict, total=False):
    """Keywords of :func:`tribus.segment`, :func:`tribus.evidence` and :func:`tribus.read`; the recipe's own where not given."""

    features: Annotated[
        str | Sequence[str] | None,
        "Columns to cluster on; ``Mnt*`` stands for all columns of numbers whose name begins so.",
    ]
    value: Annotated[
        str | Literal[False] | None,
        "Column that says what a customer is worth (segment 1 is the one with the highest mean); False for none.",
    ]
    id: Annotated[str | None, "Column that names the customer."]
    as_of: Annotated[
        str | datetime.date | None,
        "Reference date of ages and days since; the latest date in the data where not given.",
    ]
    transform: Annotated[
        Literal["auto", "none", "log", "log1p", "yeo-johnson"] | None, "How features are transformed before scaling."
    ]
    scale: Annotated[Literal["standard", "robust", "minmax", "none"] | None, "How features are scaled."]
    limits: Annotated[Literal["auto", "none"] | None, "Whether far outliers are limited, for the distance only."]
    weights: Annotated[Literal["equal", "balanced"] | None, "How features share the distance."]
    max_segments: Annotated[
        int | None, "The most segments where customers have no natural groups; 8 where not given."
    ]
    quick: Annotated[
        bool,
        "Choose the number by elbow, silhouette and a few resamples alone: several times faster on thousands of customers, "
        "somewhat faster on a million.",
    ]
    strict: Annotated[bool, "Refuse missing cells instead of repairing them."]
    seed: Annotated[int | None, "Seed of all draws; 0 where not given."]
    delimiter: Annotated[
        str | None, "Character between fields of a file, or ``tab``; found from it where not given, as are the next three."
    ]
    encoding: Annotated[str | None, "Encoding of a file by its usual name."]
    decimal: Annotated[Literal[".", ","] | None, "Sign before decimals."]
    date_order: Annotated[Literal["ymd", "dmy", "mdy"] | None, "Order of year, month and day in dates."]
    header: Annotated[
        bool | int | None, "Rows of the header, whose names are joined; False for none. Columns are then ``column 1``, ..."
    ]
    skip_rows: Annotated[int | None, "Lines of a file above its header."]
    skip_footer: Annotated[int | None, "Lines of a file below its last row."]
    totals: Annotated[
        Literal["drop", "keep"] | None, "What happens to a row that is the sum of the others; dropped where not given."
    ]
    quote: Annotated[str | None, "Character that encloses fields, or ``none``."]
    escape: Annotated[str | None, "Character before a quote within a field; a quote is doubled where not given."]
    comment: Annotated[str | None, "Character that begins lines to skip."]
    null_values: Annotated[str | Sequence[str] | None, "Words that stand for no value, beside NA, null, - and the like."]
    keep_default_nulls: Annotated[bool | None, "Whether words such as NA, null or - stand for no value."]
    max_rejects: Annotated[
        int | str | None,
        "Rows and cells that may not fit: a number, or a share such as ``0.5%``; 0.1 % of the rows, at most 100, where not given.",
    ]
    sheet: Annotated[str | None, "Sheet of a workbook."]
    dates: Annotated[str | Sequence[str] | None, "Columns that must hold dates, beside those of the recipe."]


def takes_settings(function: _Function) -> _Function:
    """Gives a function of ``**settings`` the signature and the doc string that name each of them.

    They stand before its other keywords, and in the doc string where ``{settings}`` is.
    """
    signature = inspect.signature(function)
    own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    keyword_only = [each for each in own if each.kind is inspect.Parameter.KEYWORD_ONLY]
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=_default(kind), annotation=kind)
        for name, kind in get_type_hints(Settings).items()
    ]
    parameters = [*own[: len(own) - len(keyword_only)], *shared, *keyword_only]
    shown: Any = function
    shown.__signature__ = signature.replace(parameters=parameters)
    if function.__doc__ is not None:
        shown.__doc__ = function.__doc__.replace("    {settings}\n", textwrap.indent(_described(), "    "))
    return function


def check_known(function: str, settings: Collection[str]) -> None:
    """Refuses what is none of the settings, as Python refuses an unknown keyword, with the nearest one there is."""
    for name in settings:
        if name not in Settings.__annotations__:
            nearest = difflib.get_close_matches(name, Settings.__annotations__, n=1)
            hint = f". Did you mean {nearest[0]!r}?" if nearest else ""
            raise TypeError(f"{function}() got an unexpected keyword argument {name!r}{hint}")


def _default(kind: Any) -> bool | None:
    return False if kind is bool else None


def _described() -> str:
    """The settings as a doc string lists parameters."""
    lines = []
    for name, annotated in get_type_hints(Settings, include_extras=True).items():
        kind, words = get_args(annotated)
        lines.append(f"{name} : {_in_words(kind)}, default={_default(kind)}")
        lines += textwrap.wrap(words, 116, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines) + "\n"


def _in_words(kind: Any) -> str:
    """A type as doc strings write it: ``str or list of str``, ``{'equal', 'balanced'}``."""
    parts = [part for part in get_args(kind) if part is not type(None)]
    if get_origin(kind) is Literal and parts == [False]:
        return "False"
    if get_origin(kind) is Literal:
        return "{" + ", ".join(map(repr, parts)) + "}"
    if get_origin(kind) is Sequence:
        return f"list of {_in_words(parts[0])}"
    return " or ".join(map(_in_words, parts)) if parts else str(kind.__name__)
