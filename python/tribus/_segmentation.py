"""From a frame or a file to named, explained segments."""

from __future__ import annotations

import datetime
import html
import json
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tribus import _explained, _tribus
from tribus._errors import Error, ExportError, ParameterError, PurchasesError, RecipeError, SegmentationError
from tribus._explained import Campaign, Profile, Profiles
from tribus._frames import Kind, is_path, taken_in, usual
from tribus._progress import Progress, listening, takes_progress
from tribus._settings import Settings, check_known, takes_settings
from tribus._views import Audience, Chart, Charts, Evidence, Ledger, paragraph, table_html

if TYPE_CHECKING:
    # Part of typing from Python 3.11 on only; type checkers bring their own.
    from typing_extensions import Unpack

# How a recipe and a number of segments are given.
Recipe = str | os.PathLike[str] | dict[str, Any] | None
Number = int | np.integer[Any] | str | None

Dialect = Literal["duckdb", "postgres", "sqlite", "spark", "bigquery", "snowflake", "clickhouse", "ansi"]

_MODEL = "segmentation.json"

@takes_progress
@takes_settings
def segment(
    frame_or_path: Any,
    recipe: Recipe = None,
    k: Number = None,
    *,
    progress: Progress = None,
    **settings: Unpack[Settings],
) -> Segmentation:
    """Segment customers: the whole way from a frame or a file to named, explained segments.

    Parameters
    ----------
    frame_or_path : frame, path, or list of paths
        A pandas or polars frame, an Arrow table, a duckdb relation, any object with ``__arrow_c_stream__``, a dict of columns;
        or a CSV, Excel, Parquet, Arrow or JSON lines file, read exactly as the program ``tribus`` reads it.
    recipe : str, path or dict, default=None
        The name of a built-in recipe (see :func:`recipes`), a TOML file, or the same as a dict. None decides everything from
        the data.
    k : 'auto', int or str such as '2-10', default=None
        How many segments. None is the recipe's own number, and 'auto' where it has none: by the evidence.
    {settings}
    {progress}

    Returns
    -------
    segmentation : Segmentation

    Raises
    ------
    Error
        With ``hint``, the way out: :class:`ReadError`, :class:`RecipeError`, :class:`UnknownColumnError`,
        :class:`PlanError`, :class:`PipelineError`, :class:`EvidenceError`.

    Examples
    --------
    >>> import tribus
    >>> segmentation = tribus.segment(tribus.demo(), recipe="marketing-campaign", quick=True)
    >>> segmentation.k
    5
    """
    check_known("segment", settings)
    with listening(progress) as listener:
        source, kind = _source(frame_or_path, recipe, k, settings)
        made = _tribus.segment(source, listener)
    if json.loads(made.part("purchases")) is not None:
        # A row of the customers is no row of the purchases.
        kind = kind.without_index()
    return Segmentation(made, kind, _warnings(source))


@takes_progress
@takes_settings
def evidence(
    frame_or_path: Any,
    recipe: Recipe = None,
    k: Number = None,
    *,
    progress: Progress = None,
    **settings: Unpack[Settings],
) -> Evidence:
    """Say how many segments there are, and whether there are any.

    Parameters
    ----------
    frame_or_path : frame, path, or list of paths
        As for :func:`segment`.
    recipe : str, path or dict, default=None
        The name of a built-in recipe (see :func:`recipes`), a TOML file, or the same as a dict. None decides everything from
        the data.
    k : 'auto', int or str such as '2-10', default=None
        How many segments. None is the recipe's own number, and 'auto' where it has none: by the evidence.
    {settings}
    {progress}

    Returns
    -------
    evidence : Evidence
    """
    check_known("evidence", settings)
    with listening(progress) as listener:
        source, kind = _source(frame_or_path, recipe, k, settings)
        found, notes = _tribus.evidence(source, listener)
    return Evidence(json.loads(found), _warnings(source) + notes, kind.without_index())


@takes_settings
def read(path: Any, recipe: Recipe = None, *, text: bool = False, **settings: Unpack[Settings]) -> Any:
    """Read files as they are read to be segmented: dialect, types and dates found over whole columns.

    Settings that say how customers are clustered change nothing but the type of the columns they name, so that those of a call
    of :func:`segment` can be given as they are.

    Parameters
    ----------
    path : path or list of paths
        Several files become one table.
    recipe : str, path or dict, default=None
        What it says about the input counts.
    {settings}
    text : bool, default=False
        Keep every cell as it stands in the file: all columns are text, and an empty cell is the empty text.

    Returns
    -------
    frame : pandas, polars or pyarrow frame, whichever is installed first

    Warns
    -----
    UserWarning
        If rows or cells did not fit and were set aside; it names the first.
    """
    check_known("read", settings)
    source, kind = _source(path, recipe, None, settings, text=text)
    rejects = source.rejects()
    if rejects is not None:
        warnings.warn(rejects, stacklevel=2)
    return kind.made_of(source.frame())


@takes_settings
def rollup(
    frame_or_path: Any, recipe: Recipe = None, *, purchases: dict[str, Any] | None = None, **settings: Unpack[Settings]
) -> tuple[Any, dict[str, Any]]:
    """Roll purchases up to one row per customer.

    The rows may be orders, lines of orders or payments, in any order and in several files. :func:`segment` does the same first
    where it is given purchases.

    Parameters
    ----------
    frame_or_path : frame, path, or list of paths
        As for :func:`segment`.
    recipe : str, path or dict, default=None
        What it says about input and purchases counts.
    purchases : dict, default=None
        The section of that name over that of the recipe: the columns that play the parts ``customer``, ``order``, ``date``,
        ``amount`` and so on, ``returns``, ``copies``, ``frequency``, ``windows``, ``not_products``, ``drop``.
    {settings}

    Returns
    -------
    customers : frame
        In the kind of ``frame_or_path``.
    account : dict
        Lines and money used and set aside, by reason; which column plays which part, and why; the definition of each column.

    Raises
    ------
    PurchasesError
        If no column names the buyer, the day or the amount, or amounts are of several currencies.
    """
    check_known("rollup", settings)
    source, kind = _source(frame_or_path, _with_purchases(recipe, purchases), None, settings)
    rolled_up = source.rolled_up()
    if rolled_up is None:
        raise _customers_already()
    customers, account = rolled_up
    return kind.without_index().made_of(customers.frame()), json.loads(account)


@takes_settings
def rollup_sql(
    frame_or_path: Any,
    recipe: Recipe = None,
    *,
    dialect: Dialect = "duckdb",
    table: str = "orders",
    purchases: dict[str, Any] | None = None,
    **settings: Unpack[Settings],
) -> str:
    """Write the roll-up of purchases as one SQL statement, for an engine that holds the same table.

    What :func:`rollup` finds in the rows stands in the statement: the columns and their parts, the words of states, which amounts
    count once per order, and the day that counts as today. The columns of the result have the names and definitions of
    :func:`rollup`; sums are those of the engine.

    Parameters
    ----------
    frame_or_path : frame, path, or list of paths
        As for :func:`segment`.
    recipe : str, path or dict, default=None
        As for :func:`rollup`.
    dialect : {"duckdb", "postgres", "sqlite", "spark", "bigquery", "snowflake", "clickhouse", "ansi"}, default="duckdb"
        The engine.
    table : str, default="orders"
        What the table is called there, without a schema. Its columns have the names of the file, dates and numbers their types.
    purchases : dict, default=None
        As for :func:`rollup`, without ``scores`` and ``rules``.
    {settings}

    Returns
    -------
    sql : str

    Raises
    ------
    PurchasesError
        As :func:`rollup`, and for ``scores`` and ``rules``.
    """
    check_known("rollup_sql", settings)
    source, _ = _source(frame_or_path, _with_purchases(recipe, purchases), None, settings)
    sql = source.roll_up_sql(dialect, table)
    if sql is None:
        raise _customers_already()
    return sql


def _customers_already() -> PurchasesError:
    return PurchasesError(
        "the rows are customers already",
        'if they are purchases, name the columns: purchases={"customer": ..., "date": ..., "amount": ...}',
    )


def _with_purchases(recipe: Recipe, purchases: dict[str, Any] | None) -> Recipe:
    if purchases is None:
        return recipe
    if recipe is None:
        return {"purchases": purchases}
    if isinstance(recipe, dict):
        return {**recipe, "purchases": {**recipe.get("purchases", {}), **purchases}}
    raise ParameterError("purchases= goes with a recipe that is a dict, or none: write the section into the recipe")


def limit_memory(size: str) -> None:
    """Bound what reading one file may take: more is refused with a :class:`ReadError` before it is taken.

    Parameters
    ----------
    size : str
        Such as ``"512MB"`` or ``"8GB"``. Without a call it is half of the memory that is free when the first file is read.
    """
    _tribus.limit_memory(size)


def load(path: str | os.PathLike[str]) -> Segmentation:
    """Load a saved segmentation: the folder, or the ``segmentation.json`` in it."""
    return Segmentation.load(path)


def recipes() -> dict[str, str]:
    """Return the built-in recipes: name to TOML text."""
    return dict(_tribus.builtin_recipes())


def demo() -> Any:
    """Return sample customers, made up: 2,240 of the columns of ``marketing_campaign.csv``."""
    import csv

    rows = list(csv.reader(_tribus.demo_customers().splitlines(), delimiter="\t"))
    header, *records = rows
    columns = [(name, [row[at] or None for row in records]) for at, name in enumerate(header)]
    source = _tribus.parse(_tribus.Frame.from_columns(columns), None, False, "{}")
    return usual().made_of(source.frame())


class Segmentation:
    """Customers, segmented: made by :func:`segment`, or loaded.

    Attributes
    ----------
    k : int
        Number of segments.
    names : list of str
        Their names, in order.
    customers : frame
        One row per row of the input, in its order and with its index: ``row``, ``id``, ``segment`` (from 1), ``segment_name``,
        ``second_segment``, ``confidence``, ``distance``, ``outlier``, ``repaired_cells``, ``set_aside_because``.
    segments : frame
        One row per segment: size, share, value; centroid, mean and median of every column in its own unit.
    profiles : tuple of Profile
        Names and what they rest on, differences, rule, stability, actions, advice.
    differentiators : frame
        Every column that sets a segment apart from all customers and from its nearest segment, with 95 % intervals.
    rules : frame
        Thresholds that find each segment again: in words, with ``coverage`` and ``precision``, and as ``sql``.
    actions : frame
        What the facts of each segment call for: ``play``, ``say``, ``because``, ``reach``, ``value_at_stake``.
    campaign : Campaign or None
        Whether targeting pays; None where no column tells of a campaign.
    insights : tuple of str
    evidence : Evidence
    ledger : Ledger
    charts : Mapping of str to Chart
    notes : tuple of str
        What should be known beside it.
    please_check : list of dict
        Decisions of which the program is not sure, at most five: ``column``, ``decided``, ``alternatives``, ``reason``, the
        ``recipe`` line and the ``flag`` that change it, and ``agreement``: the share of the customers who keep their segment
        when the decision goes the other way.
    recipe : str
        The complete recipe, as TOML.
    """

    def __init__(self, made: _tribus.Segmentation, kind: Kind, warnings: Sequence[str] = ()) -> None:
        self._made = made
        self._kind = kind
        self._warnings = tuple(warnings)
        self._folder: Path | None = None

    @property
    def k(self) -> int:
        return self._made.k

    @property
    def names(self) -> list[str]:
        return self._made.names

    @property
    def customers(self) -> Any:
        return self._kind.made_of(self._made.customers(), per_row=True)

    @property
    def segments(self) -> Any:
        return self._kind.made_of(self._made.segments())

    @property
    def profiles(self) -> Profiles:
        return Profiles(Profile._of(card) for card in self._part("cards"))

    @property
    def differentiators(self) -> Any:
        return _explained.differentiators(self._part("cards"), self._kind.without_index())

    @property
    def rules(self) -> Any:
        return _explained.rules(self._part("cards"), self._kind.without_index())

    @property
    def actions(self) -> Any:
        return _explained.actions(self._part("cards"), self._kind.without_index())

    @property
    def campaign(self) -> Campaign | None:
        campaign = self._part("campaign")
        return None if campaign is None else Campaign(campaign, self._kind.without_index())

    @property
    def insights(self) -> tuple[str, ...]:
        return tuple(self._part("profiles")["insights"])

    @property
    def evidence(self) -> Evidence:
        return Evidence(self._part("evidence"), [], self._kind.without_index())

    @property
    def ledger(self) -> Ledger:
        return Ledger(self._part("ledger"), self._kind.without_index())

    @property
    def charts(self) -> Charts:
        return Charts(self._made.charts())

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self._warnings, *self._part("notes"))

    @property
    def please_check(self) -> list[dict[str, Any]]:
        questions: list[dict[str, Any]] = self._part("please_check")
        return questions

    @property
    def recipe(self) -> str:
        return self._made.recipe()

    def assign(
        self,
        frame_or_path: Any,
        keep: str | Sequence[str] | None = None,
        *,
        as_of: str | datetime.date | None = None,
        allow_duplicates: bool = False,
    ) -> Any:
        """Assign new customers to the segments.

        Parameters
        ----------
        frame_or_path : frame, path, or list of paths
            With the columns that were clustered on; they are repaired and set aside by the same rules.
        keep : 'all' or list of str, default=None
            Columns to carry along.
        as_of : str or date, default=None
            Day that days since count to, and ages from a date of birth: the later of the segments' own and the latest date in the rows where not
            given. Under 100 rows, or with more than a week between the two, a warning says which it is.
        allow_duplicates : bool, default=False
            Let several rows have the same id.

        Returns
        -------
        customers : frame
            As ``customers``, in the kind of ``frame_or_path`` and with its index.
        """
        source, kind = self._new_rows(frame_or_path)
        day = None if as_of is None else str(as_of)
        frame, _, notices = self._made.assign(source, *_keep(keep), (day, allow_duplicates))
        for notice in notices:
            if "--as-of" in notice:
                warnings.warn(notice.replace("--as-of", "as_of"), stacklevel=2)
        is_rolled_up = json.loads(self._made.part("purchases")) is not None
        return (kind.without_index() if is_rolled_up else kind).made_of(frame, per_row=True)

    def drift(
        self,
        frame_or_path: Any,
        *,
        as_of: str | datetime.date | None = None,
        allow_duplicates: bool = False,
    ) -> dict[str, Any] | None:
        """Say what changed in the data between the rows that were segmented and new ones.

        Shares of segments, each column's distribution and missing share, values out of range and unseen categories are compared.
        A change is listed when it is significant (where nothing changed, at most 1 report in 100 lists anything, at any number of
        rows) and large (a share by 1 point, a mean by 0.1 standard deviations).

        Parameters
        ----------
        frame_or_path : frame, path, or list of paths
            As for :meth:`assign`.
        as_of : str or date, default=None
            As for :meth:`assign`.
        allow_duplicates : bool, default=False
            As for :meth:`assign`.

        Returns
        -------
        drift : dict or None
            ``changed``, ``rows``, ``rows_then``, ``comparisons`` and ``what``, a list with the largest change first: ``column`` or
            ``segment`` (with its ``name``), ``kind`` (``mean``, ``share``, ``shape``, ``missing``, ``range``, ``unseen``,
            ``set_aside``), ``then``, ``now``, ``p`` (corrected for all comparisons), ``effect`` and ``psi``. None if the
            segmentation was made by a version that kept nothing to compare with.

        Examples
        --------
        >>> import tribus
        >>> segmentation = tribus.segment(tribus.demo(), k=4, quick=True)
        >>> segmentation.drift(tribus.demo())["changed"]
        False
        """
        source, _ = self._new_rows(frame_or_path)
        found = self._made.drift(source, (None if as_of is None else str(as_of), allow_duplicates))
        drift: dict[str, Any] | None = None if found is None else json.loads(found)
        return drift

    def _new_rows(self, frame_or_path: Any) -> tuple[_tribus.Source, Kind]:
        if _are_paths(frame_or_path):
            return self._made.open(_paths(frame_or_path)), usual()
        frame, kind = taken_in(frame_or_path)
        return self._made.parse(frame), kind

    def audience(
        self,
        frame_or_path: Any,
        segment: str | int | Sequence[str | int],
        *,
        columns: str | Sequence[str] | None = None,
        platform: Literal["google", "meta"] | None = None,
        holdout: str | float | None = None,
        holdout_seed: int = 0,
        where: str | None = None,
        limit: int | None = None,
        consent: str | Literal[False] | None = None,
        country: str | None = None,
        as_of: str | datetime.date | None = None,
        allow_duplicates: bool = False,
    ) -> Audience:
        """Draw the list of a segment's customers to send to, and a part of them that is left alone.

        Contacts come from the frame or file; the segmentation keeps nothing of them.

        Parameters
        ----------
        frame_or_path : frame, path, or list of paths
            As for :meth:`assign`.
        segment : str, int, or list of them
            Names (in any case) or numbers of segments, or of groups by rule.
        columns : str or list of str, default=None
            Columns to write; ``id``, ``segment`` and ``segment_name`` are there as well. None is these three with e-mail,
            telephone and names. With a platform: the columns that may be used.
        platform : {'google', 'meta'}, default=None
            Headers of that platform, cells normalized and hashed with SHA-256.
        holdout : str or float, default=None
            Share of the customers to leave alone, ``"10%"`` or 0.1, drawn by a hash of their ids: the same in every run.
        holdout_seed : int, default=0
            Another number holds out other customers.
        where : str, default=None
            Only customers for whom this is true, such as ``"country = 'DE' AND orders > 2"``.
        limit : int, default=None
            At most so many customers, the most typical of their segment first.
        consent : str or False, default=None
            Column that says yes for those who may be written to; found by its name and cells where not given. False takes all.
        country : str, default=None
            Country of telephone numbers and addresses where no column says it, such as ``"DE"``.
        as_of : str or date, default=None
            As for :meth:`assign`.
        allow_duplicates : bool, default=False
            Let several rows have the same id.

        Returns
        -------
        audience : Audience
            ``list``, ``holdout`` (None where nobody was to be held out), ``account`` and ``notes``.

        Raises
        ------
        SegmentationError
            If there is no such segment, or nobody can tell which column tells of consent.
        """
        segments = [segment] if isinstance(segment, (str, int, np.integer)) else segment
        asked = {
            "segments": [str(one) for one in segments],
            "columns": [] if columns is None else [columns] if isinstance(columns, str) else list(columns),
            "platform": platform,
            "holdout": None if holdout is None else str(holdout),
            "holdout_seed": holdout_seed,
            "condition": where,
            "limit": limit,
            "consent": consent or None,
            "is_unchecked": consent is False,
            "country": country,
            "as_of": None if as_of is None else str(as_of),
            "allow_duplicates": allow_duplicates,
        }
        if _are_paths(frame_or_path):
            kind = usual()
            drawn = _tribus.audience_of_files(
                self._made, _paths(frame_or_path), json.dumps(asked, default=_plainly)
            )
        else:
            frame, kind = taken_in(frame_or_path)
            drawn = _tribus.audience_of_frame(self._made, frame, json.dumps(asked, default=_plainly))
        listed, held_out, account, notes = drawn
        kind = kind.without_index()
        return Audience(
            kind.made_of(listed),
            None if held_out is None else kind.made_of(held_out),
            json.loads(account),
            tuple(notes),
        )

    def name(self, segment: int, name: str | None = None) -> str:
        """Return the name of a segment, counted from 1, after giving it this one if there is one."""
        if isinstance(segment, bool) or not isinstance(segment, (int, np.integer)):
            raise ParameterError(f"segment={segment!r} is no whole number")
        if not 1 <= segment <= self.k:
            raise SegmentationError(f"there is no segment {segment}: they are numbered 1 to {self.k}")
        if name is not None:
            self._made = self._made.renamed(int(segment), name)
        return self.names[segment - 1]

    @takes_progress
    def with_k(self, k: int, *, progress: Progress = None) -> Segmentation:
        """Return the same customers in another number of segments.

        Of a segmentation that was loaded, from what is kept of the numbers tried (up to 100,000 customers): it holds no
        customers, and a campaign is known of the number that was saved alone.

        Parameters
        ----------
        k : int
        {progress}

        Returns
        -------
        segmentation : Segmentation
        """
        if isinstance(k, bool) or not isinstance(k, (int, np.integer)) or k < 1:
            raise ParameterError(f"k={k!r} is no whole number from 1")
        with listening(progress) as listener:
            made = self._made.with_k(int(k), listener)
        other = Segmentation(made, self._kind, self._warnings)
        other._folder = self._folder
        return other

    def to_sql(
        self,
        dialect: Dialect = "duckdb",
        *,
        table: str | None = None,
        id: str | None = None,
        as_of: str | datetime.date | None = None,
        rolled_up: bool = False,
    ) -> str:
        """Return the segmentation as one SQL statement, for an engine that holds the customers or their purchases.

        The statement selects ``id``, ``segment``, ``segment_name``, ``second_segment``, ``confidence`` and ``distance`` of each
        customer, as ``assign`` gives them; one who is set aside has no segment. Purchases are rolled up first.

        Parameters
        ----------
        dialect : {"duckdb", "postgres", "sqlite", "spark", "bigquery", "snowflake", "clickhouse", "ansi"}, default="duckdb"
            The engine.
        table : str, default=None
            What the table is called there, ``customers`` or ``orders`` where not given: ``table``, ``schema.table`` or ``database.schema.table``. Its columns have the names
            of the file, dates and numbers their types.
        id : str, default=None
            Column that names the customer; that of the segmentation where not given.
        as_of : str or date, default=None
            Day that days since count to; where not given, the statement finds it in the rows, as ``assign`` does.
        rolled_up : bool, default=False
            Whether the table holds customers that were rolled up before, of a segmentation of purchases.

        Returns
        -------
        sql : str

        Raises
        ------
        ParameterError
            If the dialect is not known, or no column names the customer.
        PurchasesError
            If the recipe rolls purchases up with scores or rules.
        """
        return self._made.sql(dialect, (table, id, rolled_up), None if as_of is None else str(as_of))

    def to_html(self) -> str:
        """Return the report: one page that needs no network."""
        return self._made.html()

    def to_json(self) -> str:
        """Return the model as text, as ``segmentation.json`` holds it: no rows, no ids."""
        return self._made.to_json()

    def save(
        self,
        path: str | os.PathLike[str],
        *,
        force: bool = False,
        keep: str | Sequence[str] | None = None,
        format: str = "csv",
        raw: bool = False,
        workbook: bool | None = None,
        pdf: bool = False,
        png: bool = False,
    ) -> Path:
        """Write what ``tribus segment`` writes, byte for byte: report, customers, segments, model, charts, workbook.

        Parameters
        ----------
        path : path
            A folder, written all or nothing; or a file that ends in ``.json``, for the model alone.
        force : bool, default=False
            Replace a folder that was not written by Tribus, or that was edited.
        keep : 'all' or list of str, default=None
            Columns of the input to carry into the customers.
        format : {'csv', 'parquet'}, default='csv'
            Of the customers.
        raw : bool, default=False
            Write text exactly as it is, also where a spreadsheet would run it as a formula.
        workbook : bool, default=None
            Write ``workbook.xlsx``; None is up to 100,000 rows.
        pdf : bool, default=False
            Write ``report.pdf``, the report on A4 paper.
        png : bool, default=False
            Write the charts as pictures, too.

        Notes
        -----
        A segmentation that was loaded holds no customers, so it can be saved as a model, or to the folder it came from: that is
        written again, with the names and the number of segments it has now. Its customers stay as they were written, or are
        taken out where they are in other segments now; ``keep``, ``format``, ``raw`` and ``workbook`` do not apply.

        Returns
        -------
        path : Path
        """
        path = Path(path)
        if path.suffix == ".json":
            _write_model(path, self.to_json(), force)
            return path
        if format not in ("csv", "parquet"):
            raise ParameterError(f"format={format!r} is none of csv, parquet")
        if self._made.is_loaded and self._folder is not None and path.resolve() == self._folder:
            _only_as_it_was(keep=keep, format=format, raw=raw, workbook=workbook)
            self._made.refresh(path, pdf=pdf, png=png)
            return path
        keep_all, columns = _keep(keep)
        self._made.write(
            path,
            force=force,
            keep_all=keep_all,
            keep=columns,
            parquet=format == "parquet",
            raw=raw,
            workbook=workbook,
            pdf=pdf,
            png=png,
        )
        return path

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Segmentation:
        """Load a saved segmentation: the folder, or the ``segmentation.json`` in it."""
        path = Path(path)
        loaded = cls(_tribus.Segmentation.load(path), usual())
        loaded._folder = (path if path.is_dir() else path.parent).resolve()
        return loaded

    def __getstate__(self) -> dict[str, Any]:
        # A model holds no rows: a pickle of it gives nobody's customers away.
        return {"json": self.to_json(), "kind": self._kind.library, "warnings": self._warnings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(  # type: ignore[misc]
            _tribus.Segmentation.from_json(state["json"]), Kind(state["kind"]), state["warnings"]
        )

    def __repr__(self) -> str:
        lines = [f"<tribus segmentation: {self.ledger.used:,} customers in {self.k} segments"]
        lines += [
            f"  {profile.segment}  {profile.name}: {profile.size:,} ({profile.share:.0%})"
            for profile in self.profiles
        ]
        return _tribus.printable("\n".join(lines) + ">")

    def _repr_html_(self) -> str:
        profiles = self.profiles
        has_value = any(profile.value is not None for profile in profiles)
        header = ["", "Segment", "Customers", "Share", *(["Value"] if has_value else []), "What to do"]
        rows = [
            [
                profile.segment,
                profile.name,
                profile.size,
                f"{profile.share:.0%}",
                *([profile.value] if has_value else []),
                profile.advice,
            ]
            for profile in profiles
        ]
        insights = "".join(f"<li>{html.escape(insight)}</li>" for insight in self.insights)
        parts = [
            table_html(header, rows),
            f'<ul style="margin:6px 0">{insights}</ul>',
            paragraph(self.evidence.why),
            paragraph(repr(self.ledger)),
        ]
        return f"<div>{''.join(parts)}</div>"

    def _part(self, name: str) -> Any:
        return json.loads(self._made.part(name))


def _source(
    frame_or_path: Any, recipe: Recipe, k: Number, settings: Settings, *, text: bool = False
) -> tuple[_tribus.Source, Kind]:
    said, is_json = _recipe(recipe)
    over = _overlay(k, settings)
    if _are_paths(frame_or_path):
        return _tribus.open(_paths(frame_or_path), said, is_json, over, text), usual()
    frame, kind = taken_in(frame_or_path)
    return _tribus.parse(frame, said, is_json, over, text), kind


def _recipe(recipe: Any) -> tuple[str | None, bool]:
    if recipe is None:
        return None, False
    if isinstance(recipe, dict):
        return json.dumps(recipe, default=_plainly), True
    if is_path(recipe):
        return os.fspath(recipe), False
    raise RecipeError(
        f"{type(recipe).__name__} is no recipe",
        "give the name of a built-in recipe, a TOML file or a dict",
    )


def _overlay(k: Any, settings: Settings) -> str:
    given: dict[str, Any] = {name: value for name, value in settings.items() if value is not None}
    for name in ("features", "dates", "null_values"):
        if name in given:
            given[name] = [given[name]] if isinstance(given[name], str) else list(given[name])
    if k is not None:
        if isinstance(k, bool) or not isinstance(k, (str, int, np.integer)):
            raise ParameterError(f"k={k!r} is neither a whole number nor text", 'k=5, k="auto" or k="3-8"')
        given["k"] = k if isinstance(k, str) else int(k)
    return json.dumps(given, default=_plainly)


def _plainly(value: Any) -> Any:
    """Scalars of NumPy and pandas as JSON has them; a point in time is its day."""
    if isinstance(value, np.generic) and not isinstance(value, np.datetime64):
        return value.item()
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    return str(value)


def _are_paths(value: Any) -> bool:
    return is_path(value) or (
        isinstance(value, (list, tuple)) and bool(value) and all(is_path(item) for item in value)
    )


def _paths(value: Any) -> list[str]:
    return [os.fspath(path) for path in ([value] if is_path(value) else value)]


def _write_model(path: Path, text: str, force: bool) -> None:
    """Whole or not at all; only over another model, unless it is forced."""
    if path.exists() and not force:
        try:
            _tribus.Segmentation.load(path)
        except Error:
            raise ExportError(
                f"{path} exists and is no segmentation", "choose another name, or replace it: force=True"
            ) from None
    beside = path.with_name(f".{path.name}.tribus-{os.getpid()}")
    try:
        beside.write_text(text, encoding="utf-8", newline="")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ExportError(f"cannot write {path}: {error.strerror}") from error


def _only_as_it_was(**settings: Any) -> None:
    asked = [name for name, value in settings.items() if value not in (None, False, "csv")]
    if asked:
        raise ParameterError(
            f"{' and '.join(asked)} cannot be set for a folder that is written again: it holds its customers as they were",
            "segment the customers again to write them otherwise",
        )


def _keep(keep: str | Sequence[str] | None) -> tuple[bool, list[str]]:
    if keep is None:
        return False, []
    if isinstance(keep, str):
        return (True, []) if keep == "all" else (False, [keep])
    return False, list(keep)


def _warnings(source: _tribus.Source) -> list[str]:
    return [warning for _, _, _, warnings in source.readings() for warning in warnings]


__all__ = ["Chart", "Segmentation", "demo", "evidence", "load", "read", "recipes", "segment"]
