//! Fits every k of the range and measures it.

use std::ops::RangeInclusive;

use tribus_kmeans::quality::Labeled;
use tribus_kmeans::{Fit, Init, KMeans, Model, Points};

use super::choose::{choose, natural};
use super::stability::stability;
use super::{Candidate, Choice, Evidence, SilhouetteValue};
use crate::pipeline::FeatureMatrix;
use crate::recipe::Clusters;
use crate::statistics::mean;

/// Silhouettes are exact up to this many customers.
const EXACT_SILHOUETTE: usize = 10_000;

/// Customers of the stratified sample above that.
const SILHOUETTE_SAMPLE: usize = 2_000;

/// How hard a number of segments is searched.
#[derive(Clone, Copy)]
enum Effort {
    /// Plain restarts: within a few thousandths of the best inertia the criteria say the same.
    Compared,
    /// The engine's own search, for the number that is made.
    Made,
}

/// The numbers of segments compared when none, or one number, is asked for.
const USUAL_RANGE: (usize, usize) = (2, 10);

/// Numbers of segments whose stability is measured while the number is open.
const MEASURED_STABILITY: RangeInclusive<usize> = 3..=8;

/// What the evidence is gathered for.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// How many segments were asked for.
    pub clusters: Clusters,
    /// Seed of all draws.
    pub seed: u64,
    /// What each customer is worth (NaN where unknown); orders the segments.
    pub value: Option<&'a [f64]>,
    /// Start centroids in scaled units, k x d, instead of random starts; only with an exact number of segments.
    pub init: Option<Vec<f64>>,
}

/// What keeps evidence from being gathered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// More segments than customers.
    #[error("{k} segments asked of {customers} customer{}", if *customers == 1 { "" } else { "s" })]
    TooFewCustomers {
        /// Segments.
        k: usize,
        /// Customers.
        customers: usize,
    },
    /// Too few customers to compare numbers of segments.
    #[error("{customers} customer{} cannot be compared in {from} or more segments", if *customers == 1 { "" } else { "s" })]
    NothingToCompare {
        /// Customers.
        customers: usize,
        /// Lowest number of segments.
        from: usize,
    },
    /// The engine refused the numbers.
    #[error("the features cannot be clustered: {source}")]
    Engine {
        /// Why.
        source: tribus_kmeans::Error,
    },
}

impl EvidenceError {
    /// The way out.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::TooFewCustomers { customers, .. } => {
                Some(format!("ask for at most {customers}: --k {customers}"))
            }
            Self::NothingToCompare { .. } => Some("name the number of segments: --k 1".to_owned()),
            Self::Engine { source } => source.hint().map(ToOwned::to_owned),
        }
    }
}

/// A progress report: k done, and how many there are.
pub type Progress<'p> = &'p (dyn Fn(usize, usize) + Sync);

impl Evidence {
    /// Fits and measures every k of the range, and decides.
    ///
    /// Cost: one fit per k, and O(n^2 d) for exact silhouettes (a sample above 10,000 customers). The result depends
    /// neither on the number of threads nor on the order of the customers.
    ///
    /// # Errors
    /// More segments than customers; numbers the engine refuses.
    pub fn gather(
        matrix: &FeatureMatrix,
        question: &Question<'_>,
        progress: Progress<'_>,
    ) -> Result<(Self, Vec<String>), EvidenceError> {
        let points = Points::new(&matrix.values, matrix.rows, matrix.columns())
            .map_err(|source| EvidenceError::Engine { source })?;
        let range = range(question.clusters, matrix.rows)?;
        let mut candidates: Vec<Candidate> = Vec::with_capacity(range.len());
        let mut warnings = Vec::new();
        for (done, k) in range.iter().enumerate() {
            progress(done, range.len());
            let init = match (&question.init, question.clusters) {
                (Some(init), Clusters::Exactly(asked)) if asked == *k => Init::Given(init.clone()),
                _ => Init::PlusPlus,
            };
            let asked = question.clusters == Clusters::Exactly(*k);
            let effort = if asked {
                Effort::Made
            } else {
                Effort::Compared
            };
            let (candidate, warning) = fit(&points, *k, init, effort, question)?;
            // With fewer distinct customers than segments, larger numbers say the same again.
            if candidates.iter().all(|other| other.k != candidate.k) {
                candidates.push(candidate);
            }
            if asked {
                warnings.extend(warning);
            }
        }
        candidates.sort_by_key(|candidate| candidate.k);
        progress(range.len(), range.len());
        add_stability(&points, &mut candidates, question);
        let choice = choose_and_refine(&points, &mut candidates, question)?;
        Ok((Self { candidates, choice }, warnings))
    }
}

/// Decides, then searches the number chosen as hard as if it had been asked for.
fn choose_and_refine(
    points: &Points<'_>,
    candidates: &mut [Candidate],
    question: &Question<'_>,
) -> Result<Choice, EvidenceError> {
    let choice = choose(candidates, question.clusters, points.n());
    if choice.requested {
        return Ok(choice);
    }
    let (refined, _) = fit(points, choice.k, Init::PlusPlus, Effort::Made, question)?;
    for candidate in candidates
        .iter_mut()
        .filter(|candidate| candidate.k == refined.k)
    {
        *candidate = Candidate {
            stability: candidate.stability,
            ..refined.clone()
        };
    }
    // Its measures may differ in the third digit; what was decided stays.
    let again = choose(candidates, question.clusters, points.n());
    Ok(if again.k == choice.k { again } else { choice })
}

/// Stability of the number that separates best, and of the useful ones where the number is open.
fn add_stability(points: &Points<'_>, candidates: &mut [Candidate], question: &Question<'_>) {
    let natural_k = natural(candidates).map(|candidate| candidate.k);
    let open = !matches!(question.clusters, Clusters::Exactly(_));
    for candidate in candidates {
        if Some(candidate.k) == natural_k || (open && MEASURED_STABILITY.contains(&candidate.k)) {
            candidate.stability = stability(points, candidate, question.seed);
        }
    }
}

/// The numbers of segments to fit, ascending.
fn range(clusters: Clusters, customers: usize) -> Result<Vec<usize>, EvidenceError> {
    // With as many segments as customers there is nothing left to measure.
    let most = customers.saturating_sub(1);
    let (usual_from, usual_to) = USUAL_RANGE;
    let mut range: Vec<usize> = match clusters {
        Clusters::Range(from, to) if from <= customers => (from..=to.min(customers)).collect(),
        Clusters::Range(k, _) => return Err(EvidenceError::TooFewCustomers { k, customers }),
        Clusters::Exactly(k) if k > customers => {
            return Err(EvidenceError::TooFewCustomers { k, customers });
        }
        Clusters::Exactly(_) | Clusters::Auto => (usual_from..=usual_to.min(most)).collect(),
    };
    if let Clusters::Exactly(k) = clusters
        && !range.contains(&k)
    {
        range.push(k);
    }
    if range.is_empty() {
        return Err(EvidenceError::NothingToCompare {
            customers,
            from: usual_from,
        });
    }
    range.sort_unstable();
    Ok(range)
}

fn fit(
    points: &Points<'_>,
    k: usize,
    init: Init,
    effort: Effort,
    question: &Question<'_>,
) -> Result<(Candidate, Option<String>), EvidenceError> {
    let engine = |source| EvidenceError::Engine { source };
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
    let fit = settings.fit(points).map_err(engine)?;
    let warning = fit.warnings.first().map(|_| {
        format!(
            "only {} distinct customers differ in the features: {k} segments were asked, {} can be made",
            fit.model.k(),
            fit.model.k()
        )
    });
    let candidate = measure(points, &fit, question)?;
    Ok((candidate, warning))
}

/// The criteria of one fit, its clusters in segment order.
fn measure(
    points: &Points<'_>,
    fit: &Fit,
    question: &Question<'_>,
) -> Result<Candidate, EvidenceError> {
    let engine = |source| EvidenceError::Engine { source };
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
    let labeled = Labeled::new(points, &labels, k).map_err(engine)?;
    let finite =
        |measured| comparable(measured).map(|value| value.filter(|value: &f64| value.is_finite()));
    Ok(Candidate {
        k,
        inertia: fit.inertia,
        silhouette: comparable(measure_silhouette(&labeled, points.n(), question.seed))?,
        calinski_harabasz: finite(labeled.calinski_harabasz())?,
        davies_bouldin: finite(labeled.davies_bouldin())?,
        sizes: order.iter().map(|cluster| fit.sizes[*cluster]).collect(),
        centroids,
        stability: None,
    })
}

/// A measure; none where there are no clusters to compare.
fn comparable<V>(measured: Result<V, tribus_kmeans::Error>) -> Result<Option<V>, EvidenceError> {
    match measured {
        Ok(value) => Ok(Some(value)),
        Err(tribus_kmeans::Error::NotComparable { .. }) => Ok(None),
        Err(source) => Err(EvidenceError::Engine { source }),
    }
}

fn measure_silhouette(
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
