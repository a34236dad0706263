//! Single moves beyond Lloyd: take a row to another cluster where that lowers the inertia once both means have followed.
//!
//! Lloyd's algorithm stops where each row is with its nearest centroid. But a row of weight `w` that leaves a cluster of
//! weight `A` at squared distance `a` lowers the inertia by `w A / (A - w) a`, and raises it by `w B / (B + w) b` in its
//! new cluster; so a row can gain by moving to a centroid that is a little farther. Where no such move is left, Lloyd's
//! algorithm has nothing to do either, but not the other way round.
//!
//! J. A. Hartigan: Clustering Algorithms, 1975; M. Telgarsky, A. Vattani: Hartigan's method: k-means clustering without
//! Voronoi. AISTATS 2010. <https://proceedings.mlr.press/v9/telgarsky10a.html>
//!
//! What is left after that are partitions that differ in a handful of rows on the border of two clusters, which no
//! single move connects. [`Moves::shake`] takes a few such rows across at once, lets the others follow, and keeps what
//! is better. H. R. Lourenço, O. C. Martin and T. Stützle: Iterated local search, 2003.
//! <https://doi.org/10.1007/0-306-48056-5_11>

use crate::definition::Centroids;
use crate::draw::Stream;
use crate::real::Real;
use crate::table::Table;

/// Moves that gain less than this share of what they are made of may be rounding.
const LEAST_GAIN: f64 = 1e-13;

/// Rounds over all rows; real data settles in a few.
const MOST_ROUNDS: usize = 50;

/// Rows that lose least by moving: those a shake may take.
const BORDER: usize = 48;

/// Rows taken at once.
const MOST_TAKEN: usize = 4;

/// Shakes in a row that find nothing, before it is given up.
const SHAKES: usize = 96;

/// Shakes in all.
const MOST_SHAKES: u64 = 4096;

/// Labels, and means that follow every move of a row.
#[derive(Debug)]
pub(crate) struct Moves<'t, 'a, T: Real> {
    table: &'t Table<'a, T>,
    labels: Vec<u32>,
    means: Centroids,
    /// Per cluster.
    weights: Vec<f64>,
    /// Rows per cluster.
    sizes: Vec<usize>,
    /// Rows that moved since this was last cleared, with the labels they had.
    made: Vec<(u32, u32)>,
    /// The inertia that these moves took out of clusters and brought into others.
    turnover: f64,
}

/// Where a row would best move, and by how much (per unit of weight) that lowers the inertia.
struct Offer {
    to: u32,
    gain: f64,
    /// What the gain is the difference of.
    stay: f64,
}

impl<'t, 'a, T: Real> Moves<'t, 'a, T> {
    /// For labels and their means, `k x d`. Time `O(n)`.
    pub(crate) fn new(table: &'t Table<'a, T>, labels: Vec<u32>, means: &[f64]) -> Self {
        let mut weights = vec![0.0; means.len() / table.d()];
        let mut sizes = vec![0_usize; weights.len()];
        for (row, &label) in labels.iter().enumerate() {
            weights[label as usize] += table.weight(row);
            sizes[label as usize] += 1;
        }
        Self {
            table,
            labels,
            means: Centroids::new(means, table.d()),
            weights,
            sizes,
            made: Vec::new(),
            turnover: 0.0,
        }
    }

    /// The means as they are now.
    pub(crate) fn means(&self) -> Vec<f64> {
        self.means.values(self.weights.len())
    }

    /// Moves these rows, in their order, until none gains by moving; by how much that lowers the inertia, about.
    ///
    /// Time `O(rows k d)` per round.
    pub(crate) fn descend(&mut self, rows: &[u32]) -> f64 {
        let mut gain = 0.0;
        for _ in 0..MOST_ROUNDS {
            let mut is_moved = false;
            for &row in rows {
                if let Some(offer) = self
                    .offer(row)
                    .filter(|offer| offer.gain > LEAST_GAIN * offer.stay)
                {
                    gain += self.take(row, &offer);
                    is_moved = true;
                }
            }
            if !is_moved {
                break;
            }
        }
        gain
    }

    /// Looks for better partitions near this one, which no single move leads to; whether one was found.
    ///
    /// Time `O(n k d)` and `O(k d)` per row on the border and shake.
    pub(crate) fn shake(&mut self, stream: Stream) -> bool {
        let mut border = self.border();
        let mut is_better = false;
        let mut since_better = 0;
        for shake in 0..MOST_SHAKES {
            if since_better == SHAKES || border.is_empty() {
                break;
            }
            since_better += 1;
            let before = (self.means.clone(), self.weights.clone(), self.sizes.clone());
            self.made.clear();
            self.turnover = 0.0;
            let gain = self.take_some(&border, stream, shake) + self.descend(&border);
            if gain > LEAST_GAIN * self.turnover {
                is_better = true;
                since_better = 0;
                border = self.border();
            } else {
                (self.means, self.weights, self.sizes) = before;
                while let Some((row, label)) = self.made.pop() {
                    self.labels[row as usize] = label;
                }
            }
        }
        is_better
    }

    /// The rows that lose least by moving.
    fn border(&self) -> Vec<u32> {
        let rows = 0..self.labels.len() as u32;
        let offers = rows.filter_map(|row| self.offer(row).map(|offer| (row, offer)));
        let loss =
            |(row, offer): (u32, Offer)| (-offer.gain * self.table.weight(row as usize), row);
        let mut rows: Vec<(f64, u32)> = offers.map(loss).collect();
        let by_loss = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if rows.len() > BORDER {
            rows.select_nth_unstable_by(BORDER, by_loss);
            rows.truncate(BORDER);
        }
        rows.sort_unstable_by(by_loss);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Takes a few rows of the border across; the gain, which is most often a loss.
    fn take_some(&mut self, border: &[u32], stream: Stream, shake: u64) -> f64 {
        let number = |key: u64, below: usize| stream.below(shake * 8 + key, below);
        let taken = 1 + number(0, MOST_TAKEN);
        let mut gain = 0.0;
        for place in 0..taken {
            let row = border[number(1 + place as u64, border.len())];
            if let Some(offer) = self.offer(row) {
                gain += self.take(row, &offer);
            }
        }
        gain
    }

    /// The cluster that a row would best move to; `None` for the last row of a cluster.
    fn offer(&self, row: u32) -> Option<Offer> {
        let (values, weight) = (
            self.table.row(row as usize),
            self.table.weight(row as usize),
        );
        let from = self.labels[row as usize] as usize;
        if self.sizes[from] < 2 {
            return None;
        }
        let mut best = (f64::INFINITY, 0);
        let mut stay = 0.0;
        self.means.distances_sq(values, |cluster, distance_sq| {
            // Lanes behind the last cluster have no weight.
            let all = self.weights.get(cluster).copied().unwrap_or(0.0);
            if cluster == from {
                stay = distance_sq * all / (all - weight);
            } else if distance_sq * all < best.0 * (all + weight) {
                best = (distance_sq * all / (all + weight), cluster);
            }
        });
        Some(Offer {
            to: best.1 as u32,
            gain: stay - best.0,
            stay,
        })
        .filter(|offer| offer.gain.is_finite())
    }

    /// Moves a row; by how much that lowers the inertia.
    fn take(&mut self, row: u32, offer: &Offer) -> f64 {
        let (values, weight) = (
            self.table.row(row as usize),
            self.table.weight(row as usize),
        );
        let (from, to) = (
            std::mem::replace(&mut self.labels[row as usize], offer.to) as usize,
            offer.to as usize,
        );
        self.made.push((row, from as u32));
        let leaving = -weight / (self.weights[from] - weight);
        let joining = weight / (self.weights[to] + weight);
        self.means.shift(from, values, leaving);
        self.means.shift(to, values, joining);
        self.weights[from] -= weight;
        self.weights[to] += weight;
        self.sizes[from] -= 1;
        self.sizes[to] += 1;
        // The inertia taken out of one cluster and that brought into the other.
        self.turnover += (2.0 * offer.stay - offer.gain) * weight;
        offer.gain * weight
    }
}
