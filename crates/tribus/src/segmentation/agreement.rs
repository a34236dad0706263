//! How much the answer to a question matters: who keeps the segment when the decision goes the other way.

use tribus_kmeans::{Init, KMeans, Points};

use crate::pipeline::{FeatureMatrix, Pipeline};
use crate::plan::{Plan, PleaseCheck};
use crate::summary::Segmented;

/// The questions of a plan, each with the share of the customers who keep their segment when it is answered the other way:
/// the same number of segments, found from where they are now. None where no segments can be found so.
pub(super) fn settled(segmented: &Segmented<'_>) -> Vec<PleaseCheck> {
    let plan = segmented.plan;
    let ask = |question: &PleaseCheck| PleaseCheck {
        agreement: plan
            .the_other_way(question)
            .and_then(|other| agreement(&other, segmented)),
        ..question.clone()
    };
    plan.please_check.iter().map(ask).collect()
}

/// Cost: one preparation of the table and one run of K-Means from a start near its end.
fn agreement(other: &Plan, segmented: &Segmented<'_>) -> Option<f64> {
    let Segmented {
        table,
        prepared,
        labels,
        k,
        ..
    } = *segmented;
    if other.recipe.segment.features == prepared.matrix.names {
        return Some(1.0);
    }
    let (_, again) = Pipeline::fit(other, table).ok()?;
    let mut segment_of = vec![None; table.rows()];
    for (row, label) in prepared.rows.iter().zip(labels) {
        segment_of[*row] = Some(*label);
    }
    let before: Vec<Option<u32>> = again.rows.iter().map(|row| segment_of[*row]).collect();
    let start = centers(&again.matrix, &before, k)?;
    let matrix = &again.matrix;
    let points = Points::new(&matrix.values, matrix.rows, matrix.columns()).ok()?;
    let settings = KMeans {
        k,
        init: Init::Given(start),
        restarts: 1,
        recombinations: 0,
        ..KMeans::default()
    };
    let fit = settings
        .fit(&points)
        .ok()
        .filter(|fit| fit.model.k() == k)?;
    let both = before.iter().zip(&fit.labels);
    let both = both.filter_map(|(before, after)| before.map(|before| before == *after));
    let (kept, all) = both.fold((0_usize, 0_usize), |(kept, all), same| {
        (kept + usize::from(same), all + 1)
    });
    (all > 0).then(|| kept as f64 / all as f64)
}

/// The mean of each segment; none where one has no customer.
fn centers(matrix: &FeatureMatrix, labels: &[Option<u32>], k: usize) -> Option<Vec<f64>> {
    let d = matrix.columns();
    let (mut sums, mut sizes) = (vec![0.0; k * d], vec![0_usize; k]);
    for (row, label) in matrix.values.chunks(d.max(1)).zip(labels) {
        let Some(label) = label.map(|label| label as usize) else {
            continue;
        };
        sizes[label] += 1;
        for (sum, value) in sums[label * d..].iter_mut().zip(row) {
            *sum += value;
        }
    }
    for (sums, size) in sums.chunks_mut(d.max(1)).zip(&sizes) {
        for sum in sums {
            *sum /= *size as f64;
        }
    }
    (d > 0 && !sizes.contains(&0)).then_some(sums)
}
