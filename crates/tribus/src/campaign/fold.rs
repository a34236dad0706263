//! One fold held out: scaling, segments, rates and regression are learnt from the other customers, and say whom to contact.

use tribus_kmeans::{KMeans, Model, Points};

use super::Economics;
use super::customers::Customers;
use super::logistic::Regression;
use crate::pipeline::scale_constants;
use crate::recipe::Scale;

/// Starts of a fit to training customers: several where they cost little.
const STARTS: std::ops::RangeInclusive<usize> = 2..=12;
const CUSTOMERS_STARTED_FROM: usize = 16_000;

/// Such a fit ends when centroids move no more than this share of the variance, as scikit-learn's by default.
const TOLERANCE: f64 = 1e-4;

/// How policies are learnt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'r> {
    /// Segments.
    pub(super) k: usize,
    pub(super) economics: Economics,
    pub(super) scale: Scale,
    /// Per feature: the weight of its scaled values.
    pub(super) weights: &'r [f64],
    /// Deal the customers as often as their number allows, not as seldom as may be.
    pub(super) thorough: bool,
    pub(super) seed: u64,
}

/// A customer held out, and which policies contact it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contacts {
    pub(super) customer: usize,
    pub(super) segments: bool,
    pub(super) regression: bool,
}

/// Whom policies learnt from the other folds contact in one fold.
pub(super) fn contacts(
    customers: &Customers,
    dealt: &[usize],
    fold: usize,
    rules: Rules<'_>,
) -> Vec<Contacts> {
    let (held, training): (Vec<usize>, Vec<usize>) =
        (0..customers.n()).partition(|row| dealt[customers.groups[*row]] == fold);
    if training.is_empty() {
        let none = held.into_iter().map(|customer| Contacts {
            customer,
            segments: false,
            regression: false,
        });
        return none.collect();
    }
    let responded: Vec<bool> = training
        .iter()
        .map(|row| customers.responded[*row])
        .collect();
    let axes = Axes::learn(customers, &training, rules.scale, rules.weights);
    let segments = Segments::learn(
        &axes.scaled(customers, &training),
        customers.d,
        &responded,
        rules,
    );
    let standard = Axes::learn(customers, &training, Scale::Standard, &[]);
    let values = standard.scaled(customers, &training);
    let regression = Regression::fit(&values, customers.d, &responded);
    let decide = held.into_iter().map(|customer| Contacts {
        customer,
        segments: segments.pays(&axes.of(customers.row(customer))),
        regression: regression.probability(&standard.of(customers.row(customer)))
            > rules.economics.break_even(),
    });
    decide.collect()
}

/// What training customers say of each feature's scale.
struct Axes {
    /// Center, and what the difference from it is multiplied with; 0 where all are equal.
    constants: Vec<(f64, f64)>,
}

impl Axes {
    /// `weights` may be empty: all 1.
    fn learn(customers: &Customers, training: &[usize], scale: Scale, weights: &[f64]) -> Self {
        let constants = (0..customers.d).map(|column| {
            let values: Vec<f64> = training
                .iter()
                .map(|row| customers.row(*row)[column])
                .collect();
            let (center, spread) = scale_constants(&values, scale);
            let weight = weights.get(column).copied().unwrap_or(1.0);
            if scale == Scale::None {
                // Raw units have their weight already, and nothing was learnt.
                (center, 1.0)
            } else if spread > 0.0 && spread.is_finite() {
                (center, weight / spread)
            } else {
                (center, 0.0)
            }
        });
        Self {
            constants: constants.collect(),
        }
    }

    fn of(&self, row: &[f64]) -> Vec<f64> {
        let scaled = row.iter().zip(&self.constants);
        scaled
            .map(|(value, (center, factor))| (value - center) * factor)
            .collect()
    }

    fn scaled(&self, customers: &Customers, rows: &[usize]) -> Vec<f64> {
        rows.iter()
            .flat_map(|row| self.of(customers.row(*row)))
            .collect()
    }
}

/// Segments of the training customers, and which of them respond above break-even.
struct Segments {
    /// None where the customers cannot be parted: then all are one segment.
    model: Option<Model>,
    pays: Vec<bool>,
}

impl Segments {
    fn learn(values: &[f64], d: usize, responded: &[bool], rules: Rules<'_>) -> Self {
        let n = responded.len();
        let settings = KMeans {
            k: rules.k.min(n),
            restarts: (CUSTOMERS_STARTED_FROM / n).clamp(*STARTS.start(), *STARTS.end()),
            recombinations: 0,
            tolerance: TOLERANCE,
            seed: rules.seed,
            ..KMeans::default()
        };
        let fit = Points::new(values, n, d).and_then(|points| settings.fit(&points));
        let (model, labels) = match fit {
            Ok(fit) => (Some(fit.model), fit.labels),
            Err(_) => (None, vec![0; n]),
        };
        let mut counts = vec![(0_u64, 0_u64); model.as_ref().map_or(1, Model::k)];
        for (label, responded) in labels.iter().zip(responded) {
            let (customers, responses) = &mut counts[*label as usize];
            *customers += 1;
            *responses += u64::from(*responded);
        }
        let above = |(customers, responses): &(u64, u64)| {
            *responses as f64 / (*customers).max(1) as f64 > rules.economics.break_even()
        };
        Self {
            model,
            pays: counts.iter().map(above).collect(),
        }
    }

    /// Whether the nearest segment is contacted.
    fn pays(&self, row: &[f64]) -> bool {
        let nearest = match &self.model {
            // A customer too far away for a distance is in no segment.
            Some(model) => model.assign(row).ok().map(|assigned| assigned.label),
            None => Some(0),
        };
        nearest.is_some_and(|segment| self.pays[segment as usize])
    }
}
