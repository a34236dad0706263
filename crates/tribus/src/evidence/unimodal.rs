//! The distribution with one mode that is nearest to a column's.

use super::sample::SPIKE;
use crate::statistics::sorted;

/// A column whose values lie on a grid of at most so many steps is a distribution on that grid.
const MOST_STEPS: f64 = 60.0;

/// Bins of any other column: about the square root of the number of values, within these.
const BINS: (usize, usize) = (8, 60);

/// A stretch of the distribution, or a single value.
#[derive(Debug, Clone, Copy)]
struct Bin {
    low: f64,
    high: f64,
    /// Share of all values.
    mass: f64,
}

/// A side of a value.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

impl Bin {
    /// What lies on one side of a value within.
    fn part(&self, value: f64, side: Side) -> Self {
        let left = (value - self.low) / (self.high - self.low);
        match side {
            Side::Left => Self {
                high: value,
                mass: left * self.mass,
                ..*self
            },
            Side::Right => Self {
                low: value,
                mass: (1.0 - left) * self.mass,
                ..*self
            },
        }
    }
}

/// A distribution that rises to one mode and falls from there.
#[derive(Debug, Clone)]
pub(super) struct Unimodal {
    bins: Vec<Bin>,
    /// Share of all values up to the end of each bin.
    up_to: Vec<f64>,
}

impl Unimodal {
    /// The least-squares fit with one mode to the histogram of values (at least one): on their own grid where they have
    /// one, else on bins of equal counts.
    ///
    /// For every place of the mode the fit is an isotonic regression on either side (Barlow, Bartholomew, Bremner and
    /// Brunk: Statistical inference under order restrictions, 1972), which keeps the total. A single value that many share
    /// (zero, or where missing cells were filled) is no mode: it stays as it is, beside the fit.
    pub(super) fn fit(values: &[f64]) -> Self {
        let sorted = sorted(values);
        if let Some(cells) = on_grid(&sorted) {
            return Self::of_cells(&cells, sorted.len());
        }
        let spikes = spikes(&sorted);
        let is_spike = |value: &f64| spikes.iter().any(|spike| spike.low == *value);
        let others: Vec<f64> = sorted.iter().copied().filter(|x| !is_spike(x)).collect();
        let fit = if others.is_empty() {
            Self::of_bins(Vec::new())
        } else {
            Self::of_cells(&in_bins(&others), sorted.len())
        };
        spikes.into_iter().fold(fit, Self::with)
    }

    /// The fit to cells, whose masses are shares of so many values.
    fn of_cells(cells: &[Cell], of: usize) -> Self {
        let densities: Vec<f64> = cells.iter().map(|cell| cell.count / cell.width()).collect();
        let widths: Vec<f64> = cells.iter().map(Cell::width).collect();
        let count: f64 = cells.iter().map(|cell| cell.count).sum();
        let fitted = one_mode(&densities, &widths);
        let masses: Vec<f64> = fitted.iter().zip(&widths).map(|(f, w)| f * w).collect();
        let total: f64 = masses.iter().sum::<f64>() * of as f64 / count;
        let bins = cells.iter().zip(masses).map(|(cell, mass)| Bin {
            low: cell.low,
            high: cell.high,
            mass: mass / total,
        });
        Self::of_bins(bins.collect())
    }

    fn of_bins(bins: Vec<Bin>) -> Self {
        let mut below = 0.0;
        let up_to = bins.iter().map(|bin| {
            below += bin.mass;
            below
        });
        Self {
            up_to: up_to.collect(),
            bins,
        }
    }

    /// The same with a single value of so many customers put in its place.
    fn with(self, spike: Bin) -> Self {
        let value = spike.low;
        let (before, rest): (Vec<Bin>, Vec<Bin>) =
            self.bins.into_iter().partition(|bin| bin.high <= value);
        let (around, behind): (Vec<Bin>, Vec<Bin>) =
            rest.into_iter().partition(|bin| bin.low < value);
        let [left, right] = [Side::Left, Side::Right].map(|side| {
            let part = around.iter().map(|bin| bin.part(value, side));
            part.collect::<Vec<Bin>>()
        });
        Self::of_bins([before, left, vec![spike], right, behind].concat())
    }

    /// The value that a share of all lies below.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let at = self.up_to.partition_point(|up_to| *up_to < share);
        let at = at.min(self.bins.len() - 1);
        let Bin { low, high, mass } = self.bins[at];
        if high <= low || mass <= 0.0 {
            return low;
        }
        let into = share - (self.up_to[at] - mass);
        low + (high - low) * (into / mass).clamp(0.0, 1.0)
    }
}

/// The single values that many share.
fn spikes(sorted: &[f64]) -> Vec<Bin> {
    let share = |run: &[f64]| run.len() as f64 / sorted.len() as f64;
    let runs = sorted.chunk_by(|a, b| a == b);
    runs.filter(|run| share(run) >= SPIKE)
        .map(|run| Bin {
            low: run[0],
            high: run[0],
            mass: share(run),
        })
        .collect()
}

/// Values counted between two ends, or at one value.
struct Cell {
    low: f64,
    high: f64,
    count: f64,
}

impl Cell {
    fn width(&self) -> f64 {
        if self.high > self.low {
            self.high - self.low
        } else {
            1.0
        }
    }
}

/// One cell per step of the values' grid, if they have one that is coarse.
fn on_grid(sorted: &[f64]) -> Option<Vec<Cell>> {
    let (first, last) = (sorted[0], sorted[sorted.len() - 1]);
    let gaps = sorted.windows(2).map(|pair| pair[1] - pair[0]);
    // Steps that differ by rounding alone are one.
    let least = (last - first) * 1e-9;
    let step = gaps
        .filter(|gap| *gap > least)
        .fold(f64::INFINITY, f64::min);
    let steps = (last - first) / step;
    if last > first && steps > MOST_STEPS + 0.5 {
        return None;
    }
    let step = if last > first { step } else { 1.0 };
    let place = |value: f64| ((value - first) / step).round();
    let mut cells: Vec<Cell> = (0..=place(last) as usize)
        .map(|at| {
            let value = first + step * at as f64;
            Cell {
                low: value,
                high: value,
                count: 0.0,
            }
        })
        .collect();
    for value in sorted {
        cells[place(*value) as usize].count += 1.0;
    }
    Some(cells)
}

/// Bins of about equal counts.
fn in_bins(sorted: &[f64]) -> Vec<Cell> {
    let n = sorted.len();
    let count = ((n as f64).sqrt() as usize).clamp(BINS.0, BINS.1);
    let mut edges: Vec<f64> = (0..=count).map(|at| sorted[at * (n - 1) / count]).collect();
    edges.dedup();
    let mut cells: Vec<Cell> = edges
        .windows(2)
        .map(|pair| Cell {
            low: pair[0],
            high: pair[1],
            count: 0.0,
        })
        .collect();
    for value in sorted {
        let at = edges.partition_point(|edge| edge <= value);
        cells[at.clamp(1, edges.len() - 1) - 1].count += 1.0;
    }
    cells
}

/// The nearest values, in weighted squares, that rise up to one place and fall from there.
fn one_mode(values: &[f64], weights: &[f64]) -> Vec<f64> {
    let fitted = |mode: usize| {
        let mut fit = rising(values[..=mode].iter().copied(), &weights[..=mode]);
        let tail: Vec<f64> = weights[mode + 1..].iter().rev().copied().collect();
        let mut down = rising(values[mode + 1..].iter().rev().copied(), &tail);
        down.reverse();
        fit.append(&mut down);
        fit
    };
    let error = |fit: &[f64]| -> f64 {
        let rows = fit.iter().zip(values).zip(weights);
        rows.map(|((fit, value), weight)| weight * (fit - value) * (fit - value))
            .sum()
    };
    let fits = (0..values.len()).map(|mode| {
        let fit = fitted(mode);
        (error(&fit), fit)
    });
    let best = fits.reduce(|best, other| if other.0 < best.0 { other } else { best });
    best.map_or_else(Vec::new, |(_, fit)| fit)
}

/// The nearest rising values (pool adjacent violators).
fn rising(values: impl Iterator<Item = f64>, weights: &[f64]) -> Vec<f64> {
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in values.zip(weights) {
        let mut block = (value, *weight, 1);
        while let Some(&(before, of, many)) = blocks.last()
            && before >= block.0
        {
            let total = of + block.1;
            block = (
                (before * of + block.0 * block.1) / total,
                total,
                many + block.2,
            );
            blocks.pop();
        }
        blocks.push(block);
    }
    let blocks = blocks.into_iter();
    blocks
        .flat_map(|(value, _, many)| std::iter::repeat_n(value, many))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(fit: &Unimodal) -> Vec<f64> {
        fit.bins.iter().map(|bin| bin.mass).collect()
    }

    #[test]
    fn two_modes_become_one() {
        let values: Vec<f64> = [(0, 30), (1, 10), (2, 0), (3, 0), (4, 10), (5, 30)]
            .iter()
            .flat_map(|(value, count)| std::iter::repeat_n(f64::from(*value), *count))
            .collect();
        let fit = shares(&Unimodal::fit(&values));
        let mode = (0..fit.len())
            .max_by(|a, b| fit[*a].total_cmp(&fit[*b]))
            .unwrap();
        assert!(
            fit[..=mode]
                .windows(2)
                .all(|pair| pair[0] <= pair[1] + 1e-12)
        );
        assert!(
            fit[mode..]
                .windows(2)
                .all(|pair| pair[0] + 1e-12 >= pair[1])
        );
        assert!((fit.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn one_mode_is_kept_as_it_is() {
        let values: Vec<f64> = [(0, 5), (1, 20), (2, 40), (3, 10)]
            .iter()
            .flat_map(|(value, count)| std::iter::repeat_n(f64::from(*value), *count))
            .collect();
        let fit = Unimodal::fit(&values);
        for (share, count) in shares(&fit).iter().zip([5.0, 20.0, 40.0, 10.0]) {
            assert!((share - count / 75.0).abs() < 1e-12);
        }
        assert_eq!(fit.quantile(0.5), 2.0);
    }

    #[test]
    fn values_of_a_column_without_a_grid_keep_their_spread() {
        let values: Vec<f64> = (0..1000)
            .map(|i| (f64::from(i) * 0.618_033_988_7).fract().sqrt())
            .collect();
        let fit = Unimodal::fit(&values);
        for share in [0.1, 0.5, 0.9] {
            assert!(
                (fit.quantile(share) - share.sqrt()).abs() < 0.03,
                "{}",
                fit.quantile(share)
            );
        }
    }

    #[test]
    fn a_value_that_many_share_stays_a_spike_wherever_it_is() {
        for value in [-7.0, 0.0, 100.0, 699.0 * 0.37, 1000.0] {
            let mut values: Vec<f64> = (0..700).map(|i| f64::from(i) * 0.37).collect();
            values.extend([value; 300]);
            let fit = Unimodal::fit(&values);
            let drawn = (0..1000).map(|i| fit.quantile((f64::from(i) + 0.5) / 1000.0));
            let drawn: Vec<f64> = drawn.collect();
            let filled = drawn.iter().filter(|drawn| **drawn == value).count();
            assert!((290..=320).contains(&filled), "{filled} at {value}");
            assert!(drawn.is_sorted());
            assert!((fit.up_to[fit.up_to.len() - 1] - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_column_of_spikes_alone_stays_as_it_is() {
        let values: Vec<f64> = (0..100).map(|i| libm::exp(f64::from(i % 4))).collect();
        let irregular: Vec<f64> = values
            .iter()
            .map(|value| value * value * value * value * value)
            .collect();
        let fit = Unimodal::fit(&irregular);
        assert_eq!(shares(&fit).len(), 4);
        assert!((fit.quantile(0.9) / libm::exp(15.0) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_constant_column_stays_constant() {
        let fit = Unimodal::fit(&[3.0; 5]);
        assert_eq!((fit.quantile(0.1), fit.quantile(0.9)), (3.0, 3.0));
    }
}
