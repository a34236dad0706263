//! The statistics of the segments, of the number made and of the others.

use std::fmt::Arguments;

use super::{
    Checked, Shape, above_zero, counts_are_sane, different, length, not_descending, require,
    share_of, within,
};
use crate::segmentation::{OtherNumber, SegmentColumn};
use crate::summary::{
    ColumnStatistics, CustomerMap, FeatureHistograms, Histogram, Knife, NumberSummary,
    SegmentSummary, Summary,
};

impl Summary {
    pub(super) fn check(&self, shape: &Shape) -> Checked {
        sizes(
            format_args!("summary.segments"),
            &self.segments,
            shape,
            self.customers,
        )?;
        for (at, column) in self.columns.iter().enumerate() {
            statistics(
                &format!("summary.columns[{at}].statistics"),
                &column.statistics,
                shape,
            )?;
        }
        self.map.check(shape)?;
        knives(format_args!("summary.knives"), &self.knives, shape)?;
        for (at, histograms) in self.histograms.iter().enumerate() {
            spread(&format!("summary.histograms[{at}]"), histograms)?;
        }
        let (names, values) = (&self.correlations.names, &self.correlations.values);
        different(format_args!("summary.correlations.names"), names.iter())?;
        let wanted = names.len() * names.len();
        length(
            format_args!("summary.correlations.values"),
            values.len(),
            wanted,
            "pair of features",
        )?;
        values.iter().enumerate().try_for_each(|(at, value)| {
            within(
                format_args!("summary.correlations.values[{at}]"),
                *value,
                -1.0..=1.0,
            )
        })
    }
}

impl OtherNumber {
    pub(super) fn check(&self, place: Arguments<'_>, shape: &Shape, summary: &Summary) -> Checked {
        shape.distances(
            format_args!("{place}.outlier_distance"),
            &self.outlier_distance,
        )?;
        sizes(
            format_args!("{place}.segments"),
            &self.segments,
            shape,
            summary.customers,
        )?;
        let (found, wanted) = (self.columns.len(), summary.columns.len());
        length(
            format_args!("{place}.columns"),
            found,
            wanted,
            "column of the summary",
        )?;
        for (at, (part, column)) in self.columns.iter().zip(&summary.columns).enumerate() {
            same_column(
                &format!("{place}.columns[{at}]"),
                part,
                &column.statistics,
                shape,
            )?;
        }
        let (found, wanted) = (self.point_segments.len(), summary.map.points.len());
        length(
            format_args!("{place}.point_segments"),
            found,
            wanted,
            "point of the map",
        )?;
        for segment in &self.point_segments {
            shape.segment(format_args!("{place}.point_segments"), *segment)?;
        }
        shape.per_segment(format_args!("{place}.centroids"), self.centroids.len())?;
        knives(format_args!("{place}.knives"), &self.knives, shape)?;
        for (segment, _) in &self.names {
            shape.segment(format_args!("{place}.names"), *segment)?;
        }
        let names = self.names.iter().map(|(segment, _)| *segment);
        different(format_args!("{place}.names"), names)?;
        if let Some(rules) = &self.rules {
            rules.check(format_args!("{place}.rules"), self.k)?;
        }
        if let Some(campaign) = &self.campaign {
            campaign.check(format_args!("{place}.campaign"), self.k)?;
        }
        Ok(())
    }
}

impl CustomerMap {
    fn check(&self, shape: &Shape) -> Checked {
        shape.per_segment(format_args!("summary.map.centroids"), self.centroids.len())?;
        counts_are_sane(format_args!("summary.map.of"), [self.of])?;
        for (at, point) in self.points.iter().enumerate() {
            shape.segment(format_args!("summary.map.points[{at}]"), point.2)?;
        }
        self.variance
            .iter()
            .try_for_each(|share| share_of(format_args!("summary.map.variance"), *share))
    }
}

/// Every customer is in one segment.
fn sizes(
    place: Arguments<'_>,
    segments: &[SegmentSummary],
    shape: &Shape,
    customers: u64,
) -> Checked {
    shape.per_segment(place, segments.len())?;
    counts_are_sane(place, segments.iter().map(|segment| segment.size))?;
    let sum: u64 = segments.iter().map(|segment| segment.size).sum();
    require(sum == customers, || {
        format!("`{place}` holds {sum} customers, but there are {customers}")
    })?;
    for (at, segment) in segments.iter().enumerate() {
        share_of(format_args!("{place}[{at}].share"), segment.share)?;
        if let Some(nearest) = segment.nearest {
            shape.segment(format_args!("{place}[{at}].nearest"), nearest)?;
            require(nearest.index() != at, || {
                format!("`{place}[{at}].nearest` is the segment itself")
            })?;
        }
    }
    Ok(())
}

fn statistics(place: &str, statistics: &ColumnStatistics, shape: &Shape) -> Checked {
    match statistics {
        ColumnStatistics::Numbers {
            overall,
            segments,
            centroid,
        } => {
            number(format_args!("{place}.overall"), overall)?;
            numbers(place, segments, centroid.as_deref(), shape)
        }
        ColumnStatistics::Categories {
            levels,
            overall,
            segments,
            code_means,
            ..
        } => {
            different(format_args!("{place}.levels"), levels.iter())?;
            length(
                format_args!("{place}.overall"),
                overall.len(),
                levels.len(),
                "level",
            )?;
            counts_are_sane(format_args!("{place}.overall"), overall.iter().copied())?;
            categories(place, segments, code_means.as_deref(), levels.len(), shape)
        }
    }
}

/// What is kept of a column for another number of segments holds what the summary holds of it.
fn same_column(
    place: &str,
    part: &SegmentColumn,
    known: &ColumnStatistics,
    shape: &Shape,
) -> Checked {
    match (part, known) {
        (SegmentColumn::Numbers { segments, centroid }, ColumnStatistics::Numbers { .. }) => {
            numbers(place, segments, centroid.as_deref(), shape)
        }
        (
            SegmentColumn::Categories {
                segments,
                code_means,
            },
            ColumnStatistics::Categories { levels, .. },
        ) => categories(place, segments, code_means.as_deref(), levels.len(), shape),
        _ => require(false, || {
            format!("`{place}` holds something else than the summary's column")
        }),
    }
}

fn numbers(
    place: &str,
    segments: &[NumberSummary],
    centroid: Option<&[f64]>,
    shape: &Shape,
) -> Checked {
    shape.per_segment(format_args!("{place}.segments"), segments.len())?;
    for (at, segment) in segments.iter().enumerate() {
        number(format_args!("{place}.segments[{at}]"), segment)?;
    }
    centroid.map_or(Ok(()), |centroid| {
        shape.per_segment(format_args!("{place}.centroid"), centroid.len())
    })
}

fn number(place: Arguments<'_>, summary: &NumberSummary) -> Checked {
    let NumberSummary {
        q05,
        q25,
        median,
        q75,
        q95,
        sd,
        count,
        ..
    } = *summary;
    counts_are_sane(format_args!("{place}.count"), [count])?;
    within(format_args!("{place}.sd"), sd, 0.0..=f64::MAX)?;
    // Quantiles are interpolated, each rounded on its own.
    let slack = 1e-9 * q05.abs().max(q95.abs());
    let quantiles = [
        q05,
        q25 + slack,
        median + 2.0 * slack,
        q75 + 3.0 * slack,
        q95 + 4.0 * slack,
    ];
    not_descending(format_args!("{place}.q05 to q95"), &quantiles)
}

fn categories(
    place: &str,
    segments: &[Vec<u64>],
    code_means: Option<&[f64]>,
    levels: usize,
    shape: &Shape,
) -> Checked {
    shape.per_segment(format_args!("{place}.segments"), segments.len())?;
    for (at, counts) in segments.iter().enumerate() {
        let place = format_args!("{place}.segments[{at}]");
        length(place, counts.len(), levels, "level")?;
        counts_are_sane(place, counts.iter().copied())?;
    }
    code_means.map_or(Ok(()), |means| {
        shape.per_segment(format_args!("{place}.code_means"), means.len())
    })
}

/// One for each segment; none where silhouettes have no meaning.
fn knives(place: Arguments<'_>, knives: &[Knife], shape: &Shape) -> Checked {
    if knives.is_empty() {
        return Ok(());
    }
    shape.per_segment(place, knives.len())?;
    for (at, knife) in knives.iter().enumerate() {
        for value in knife.values.iter().chain([&knife.mean]) {
            within(format_args!("{place}[{at}]"), *value, -1.0..=1.0)?;
        }
        require(knife.values.is_sorted_by(|a, b| a >= b), || {
            format!("`{place}[{at}].values` is not in descending order")
        })?;
    }
    Ok(())
}

fn spread(place: &str, histograms: &FeatureHistograms) -> Checked {
    let FeatureHistograms {
        read,
        cleaned,
        scaled,
        ..
    } = histograms;
    let named = [
        ("cleaned", Some(cleaned)),
        ("scaled", Some(scaled)),
        ("read", read.as_ref()),
    ];
    for (name, histogram) in named {
        histogram.map_or(Ok(()), |histogram| {
            bins(format_args!("{place}.{name}"), histogram)
        })?;
    }
    let (found, wanted) = (
        read.as_ref().map(|read| read.counts.len()),
        cleaned.counts.len(),
    );
    found.map_or(Ok(()), |found| {
        length(
            format_args!("{place}.read.counts"),
            found,
            wanted,
            "bin after cleaning",
        )
    })
}

fn bins(place: Arguments<'_>, histogram: &Histogram) -> Checked {
    let Histogram {
        low,
        high,
        counts,
        below,
        above,
        missing,
    } = histogram;
    require(!counts.is_empty(), || format!("`{place}.counts` is empty"))?;
    let others = [*below, *above, *missing];
    counts_are_sane(place, counts.iter().copied().chain(others))?;
    above_zero(format_args!("{place}.high less {place}.low"), high - low)
}
