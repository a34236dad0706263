"""Segments of customers that are on Spark: Spark 3.4 and later, Databricks, or Sail.

The work is one SQL statement (:meth:`tribus.Segmentation.to_sql`), so the workers need neither this package nor Python, and only
DataFrames are used, as Spark Connect has them.
"""

from __future__ import annotations

import datetime
import itertools
from typing import TYPE_CHECKING, Any

from tribus._errors import ParameterError

if TYPE_CHECKING:
    from tribus._segmentation import Segmentation

_numbers = itertools.count(1)


def assign(
    segmentation: Segmentation,
    frame: Any,
    *,
    id: str | None = None,
    as_of: str | datetime.date | None = None,
    rolled_up: bool = False,
) -> Any:
    """Assign the customers of a Spark DataFrame to the segments.

    Nothing is computed before the result is used. The customers become a temporary view, ``tribus_1`` and so on, which the result
    reads and which lasts as long as the session.

    Parameters
    ----------
    segmentation : Segmentation
    frame : pyspark.sql.DataFrame
        Customers with the columns that were clustered on, or purchases, if the segmentation was made from purchases.
    id : str, default=None
        Column that names the customer; that of the segmentation where not given.
    as_of : str or date, default=None
        Day that days since count to; where not given, Spark finds it in the rows, as ``Segmentation.assign`` does.
    rolled_up : bool, default=False
        Whether the frame holds customers that were rolled up before, of a segmentation of purchases.

    Returns
    -------
    customers : pyspark.sql.DataFrame
        Columns ``id``, ``segment``, ``segment_name``, ``second_segment``, ``confidence`` and ``distance``, one row per customer;
        one who is set aside has no segment.
    """
    if not hasattr(frame, "createOrReplaceTempView"):
        raise ParameterError(f"frame is a {type(frame).__name__}, no Spark DataFrame: Segmentation.assign takes other frames")
    view = f"tribus_{next(_numbers)}"
    statement = segmentation.to_sql("spark", table=view, id=id, as_of=as_of, rolled_up=rolled_up)
    frame.createOrReplaceTempView(view)
    return frame.sparkSession.sql(statement)
