//! The latest date that stands for itself, as [`latest_day`](super::latest_day) finds it, in the words of SQL.

use super::traits::{GAP, MOST_ISOLATED, NO_END};
use crate::expr::Step;

/// Steps to a table `latest_days`: for each source the `latest` date, without a few far behind all others. Days are counted since
/// 1970-01-01. A source is the SQL of such a number of days, and the step in which it is read.
pub(crate) fn latest_steps(sources: &[(String, &str)]) -> Vec<Step> {
    let selects = sources.iter().enumerate().map(|(at, (day, from))| {
        format!("        SELECT {at} AS source, {day} AS day FROM {from}")
    });
    let selects = selects.collect::<Vec<_>>().join("\n        UNION ALL\n");
    let counts = format!(
        "    SELECT source, day, COUNT(*) AS cells\n    FROM (\n{selects}\n    ) AS each_day\n    WHERE day IS NOT NULL\n    GROUP BY source, day"
    );
    let step = |name, comment, query| Step::new(name, comment, query);
    vec![
        step(
            "days",
            "dates as days since 1970-01-01, and how many rows have each",
            counts,
        ),
        step(
            "days_in_order",
            "the date before each, and how many rows are as late",
            IN_ORDER.to_owned(),
        ),
        step(
            "latest_days",
            "the latest date, without a few far behind all others",
            latest(),
        ),
    ]
}

/// The latest of all of `latest_days`, as SQL: a query of one row and one column of this name.
pub(crate) fn latest_of_all(first: Option<i32>, name: &str) -> String {
    let latest = match first {
        None => "MAX(latest)".to_owned(),
        Some(first) => format!("CASE WHEN MAX(latest) > {first} THEN MAX(latest) ELSE {first} END"),
    };
    format!("SELECT {latest} AS {name} FROM latest_days WHERE latest < {NO_END}")
}

const IN_ORDER: &str = "    SELECT source, day,
        LEAD(day) OVER (PARTITION BY source ORDER BY day DESC) AS earlier,
        ROW_NUMBER() OVER (PARTITION BY source ORDER BY day DESC) AS place,
        SUM(cells) OVER (PARTITION BY source ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS as_late,
        SUM(cells) OVER (PARTITION BY source) AS all_rows
    FROM days";

/// The rule of `traits::isolated`, for the last dates.
fn latest() -> String {
    let far = 10 * GAP;
    format!(
        "    SELECT source,
        COALESCE(MAX(CASE WHEN place <= 3 AND day - earlier > {GAP} AND as_late <= {MOST_ISOLATED} * all_rows
            AND (day >= {NO_END} OR place = 1 AND as_late >= 2 AND day - earlier > {far} OR as_late * 100 <= all_rows)
            THEN earlier END), MAX(day)) AS latest
    FROM days_in_order
    GROUP BY source"
    )
}
