//! The cheapest labels that keep to bounds on the sizes of clusters: a transport problem, solved exactly.
//!
//! All rows begin at their nearest centroids, the cheapest labels of all. While a cluster is too large or too small, one
//! row after another is moved along the cheapest path through the graph of clusters, where the step from `a` to `b`
//! costs what the cheapest row of `a` loses by going to `b`; earlier rows may be moved on, so steps can cost less than
//! nothing. Labels stay the cheapest for the sizes they have (successive shortest paths; R. K. Ahuja, T. L. Magnanti,
//! J. B. Orlin: Network Flows, 1993, chapter 9), so those that end within bounds are the cheapest of all that do.
//!
//! Squared distances are whole numbers here, of 100 bits for the diameter of the points: sums of costs are exact, and no
//! rounding can make a way round look cheaper than staying.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use super::Nearest;
use crate::definition::distance_sq;
use crate::points::Points;
use crate::real::Real;

const COST_BITS: i32 = 100;

/// How many rows a cluster may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub(super) min: usize,
    pub(super) max: usize,
}

impl Bounds {
    /// Rows to be moved, at least, one path each.
    pub(super) fn violation(self, sizes: &[usize]) -> usize {
        let over = sizes.iter().map(|&size| size.saturating_sub(self.max));
        let under = sizes.iter().map(|&size| self.min.saturating_sub(size));
        over.sum::<usize>().max(under.sum())
    }
}

/// The labels with the smallest sum of squared distances of all whose sizes keep to `bounds`; of equally good rows the
/// one of lower rank moves.
///
/// `bounds` must leave room for all rows. Time `O(n k (d + log n))` and `O(k^3)` at most per row out of bounds.
pub(super) fn labels_within<T: Real>(
    points: &Points<T>,
    ranks: &[u32],
    centroids: &[f64],
    bounds: Bounds,
) -> Vec<u32> {
    let mut transport = Transport {
        points,
        ranks,
        centroids,
        bounds,
        scale: COST_BITS - diameter_exponent(points),
        labels: Nearest::of(points, centroids).labels,
        sizes: vec![0; centroids.len() / points.d()],
        offers: Vec::new(),
        cheapest: Vec::new(),
    };
    for &label in &transport.labels {
        transport.sizes[label as usize] += 1;
    }
    if bounds.violation(&transport.sizes) > 0 {
        transport.gather();
        while let Some(path) = transport.cheapest_path() {
            transport.shift(&path);
        }
    }
    transport.labels
}

/// All squared distances are less than two to this power.
fn diameter_exponent<T: Real>(points: &Points<T>) -> i32 {
    let ranges = (0..points.d()).map(|column| points.extent(column).1 - points.extent(column).0);
    // One more, for means that rounding takes out of the range.
    libm::frexp(ranges.map(|range| range * range).sum::<f64>()).1 + 1
}

/// What a row loses by going to another cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Offer {
    cost: i128,
    rank: u32,
    row: u32,
}

struct Transport<'p, T: Real> {
    points: &'p Points<'p, T>,
    ranks: &'p [u32],
    centroids: &'p [f64],
    bounds: Bounds,
    /// Exponent of the factor that makes squared distances whole.
    scale: i32,
    labels: Vec<u32>,
    sizes: Vec<usize>,
    /// Per ordered pair of clusters, cheapest first; some are of rows that have left.
    offers: Vec<BinaryHeap<Reverse<Offer>>>,
    /// Per ordered pair, the cheapest of a row that is there.
    cheapest: Vec<Option<Offer>>,
}

impl<T: Real> Transport<'_, T> {
    fn k(&self) -> usize {
        self.sizes.len()
    }

    fn offer(&self, row: u32, to: usize) -> Offer {
        let d = self.points.d();
        let values = self.points.row(row as usize);
        let cost = |cluster: usize| {
            let distance_sq = distance_sq(values, &self.centroids[cluster * d..][..d]);
            libm::ldexp(distance_sq, self.scale) as i128
        };
        Offer {
            cost: cost(to) - cost(self.labels[row as usize] as usize),
            rank: self.ranks[row as usize],
            row,
        }
    }

    fn gather(&mut self) {
        let k = self.k();
        let mut rows = vec![Vec::new(); k];
        for (row, &label) in (0..).zip(&self.labels) {
            rows[label as usize].push(row);
        }
        // Every path takes at most one row from a cluster, so no more than these are ever looked at.
        let most = self.bounds.violation(&self.sizes) + 1;
        let of_pair = |pair: usize| {
            let (from, to) = (pair / k, pair % k);
            let rows: &[u32] = if from == to { &[] } else { &rows[from] };
            let offers = rows.iter().map(|&row| Reverse(self.offer(row, to)));
            let mut offers: Vec<Reverse<Offer>> = offers.collect();
            if offers.len() > most {
                offers.select_nth_unstable_by_key(most - 1, |offer| offer.0);
                offers.truncate(most);
            }
            BinaryHeap::from(offers)
        };
        self.offers = (0..k * k).into_par_iter().map(of_pair).collect();
        self.cheapest = vec![None; k * k];
        (0..k).for_each(|from| self.refresh(from));
    }

    fn refresh(&mut self, from: usize) {
        for pair in from * self.k()..(from + 1) * self.k() {
            let offers = &mut self.offers[pair];
            let has_left = |offer: &Offer| self.labels[offer.row as usize] as usize != from;
            while offers.peek().is_some_and(|offer| has_left(&offer.0)) {
                offers.pop();
            }
            self.cheapest[pair] = offers.peek().map(|offer| offer.0);
        }
    }

    /// Rows that a cluster has within its bounds.
    fn held(&self, cluster: usize) -> usize {
        self.sizes[cluster].clamp(self.bounds.min, self.bounds.max)
    }

    /// The cost of a step. Node `k` stands for the room within bounds: a path to it leaves a row more where it came
    /// from, a path from it takes one away.
    fn step(&self, from: usize, to: usize) -> Option<i128> {
        let k = self.k();
        match (from == k, to == k) {
            (false, false) => self.cheapest[from * k + to].map(|offer| offer.cost),
            (false, true) => (self.held(from) < self.bounds.max).then_some(0),
            (true, false) => (self.held(to) > self.bounds.min).then_some(0),
            (true, true) => None,
        }
    }

    /// Per node, rows too many, or too few if less than 0.
    fn surplus(&self) -> Vec<i64> {
        let of_cluster = |cluster| self.sizes[cluster] as i64 - self.held(cluster) as i64;
        let mut surplus: Vec<i64> = (0..self.k()).map(of_cluster).collect();
        surplus.push(-surplus.iter().sum::<i64>());
        surplus
    }

    /// The nodes of the cheapest path from a surplus to a lack (Bellman and Ford); `None` if all bounds are kept.
    fn cheapest_path(&self) -> Option<Vec<usize>> {
        let surplus = self.surplus();
        let nodes = 0..surplus.len();
        let mut costs: Vec<Option<i128>> = surplus
            .iter()
            .map(|&surplus| (surplus > 0).then_some(0))
            .collect();
        let mut before: Vec<usize> = nodes.clone().collect();
        let mut is_lowered: Vec<bool> = costs.iter().map(Option::is_some).collect();
        while is_lowered.contains(&true) {
            for from in nodes.clone() {
                let Some(cost) = costs[from].filter(|_| std::mem::take(&mut is_lowered[from]))
                else {
                    continue;
                };
                for to in nodes.clone() {
                    let Some(step) = self.step(from, to) else {
                        continue;
                    };
                    if costs[to].is_none_or(|known| cost + step < known) {
                        (costs[to], before[to]) = (Some(cost + step), from);
                        is_lowered[to] = true;
                    }
                }
            }
        }
        let lacks = nodes.filter(|&node| surplus[node] < 0);
        let reached = lacks.filter_map(|node| costs[node].map(|cost| (cost, node)));
        let (_, mut node) = reached.min()?;
        let mut path = vec![node];
        while before[node] != node {
            node = before[node];
            path.push(node);
        }
        path.reverse();
        Some(path)
    }

    /// Moves one row per step.
    fn shift(&mut self, path: &[usize]) {
        let k = self.k();
        let clusters = |step: &&[usize]| step.iter().all(|&node| node < k);
        let steps = path.windows(2).filter(clusters);
        let moves: Vec<(u32, usize)> = steps
            .filter_map(|step| Some((self.cheapest[step[0] * k + step[1]]?.row, step[1])))
            .collect();
        for (row, to) in moves {
            let from = std::mem::replace(&mut self.labels[row as usize], to as u32);
            self.sizes[from as usize] -= 1;
            self.sizes[to] += 1;
            for next in (0..k).filter(|&next| next != to) {
                let offer = self.offer(row, next);
                self.offers[to * k + next].push(Reverse(offer));
            }
        }
        for &cluster in path.iter().filter(|&&node| node < k) {
            self.refresh(cluster);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Stream;

    fn cost(points: &Points<f64>, centroids: &[f64], labels: &[u32]) -> f64 {
        let rows = labels.iter().enumerate();
        rows.map(|(row, &label)| {
            distance_sq(
                points.row(row),
                &centroids[label as usize * points.d()..][..points.d()],
            )
        })
        .sum()
    }

    fn is_within(labels: &[u32], k: usize, bounds: Bounds) -> bool {
        let size = |cluster| labels.iter().filter(|&&label| label == cluster).count();
        (0..k as u32).all(|cluster| (bounds.min..=bounds.max).contains(&size(cluster)))
    }

    /// The smallest cost of all labels, tried one by one.
    fn best_by_trial(points: &Points<f64>, centroids: &[f64], k: usize, bounds: Bounds) -> f64 {
        let n = points.n() as u32;
        let labels = (0..k.pow(n)).map(|number| {
            let digit = |row| (number / k.pow(row) % k) as u32;
            (0..n).map(digit).collect::<Vec<u32>>()
        });
        labels
            .filter(|labels| is_within(labels, k, bounds))
            .map(|labels| cost(points, centroids, &labels))
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn labels_are_the_cheapest_of_all_within_bounds() {
        for case in 0..400 {
            let number = |key: u64, limit: usize| Stream::new(case, 0, 0, 0).below(key, limit);
            let (k, d) = (2 + number(0, 2), 1 + number(1, 2));
            let n = k + number(2, 7 - k);
            let min = number(3, n / k + 1);
            let max = n.div_ceil(k) + number(4, 2);
            let bounds = Bounds { min, max };
            // Whole numbers make ties, some tables hold numbers of very different size.
            let value = |key: u64| match case % 3 {
                0 => number(key, 5) as f64,
                1 => number(key, 1 << 30) as f64,
                _ => libm::exp(number(key, 60) as f64),
            };
            let data: Vec<f64> = (0..n * d).map(|at| value(100 + at as u64)).collect();
            let centroids: Vec<f64> = (0..k)
                .flat_map(|c| {
                    let row = number(200 + c as u64, n);
                    data[row * d..][..d].to_vec()
                })
                .collect();
            let points = Points::new(&data, n, d).unwrap();
            let ranks: Vec<u32> = (0..n as u32).collect();
            let labels = labels_within(&points, &ranks, &centroids, bounds);
            assert!(is_within(&labels, k, bounds), "case {case}: {labels:?}");
            let (found, best) = (
                cost(&points, &centroids, &labels),
                best_by_trial(&points, &centroids, k, bounds),
            );
            assert!(
                found <= best * (1.0 + 1e-12),
                "case {case}: {found} is above {best}"
            );
        }
    }
}
