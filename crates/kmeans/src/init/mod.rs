//! Where the first centroids come from.
//!
//! D. Arthur and S. Vassilvitskii: k-means++: the advantages of careful seeding. SODA 2007, 1027-1035.
//! <https://dl.acm.org/doi/10.5555/1283383.1283494>. The greedy form draws several candidates per round and keeps the
//! one that lowers the inertia most, as scikit-learn does; C. Grunau, A. Özüdoğru, V. Rozhoň and J. Tětek bound it in
//! A nearly tight analysis of greedy k-means++, SODA 2023. B. Bahmani, B. Moseley, A. Vattani, R. Kumar and
//! S. Vassilvitskii: Scalable k-means++. PVLDB 5(7), 2012. <https://doi.org/10.14778/2180912.2180915>
//!
//! Squared distances are single precision here, in the filter's frame, in one fixed order of operations: a draw needs
//! no more digits, and gives the same row on every processor.

mod lower;

use std::ops::Range;

use crate::config::{Init, KMeans};
use crate::definition::{Centroids, nearest_two};
use crate::draw::Stream;
use crate::kernel::TILE;
use crate::points::Points;
use crate::table::Table;
use lower::{Candidates, Lowered};

/// Rounds of k-means||; its authors find five to be enough.
const PARALLEL_ROUNDS: usize = 5;

/// Rows drawn per round of k-means||, as a multiple of `k`.
const OVERSAMPLING: f64 = 2.0;

/// Sets the draws among the candidates of k-means|| apart from those that made them.
const AMONG_CANDIDATES: u64 = u64::MAX;

/// Run numbers of rows added to known centroids begin here, apart from those of starts.
const GROWN_RUN: usize = 1 << 34;

/// Rows in canonical order that starts are drawn from.
#[derive(Debug)]
pub(crate) struct Seeder<'t, 'a> {
    table: &'t Table<'a, f64>,
    /// Per row of the packed tiles; places behind the last row weigh nothing.
    weights: Vec<f64>,
    /// Sum of weights per tile.
    tile_weights: Vec<f64>,
}

impl<'t, 'a> Seeder<'t, 'a> {
    /// For a packed table.
    pub(crate) fn new(table: &'t Table<'a, f64>) -> Self {
        let n = table.n();
        let mut weights: Vec<f64> = (0..n).map(|row| table.weight(row)).collect();
        weights.resize(n.next_multiple_of(TILE), 0.0);
        let tile_weights = weights
            .chunks_exact(TILE)
            .map(|tile| tile.iter().sum())
            .collect();
        Self {
            table,
            weights,
            tile_weights,
        }
    }

    pub(crate) fn table(&self) -> &'t Table<'a, f64> {
        self.table
    }

    /// The first centroids of a restart, `k x d`, as the settings ask for them.
    pub(crate) fn start(&self, settings: &KMeans, restart: usize) -> Vec<f64> {
        let KMeans { k, seed, .. } = *settings;
        match settings.init {
            Init::Random => self.random(k, seed, restart),
            Init::Parallel => self.parallel(k, seed, restart),
            Init::PlusPlus | Init::Given(_) => self.plus_plus(k, seed, restart),
        }
    }

    /// `k` rows by greedy k-means++, as centroids `k x d`; the first of them are rows for fewer clusters.
    pub(crate) fn plus_plus(&self, k: usize, seed: u64, run: usize) -> Vec<f64> {
        let first = self.draw(None, Stream::new(seed, run, 0, 0));
        let mut rows = vec![first];
        let closest = self.lowered(None, &[first]).remove(0);
        self.add_far(&mut rows, closest, (k, 1..k), |round, trial| {
            Stream::new(seed, run, round, trial)
        });
        self.fill_up(&mut rows, k);
        self.centroids(&rows)
    }

    /// Centroids, and as many rows far from them as make `k`, drawn as in greedy k-means++.
    pub(crate) fn grown(&self, centroids: &[f64], k: usize, seed: u64) -> Vec<f64> {
        let d = self.table.d();
        let mut closest = None;
        for centroid in centroids.chunks_exact(d) {
            closest = Some(self.lowered_by(closest.as_ref(), centroid).remove(0));
        }
        let missing = k.saturating_sub(centroids.len() / d);
        let mut rows = Vec::with_capacity(missing);
        if let Some(closest) = closest {
            self.add_far(&mut rows, closest, (k, 0..missing), |round, trial| {
                Stream::new(seed, GROWN_RUN + k, round, trial)
            });
        }
        self.fill_up(&mut rows, missing);
        [centroids, &self.centroids(&rows)].concat()
    }

    /// In each round, of several rows drawn by their squared distance, adds the one that lowers the inertia most; ends
    /// early when every row is at a centroid.
    fn add_far(
        &self,
        rows: &mut Vec<usize>,
        mut closest: Lowered,
        (k, rounds): (usize, Range<usize>),
        stream: impl Fn(usize, usize) -> Stream,
    ) {
        let trials = 2 + libm::log(k as f64) as usize;
        for round in rounds {
            if closest.total() <= 0.0 {
                return;
            }
            let draw = |trial| self.draw(Some(&closest), stream(round, trial));
            let drawn: Vec<usize> = (0..trials).map(draw).collect();
            let mut lowered = self.lowered(Some(&closest), &drawn);
            let best = (1..trials).fold(0, |best, trial| {
                if lowered[trial].total() < lowered[best].total() {
                    trial
                } else {
                    best
                }
            });
            rows.push(drawn[best]);
            closest = lowered.swap_remove(best);
        }
    }

    /// `k` rows, each as likely as its weight, as centroids `k x d`.
    pub(crate) fn random(&self, k: usize, seed: u64, run: usize) -> Vec<f64> {
        let stream = Stream::new(seed, run, 0, 0);
        // An exponential race; P. S. Efraimidis, P. G. Spirakis: Weighted random sampling with a reservoir, 2006.
        // <https://doi.org/10.1016/j.ipl.2005.11.003>
        let time = |row: usize| -libm::log(stream.uniform(row as u64)) / self.weights[row];
        let mut times: Vec<(f64, usize)> =
            (0..self.table.n()).map(|row| (time(row), row)).collect();
        times.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let rows: Vec<usize> = times[..k].iter().map(|&(_, row)| row).collect();
        self.centroids(&rows)
    }

    /// `k` rows by k-means||: many rows at once in few rounds, then greedy k-means++ among these, each with the weight
    /// of the rows nearest to it.
    pub(crate) fn parallel(&self, k: usize, seed: u64, run: usize) -> Vec<f64> {
        let mut rows = vec![self.draw(None, Stream::new(seed, run, 0, 0))];
        let mut closest = self.lowered(None, &rows).remove(0);
        for round in 1..=PARALLEL_ROUNDS {
            let scale = OVERSAMPLING * k as f64 / closest.total();
            let stream = Stream::new(seed, run, round, 0);
            let is_drawn = |&row: &usize| {
                stream.uniform(row as u64)
                    < scale * self.weights[row] * f64::from(closest.values[row])
            };
            let drawn: Vec<usize> = (0..self.table.n()).filter(is_drawn).collect();
            for row in &drawn {
                closest = self.lowered(Some(&closest), &[*row]).remove(0);
            }
            rows.extend(drawn);
        }
        self.recluster(rows, k, seed, run)
    }

    fn recluster(&self, mut rows: Vec<usize>, k: usize, seed: u64, run: usize) -> Vec<f64> {
        rows.sort_unstable();
        rows.dedup();
        if rows.len() <= k {
            self.fill_up(&mut rows, k);
            return self.centroids(&rows);
        }
        let candidates = self.centroids(&rows);
        let abreast = Centroids::new(&candidates, self.table.d());
        let mut weights = vec![0.0; rows.len()];
        for row in 0..self.table.n() {
            let nearest = nearest_two(self.table.row(row), &abreast);
            weights[nearest.label as usize] += self.weights[row];
        }
        let d = self.table.d();
        // Too narrow to be told apart: then any of them will do.
        let Ok(points) = Points::new(&candidates, rows.len(), d) else {
            return self.centroids(&rows[..k]);
        };
        let table = Table::packed(&points, Some(&weights), k);
        Seeder::new(&table).plus_plus(k, seed ^ AMONG_CANDIDATES, run)
    }

    /// A row drawn with a probability proportional to its weight times its closest squared distance.
    pub(crate) fn draw(&self, closest: Option<&Lowered>, stream: Stream) -> usize {
        let sums = closest.map_or(&self.tile_weights, |closest| &closest.tile_sums);
        let mut left = stream.uniform(0) * sums.iter().sum::<f64>();
        let mut last = 0;
        for (tile, &sum) in sums.iter().enumerate() {
            if left > sum || sum <= 0.0 {
                left -= sum;
                continue;
            }
            for row in tile * TILE..(tile + 1) * TILE {
                let share = closest.map_or(1.0, |closest| f64::from(closest.values[row]))
                    * self.weights[row];
                if share > 0.0 {
                    last = row;
                    left -= share;
                    if left <= 0.0 {
                        return row;
                    }
                }
            }
        }
        last
    }

    /// For each candidate row, the squared distances of all rows to the closest of what was there and it.
    pub(crate) fn lowered(&self, closest: Option<&Lowered>, candidates: &[usize]) -> Vec<Lowered> {
        let centroids = self.centroids(candidates);
        self.lowered_by(closest, &centroids)
    }

    /// The same for any points, `m x d`.
    pub(crate) fn lowered_by(&self, closest: Option<&Lowered>, points: &[f64]) -> Vec<Lowered> {
        let tiles = self.table.tiles.as_ref().expect("the table is packed");
        let framed = points.iter().enumerate().map(|(at, value)| {
            let column = at % self.table.d();
            ((value - self.table.frame.center[column]) * self.table.frame.scale) as f32
        });
        let candidates = Candidates {
            tiles,
            weights: &self.weights,
            closest,
            points: framed.collect(),
            d: self.table.d(),
        };
        candidates.lower()
    }

    /// Adds the first rows that are not among these until there are `k`.
    fn fill_up(&self, rows: &mut Vec<usize>, k: usize) {
        let missing = k.saturating_sub(rows.len());
        let others: Vec<usize> = (0..self.table.n())
            .filter(|row| !rows.contains(row))
            .take(missing)
            .collect();
        rows.extend(others);
    }

    fn centroids(&self, rows: &[usize]) -> Vec<f64> {
        rows.iter()
            .flat_map(|&row| self.table.row(row))
            .copied()
            .collect()
    }
}
