//! Runs that go on where Lloyd's algorithm stops: single moves, and shakes ([`crate::hartigan`]).

use crate::definition::{distance_sq, each_distance_sq, nearest_two};
use crate::draw::Stream;
use crate::hartigan::Moves;
use crate::lloyd::walk::Walk;
use crate::lloyd::{Limits, Run, Stop, Watch};
use crate::real::Real;
use crate::sums::ByExponent;
use crate::table::Table;

/// Leaves room for the roundings of a slack that is taken back from a key.
const SLACK_ROUNDED: f64 = 1.0 - 1e-5;

/// Rounds of single moves and Lloyd's algorithm; real data needs two or three.
const POLISH_ROUNDS: usize = 20;

/// Lloyd's algorithm, then single moves and Lloyd's algorithm in turn, until neither finds anything.
pub(crate) fn lloyd_and_moves<T: Real>(
    table: &Table<T>,
    start: Vec<f64>,
    limits: Limits,
    watch: Watch,
) -> Run {
    let mut walk = Walk::new(table, start);
    let mut stop = walk.go(limits, watch);
    let mut survey = walk.survey();
    for _ in 0..POLISH_ROUNDS {
        let before = (walk.labels.clone(), walk.centroids.clone());
        if stop != Stop::Converged || !walk.move_rows(&survey.movable) {
            break;
        }
        stop = walk.go(limits, watch);
        let next = walk.survey();
        if next.inertia >= survey.inertia {
            // What the moves gained was rounding.
            (walk.labels, walk.centroids) = before;
            break;
        }
        survey = next;
    }
    walk.into_run(survey.inertia, stop)
}

/// Shakes what such a run found, then goes on as it did; nothing if that finds nothing better.
pub(crate) fn shaken<T: Real>(
    table: &Table<T>,
    run: &Run,
    stream: Stream,
    limits: Limits,
    watch: Watch,
) -> Option<Run> {
    let mut moves = Moves::new(table, run.labels.clone(), &run.centroids);
    if !moves.shake(stream) {
        return None;
    }
    let found = lloyd_and_moves(table, moves.means(), limits, watch);
    (found.inertia < run.inertia).then_some(found)
}

/// A look at every row where a walk has ended.
struct Survey {
    inertia: f64,
    /// Rows that might gain by a single move.
    movable: Vec<u32>,
}

impl<T: Real> Walk<'_, '_, T> {
    /// The inertia, and the rows that single moves have to look at.
    ///
    /// A row at distance `a` of its centroid and at least `a + slack` of all others can only gain if
    /// `(a + slack)^2 B / (B + w) < a^2 A / (A - w)`, with `B` the weight of the lightest cluster; that is, if
    /// `slack < a (sqrt(A (B + w) / (B (A - w))) - 1)`. Keys rule most rows out; which of the others are listed is decided
    /// by the definition, because moves follow each other and keys are not the same on every processor.
    fn survey(&self) -> Survey {
        let table = self.table;
        let weights: Vec<f64> = (0..self.targets.k())
            .map(|c| self.sums.weight(&table.grid, c))
            .collect();
        let lightest = weights
            .iter()
            .copied()
            .filter(|&weight| weight > 0.0)
            .fold(f64::INFINITY, f64::min);
        let reach_sq = |all: f64, weight: f64| match all - weight {
            left if left > 0.0 => {
                let reach = (all * (lightest + weight) / (lightest * left)).sqrt() - 1.0;
                reach * reach
            }
            _ => 0.0,
        };
        let reaches_sq: Vec<f64> = weights.iter().map(|&all| reach_sq(all, 1.0)).collect();
        let slack_scale = SLACK_ROUNDED / table.frame.scale;
        let mut sum = ByExponent::default();
        let mut movable = Vec::new();
        let rows = table.points.values().chunks_exact(table.d());
        each_distance_sq(rows, &self.labels, &self.centroids, |row, distance_sq| {
            let (cluster, weight) = (self.labels[row] as usize, table.weight(row));
            sum.add_product(weight, distance_sq);
            let slack =
                f64::from(self.keys[row] - self.drains.levels()[cluster]).max(0.0) * slack_scale;
            let reach_sq = if weight == 1.0 {
                reaches_sq[cluster]
            } else {
                reach_sq(weights[cluster], weight)
            };
            let is_near = |slack: f64| slack * slack < distance_sq * reach_sq;
            if is_near(slack) {
                let second_sq = nearest_two(table.row(row), &self.abreast).second_sq;
                if is_near(second_sq.sqrt() - distance_sq.sqrt()) {
                    movable.push(row as u32);
                }
            }
        });
        Survey {
            inertia: sum.sum(),
            movable,
        }
    }

    /// Makes single moves of these rows and takes over the means they lead to; whether there were any.
    fn move_rows(&mut self, rows: &[u32]) -> bool {
        let mut moves = Moves::new(self.table, self.labels.clone(), &self.centroids);
        let is_better = moves.descend(rows) > 0.0;
        if is_better {
            self.move_to(&moves.means());
        }
        is_better
    }

    fn move_to(&mut self, centroids: &[f64]) {
        let d = self.table.d();
        let pairs = self
            .centroids
            .chunks_exact_mut(d)
            .zip(centroids.chunks_exact(d));
        for (cluster, (old, new)) in pairs.enumerate() {
            let moved = distance_sq(new, old).sqrt();
            let moved = if old == new {
                0.0
            } else {
                moved.max(f64::MIN_POSITIVE)
            };
            self.drains.note(cluster, moved * self.table.frame.scale);
            old.copy_from_slice(new);
        }
        self.drains.rise();
        self.sums.touch_all();
        self.aim();
    }
}
