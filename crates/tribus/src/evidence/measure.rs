//! Fits a number of segments and measures what can be measured without resampling.

use std::ops::{ControlFlow, Range};

use tribus_kmeans::quality::{Labeled, silhouettes};
use tribus_kmeans::{Fit, Init, KMeans, Model, Points};

use super::sample::drawn;
use super::{Candidate, EvidenceError, Question, SilhouetteValue};
use crate::recipe::Depth;
use crate::statistics::draw::content_key;
use crate::statistics::{Sum, mean};

/// Silhouettes are exact up to this many customers.
const EXACT_SILHOUETTE: usize = 10_000;

/// Customers of the stratified sample above that.
const SILHOUETTE_SAMPLE: usize = 1_000;

/// Each of these is compared with all customers, or with so many of them: they tell mean distances to three digits.
const SILHOUETTE_AMONG: usize = 50_000;

/// Recombinations of the numbers that are compared, more of fewer customers: their inertia is then within a thousandth or
/// so of the best, and does not hang on the seed.
const RECOMBINATIONS: std::ops::RangeInclusive<usize> = 16..=96;
const CUSTOMERS_RECOMBINED: usize = 64_000;

/// A number of segments, fitted.
pub(super) struct Fitted {
    pub(super) candidate: Candidate,
    /// The segment of each customer.
    pub(super) labels: Vec<u32>,
    /// What the user should know.
    pub(super) warning: Option<String>,
}

pub(super) fn candidates(fitted: &[Fitted]) -> Vec<Candidate> {
    fitted
        .iter()
        .map(|fitted| fitted.candidate.clone())
        .collect()
}

/// Where the numbers are consecutive from two on; one asked for beyond the range compared is no part of it.
pub(super) fn run(fitted: &[Fitted]) -> Range<usize> {
    let k = |at: usize| fitted[at].candidate.k;
    let start = (0..fitted.len())
        .find(|at| k(*at) >= 2)
        .unwrap_or(fitted.len());
    let mut end = start;
    while end < fitted.len() && k(end) == k(start) + end - start {
        end += 1;
    }
    start..end
}

/// Asked from time to time.
pub(super) type GoOn<'g> = &'g (dyn Fn() -> ControlFlow<()> + Sync);

/// Fits each of several numbers of segments.
pub(super) fn fit_compared(
    points: &Points<'_>,
    ks: &[usize],
    question: &Question<'_>,
    go_on: GoOn<'_>,
) -> Result<Vec<Fitted>, EvidenceError> {
    let settings = KMeans {
        recombinations: match question.depth {
            Depth::Full => (CUSTOMERS_RECOMBINED / points.n().max(1))
                .clamp(*RECOMBINATIONS.start(), *RECOMBINATIONS.end()),
            Depth::Quick => 0,
        },
        seed: question.seed,
        ..KMeans::default()
    };
    let fits = settings.sweep(points, ks, &[], &|_| go_on())?;
    measured(points, fits, ks, question)
}

/// Fits the number of segments that is made, by the engine's own search.
pub(super) fn fit_made(
    points: &Points<'_>,
    k: usize,
    init: Init,
    (question, go_on): (&Question<'_>, GoOn<'_>),
) -> Result<Fitted, EvidenceError> {
    let settings = KMeans {
        k,
        init,
        seed: question.seed,
        ..KMeans::default()
    };
    let fit = settings.fit_watched(points, None, &|_| go_on())?;
    let mut fitted = measured(points, vec![fit], &[k], question)?;
    Ok(fitted.remove(0))
}

/// The criteria of fits, the clusters of each in segment order.
fn measured(
    points: &Points<'_>,
    fits: Vec<Fit>,
    ks: &[usize],
    question: &Question<'_>,
) -> Result<Vec<Fitted>, EvidenceError> {
    let mut fitted: Vec<Fitted> = fits
        .into_iter()
        .zip(ks)
        .map(|(fit, asked)| in_segment_order(points, fit, *asked, question))
        .collect();
    // One segment has nothing beside it, and where each customer is one there is nothing within.
    let compared = |fitted: &&mut Fitted| (2..points.n()).contains(&fitted.candidate.k);
    let mut compared: Vec<&mut Fitted> = fitted.iter_mut().filter(compared).collect();
    add_silhouettes(points, &mut compared, question.seed)?;
    // One after the other: what is known of a million labels takes memory.
    for Fitted {
        candidate, labels, ..
    } in compared
    {
        let labeled = Labeled::new(points, labels, candidate.k)?;
        let finite = |index: f64| index.is_finite().then_some(index);
        candidate.calinski_harabasz = finite(labeled.calinski_harabasz()?);
        candidate.davies_bouldin = finite(labeled.davies_bouldin()?);
    }
    Ok(fitted)
}

fn add_silhouettes(
    points: &Points<'_>,
    fitted: &mut [&mut Fitted],
    seed: u64,
) -> Result<(), EvidenceError> {
    if points.n() <= EXACT_SILHOUETTE {
        let labelings: Vec<&Fitted> = fitted.iter().map(|fitted| &**fitted).collect();
        let silhouettes = exact_silhouettes(points, &labelings)?;
        for (fitted, (value, distinctness)) in fitted.iter_mut().zip(silhouettes) {
            fitted.candidate.silhouette = Some(value);
            fitted.candidate.distinctness = distinctness;
        }
        return Ok(());
    }
    let among = Among::draw(points, seed);
    for fitted in fitted {
        let value = among.silhouette(&fitted.labels, fitted.candidate.k, seed)?;
        fitted.candidate.silhouette = Some(value);
    }
    Ok(())
}

/// The customers that silhouettes are estimated among: all, or a part of very many.
enum Among<'p> {
    All(&'p Points<'p>),
    Part {
        rows: Vec<usize>,
        values: Vec<f64>,
        all: &'p Points<'p>,
    },
}

impl<'p> Among<'p> {
    fn draw(all: &'p Points<'p>, seed: u64) -> Self {
        if all.n() <= SILHOUETTE_AMONG {
            return Self::All(all);
        }
        let rows = drawn(all, SILHOUETTE_AMONG, seed);
        let values = rows.iter().flat_map(|row| all.row(*row)).copied();
        let values = values.collect();
        Self::Part { rows, values, all }
    }

    fn silhouette(
        &self,
        labels: &[u32],
        k: usize,
        seed: u64,
    ) -> Result<SilhouetteValue, EvidenceError> {
        let of_all = |points: &Points<'_>| {
            let labeled = Labeled::new(points, labels, k)?;
            Ok(measure_silhouette(&labeled, points.n(), seed)?)
        };
        let (rows, values, all) = match self {
            Self::All(points) => return of_all(points),
            Self::Part { rows, values, all } => (rows, values, all),
        };
        // The part may happen to lie in one segment, or closer together than the engine takes points.
        let Ok(points) = Points::new(values, rows.len(), all.d()) else {
            return of_all(all);
        };
        let labels: Vec<u32> = rows.iter().map(|row| labels[*row]).collect();
        let labeled = Labeled::new(&points, &labels, k)?;
        match comparable(measure_silhouette(&labeled, rows.len(), seed))? {
            Some(value) => Ok(value),
            None => of_all(all),
        }
    }
}

/// A fit without what is measured, its clusters in segment order.
fn in_segment_order(
    points: &Points<'_>,
    fit: Fit,
    asked: usize,
    question: &Question<'_>,
) -> Fitted {
    let order = canonical_order(&fit.model, &fit.labels, &fit.sizes, question.value);
    let d = points.d();
    let mut place = vec![0_u32; order.len()];
    let mut centroids = Vec::with_capacity(order.len() * d);
    for (segment, cluster) in order.iter().enumerate() {
        place[*cluster] = segment as u32;
        centroids.extend_from_slice(fit.model.centroid(*cluster));
    }
    let mut labels = fit.labels;
    for label in &mut labels {
        *label = place[*label as usize];
    }
    let k = order.len();
    let warning = fit.warnings.first().map(|_| {
        format!(
            "only {k} distinct customers differ in the features: {asked} segments were asked, {k} can be made"
        )
    });
    let candidate = Candidate {
        k,
        inertia: fit.inertia,
        silhouette: None,
        calinski_harabasz: None,
        davies_bouldin: None,
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
    Fitted {
        candidate,
        labels,
        warning,
    }
}

/// The mean silhouette of each labeling, and that of each segment. Distances are shared, and summed in an order that
/// depends on what customers are, not on where they stand.
fn exact_silhouettes(
    points: &Points<'_>,
    labelings: &[&Fitted],
) -> Result<Vec<(SilhouetteValue, Vec<f64>)>, EvidenceError> {
    let mut keyed: Vec<(u64, usize)> = (0..points.n())
        .map(|row| (content_key(points.row(row)), row))
        .collect();
    keyed.sort_unstable();
    let values: Vec<f64> = keyed
        .iter()
        .flat_map(|(_, row)| points.row(*row))
        .copied()
        .collect();
    let ordered = Points::new(&values, points.n(), points.d())?;
    let labels: Vec<Vec<u32>> = labelings
        .iter()
        .map(|fitted| keyed.iter().map(|(_, row)| fitted.labels[*row]).collect())
        .collect();
    let labeled = labelings
        .iter()
        .zip(&labels)
        .map(|(fitted, labels)| Labeled::new(&ordered, labels, fitted.candidate.k))
        .collect::<Result<Vec<_>, _>>()?;
    let measured = silhouettes(&labeled)?;
    let each = labelings.iter().zip(&labels).zip(measured);
    let each = each.map(|((fitted, labels), measured)| {
        let value = SilhouetteValue {
            mean: measured.mean,
            interval: None,
            customers: points.n() as u64,
        };
        let distinctness = mean_by_segment(labels, &measured.per_point, fitted.candidate.k);
        (value, distinctness)
    });
    Ok(each.collect())
}

/// The mean of the values of each segment's customers.
pub(super) fn mean_by_segment(labels: &[u32], values: &[f64], k: usize) -> Vec<f64> {
    let mut segments = vec![Vec::new(); k];
    for (label, value) in labels.iter().zip(values) {
        segments[*label as usize].push(*value);
    }
    segments.iter().map(|values| mean(values)).collect()
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
    let mut worth: Vec<(Sum, u64)> = (0..model.k()).map(|_| (Sum::new(), 0)).collect();
    for (label, value) in labels.iter().zip(value.unwrap_or_default()) {
        if !value.is_nan() {
            let (sum, count) = &mut worth[*label as usize];
            sum.add(*value);
            *count += 1;
        }
    }
    let keys: Vec<f64> = match value {
        None => sizes.iter().map(|size| *size as f64).collect(),
        Some(_) => worth
            .iter_mut()
            .map(|(sum, count)| sum.total() / (*count).max(1) as f64)
            .collect(),
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
