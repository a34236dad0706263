//! K-Means of points that come in batches.

use rayon::prelude::*;

use crate::config::KMeans;
use crate::error::Error;
use crate::model::Model;
use crate::points::Points;
use crate::real::Real;
use crate::sums::ByExponent;

/// K-Means that sees each point once, in batches, and keeps none.
///
/// The first batch gives the first centroids: those of a fit of it with the default settings. Each batch, the first included,
/// is then labeled by the centroids as they are, and each centroid moves to the mean of all points it was ever given: a
/// learning rate of 1 / count per centroid. These means are exact, so the order of points within a batch does not
/// matter; the order of batches does.
///
/// D. Sculley: Web-scale k-means clustering. WWW 2010. <https://doi.org/10.1145/1772690.1772862>
///
/// ```
/// use tribus_kmeans::{Points, variants::MiniBatchKMeans};
///
/// let mut running = MiniBatchKMeans::new(2, 0);
/// for batch in [[0.0, 1.0, 10.0, 11.0], [0.5, 0.5, 10.5, 10.5]] {
///     running.partial_fit(&Points::new(&batch, 4, 1)?)?;
/// }
/// let model = running.model().expect("there was a batch");
/// assert_eq!(model.assign(&[0.7])?.distance_sq, (0.7_f64 - 0.5).powi(2));
/// assert_eq!(running.counts(), [4, 4]);
/// # Ok::<(), tribus_kmeans::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MiniBatchKMeans {
    k: usize,
    seed: u64,
    state: Option<State>,
}

/// What is kept of all batches.
#[derive(Debug, Clone)]
struct State {
    model: Model,
    /// Points per cluster.
    counts: Vec<u64>,
    /// Their sums, `k x d`.
    sums: Vec<ByExponent>,
}

impl MiniBatchKMeans {
    /// `k` clusters, nothing seen yet; the same seed gives the same result.
    pub fn new(k: usize, seed: u64) -> Self {
        Self {
            k,
            seed,
            state: None,
        }
    }

    /// Goes on from centroids and the number of points that each was given, as [`Self::model`] and [`Self::counts`] say
    /// them; the sums of those points are taken to be centroid times count, so they are as exact as such a product.
    ///
    /// # Errors
    /// [`Error::WeightCount`] if there is not one count per centroid.
    pub fn resumed(model: Model, counts: Vec<u64>) -> Result<Self, Error> {
        if counts.len() != model.k() {
            return Err(Error::WeightCount {
                weights: counts.len(),
                points: model.k(),
            });
        }
        let sum_of = |at: usize, value: &f64| {
            let mut sum = ByExponent::default();
            sum.add(value * counts[at / model.d()] as f64);
            sum
        };
        let values = model.centroids().iter().enumerate();
        let sums = values.map(|(at, value)| sum_of(at, value)).collect();
        Ok(Self {
            k: model.k(),
            seed: 0,
            state: Some(State {
                model,
                counts,
                sums,
            }),
        })
    }

    /// Takes in one batch of `m x d`. Time `O(m k d)`, in parallel; memory 1 kB per value of a centroid, twice for the
    /// time of the call. A batch that is refused changes nothing.
    ///
    /// # Errors
    /// Of the first batch [`Error::ClusterCount`] if `k` is 0, and [`Error::TooFewPoints`] if it has fewer than `k`
    /// points that differ. Of later ones [`Error::Columns`] if they have other columns, and [`Error::TooFar`] for the
    /// first row whose squared distance overflows.
    pub fn partial_fit<T: Real>(&mut self, batch: &Points<T>) -> Result<(), Error> {
        let state = match &self.state {
            Some(state) => state.clone(),
            None => self.seeded(batch)?,
        };
        self.state = Some(state.after(batch)?);
        Ok(())
    }

    /// The centroids as they are; `None` before the first batch.
    pub fn model(&self) -> Option<&Model> {
        self.state.as_ref().map(|state| &state.model)
    }

    /// Points that each centroid was given so far; empty before the first batch.
    pub fn counts(&self) -> &[u64] {
        self.state.as_ref().map_or(&[], |state| &state.counts)
    }

    fn seeded<T: Real>(&self, batch: &Points<T>) -> Result<State, Error> {
        let settings = KMeans {
            k: self.k,
            seed: self.seed,
            ..KMeans::default()
        };
        let model = settings.fit(batch)?.model;
        if model.k() < self.k {
            return Err(Error::TooFewPoints {
                points: model.k(),
                clusters: self.k,
            });
        }
        Ok(State {
            counts: vec![0; self.k],
            sums: vec![ByExponent::default(); self.k * batch.d()],
            model,
        })
    }
}

impl State {
    fn after<T: Real>(mut self, batch: &Points<T>) -> Result<Self, Error> {
        let (k, d) = (self.model.k(), self.model.d());
        let mut rows = vec![Vec::new(); k];
        for (row, assigned) in self.model.assign_all(batch)?.iter().enumerate() {
            rows[assigned.label as usize].push(row);
        }
        let clusters = self.sums.par_chunks_exact_mut(d).zip(&rows);
        clusters.for_each(|(sums, rows)| {
            for &row in rows {
                let values = batch.row(row).iter().zip(&mut *sums);
                values.for_each(|(value, sum)| sum.add(value.widen()));
            }
        });
        let mut centroids = self.model.centroids().to_vec();
        for (cluster, rows) in rows.iter().enumerate().filter(|(_, rows)| !rows.is_empty()) {
            self.counts[cluster] += rows.len() as u64;
            let span = cluster * d..(cluster + 1) * d;
            for (value, sum) in centroids[span.clone()].iter_mut().zip(&self.sums[span]) {
                *value = sum.sum() / self.counts[cluster] as f64;
            }
        }
        self.model = Model::new(centroids, k, d)?;
        Ok(self)
    }
}
