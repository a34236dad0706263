//! Fits a number of segments and measures what can be measured without resampling.

use std::ops::ControlFlow;

use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Fit, Init, KMeans, Model, Points};

use super::{Candidate, EvidenceError, Question, SilhouetteValue};
use crate::statistics::mean;

/// Silhouettes are exact up to this many customers.
const EXACT_SILHOUETTE: usize = 10_000;

/// Customers of the stratified sample above that.
const SILHOUETTE_SAMPLE: usize = 1_000;

/// How hard a number of segments is searched.
#[derive(Clone, Copy)]
pub(super) enum Effort {
    /// Plain restarts: within a few thousandths of the best inertia the criteria say the same.
    Compared,
    /// The engine's own search, for the number that is made.
    Made,
}

/// A number of segments, fitted.
pub(super) struct Fitted {
    pub(super) candidate: Candidate,
    /// The segment of each customer.
    pub(super) labels: Vec<u32>,
    /// What the user should know.
    pub(super) warning: Option<String>,
}

/// Fits `k` segments; `go_on` is asked from time to time.
pub(super) fn fit(
    points: &Points<'_>,
    k: usize,
    init: Init,
    effort: Effort,
    (question, go_on): (&Question<'_>, &(dyn Fn() -> ControlFlow<()> + Sync)),
) -> Result<Fitted, EvidenceError> {
    let default = KMeans::default();
    let settings = KMeans {
        k,
        init,
        recombinations: match effort {
            Effort::Compared => 0,
            Effort::Made => default.recombinations,
        },
        seed: question.seed,
        ..default
    };
    let fit = settings.fit_watched(points, None, &|_| go_on())?;
    let warning = fit.warnings.first().map(|_| {
        format!(
            "only {} distinct customers differ in the features: {k} segments were asked, {} can be made",
            fit.model.k(),
            fit.model.k()
        )
    });
    let (candidate, labels) = measure(points, &fit, question)?;
    Ok(Fitted {
        candidate,
        labels,
        warning,
    })
}

/// The criteria of one fit, its clusters in segment order.
fn measure(
    points: &Points<'_>,
    fit: &Fit,
    question: &Question<'_>,
) -> Result<(Candidate, Vec<u32>), EvidenceError> {
    let order = canonical_order(&fit.model, &fit.labels, &fit.sizes, question.value);
    let d = points.d();
    let mut place = vec![0_u32; order.len()];
    let mut centroids = Vec::with_capacity(order.len() * d);
    for (segment, cluster) in order.iter().enumerate() {
        place[*cluster] = segment as u32;
        centroids.extend_from_slice(fit.model.centroid(*cluster));
    }
    let labels: Vec<u32> = fit
        .labels
        .iter()
        .map(|label| place[*label as usize])
        .collect();
    let k = order.len();
    let labeled = Labeled::new(points, &labels, k)?;
    let finite =
        |measured| comparable(measured).map(|value| value.filter(|value: &f64| value.is_finite()));
    let candidate = Candidate {
        k,
        inertia: fit.inertia,
        silhouette: comparable(measure_silhouette(&labeled, points.n(), question.seed))?,
        calinski_harabasz: finite(labeled.calinski_harabasz())?,
        davies_bouldin: finite(labeled.davies_bouldin())?,
        sizes: order.iter().map(|cluster| fit.sizes[*cluster]).collect(),
        centroids,
        flow: Vec::new(),
        distinctness: Vec::new(),
        gap: None,
        prediction_strength: None,
        stability: None,
        separation: None,
        against_null: None,
        likelihood: None,
    };
    Ok((candidate, labels))
}

/// A measure; none where there are no clusters to compare.
pub(super) fn comparable<V>(
    measured: Result<V, tribus_kmeans::Error>,
) -> Result<Option<V>, EvidenceError> {
    match measured {
        Ok(value) => Ok(Some(value)),
        Err(tribus_kmeans::Error::NotComparable { .. }) => Ok(None),
        Err(source) => Err(source.into()),
    }
}

pub(super) fn measure_silhouette(
    labeled: &Labeled<'_>,
    customers: usize,
    seed: u64,
) -> Result<SilhouetteValue, tribus_kmeans::Error> {
    if customers <= EXACT_SILHOUETTE {
        return Ok(SilhouetteValue {
            mean: labeled.silhouette()?.mean,
            interval: None,
            customers: customers as u64,
        });
    }
    let estimate = labeled.silhouette_sampled(SILHOUETTE_SAMPLE, seed)?;
    Ok(SilhouetteValue {
        mean: estimate.mean,
        interval: Some([estimate.low, estimate.high]),
        customers: estimate.sampled as u64,
    })
}

/// Clusters in segment order: by the mean value of their customers, without a value by size; ties by centroid.
fn canonical_order(
    model: &Model,
    labels: &[u32],
    sizes: &[u64],
    value: Option<&[f64]>,
) -> Vec<usize> {
    let mut worth: Vec<Vec<f64>> = vec![Vec::new(); model.k()];
    for (label, value) in labels.iter().zip(value.unwrap_or_default()) {
        if !value.is_nan() {
            worth[*label as usize].push(*value);
        }
    }
    let keys: Vec<f64> = match value {
        None => sizes.iter().map(|size| *size as f64).collect(),
        Some(_) => worth.iter().map(|values| mean(values)).collect(),
    };
    let mut order: Vec<usize> = (0..model.k()).collect();
    order.sort_by(|a, b| {
        keys[*b].total_cmp(&keys[*a]).then_with(|| {
            let pairs = model.centroid(*b).iter().zip(model.centroid(*a));
            pairs
                .map(|(x, y)| x.total_cmp(y))
                .find(|ordering| ordering.is_ne())
                .unwrap_or(a.cmp(b))
        })
    });
    order
}
