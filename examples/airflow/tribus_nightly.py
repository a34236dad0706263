"""A DAG that scores the customers of the night. Both files of this folder go into the folder of DAGs.

A late export is retried every ten minutes for two hours; a wrong one fails at once, for a retry would not mend it. Rows that do not
fit fail the task, too, after the file was written; tasks behind it do not run then.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

try:  # Airflow 3
    from airflow.sdk import dag, task
    from airflow.sdk.exceptions import AirflowFailException
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.exceptions import AirflowFailException

import tribus_job

MODEL = Path("/srv/customers-segments")
EXPORTS = Path("/srv/in")
RESULTS = Path("/srv/out")


@task(retries=12, retry_delay=timedelta(minutes=10))
def score(day: str) -> dict:
    """Score the export of a day; what it returns is the lineage of the file."""
    try:
        return tribus_job.score(MODEL, EXPORTS / f"customers-{day}.csv", RESULTS / f"scored-{day}.csv")
    except tribus_job.TryAgainError:
        raise  # Airflow tries again.
    except tribus_job.JobError as error:
        raise AirflowFailException(str(error)) from error


@dag(schedule="15 2 * * *", start_date=datetime(2026, 1, 1), catchup=False, tags=["customers"])
def tribus_nightly() -> None:
    """Score the customers of the night."""
    score("{{ ds }}")


tribus_nightly()
