//! The rank-sum test on counted cells: do the values of one sample lie higher?

use crate::statistics::normal::share_below;

/// The two-sided probability that the mean ranks of two samples differ so much by chance (Wilcoxon, Mann and Whitney). Values are
/// known by ordered cells only: `before[j]` and `after[j]` rows are in cell j. Rows of one cell share their mean rank.
///
/// The tail is Skovgaard's saddlepoint approximation of the permutation distribution, in the form of Barndorff-Nielsen, with a
/// correction for the steps of the rank sum. Unlike the normal approximation it holds where nearly all rows share a cell, where
/// one sample is small, and far in the tail: within a few percent of the exact probability in our tests.
///
/// I. M. Skovgaard: Saddlepoint expansions for conditional distributions. Journal of Applied Probability 24, 1987.
/// <https://doi.org/10.2307/3214212>. J. Robinson: Saddlepoint approximations for permutation tests and confidence intervals.
/// Journal of the Royal Statistical Society B 44, 1982. <https://doi.org/10.1111/j.2517-6161.1982.tb01191.x>
pub(crate) fn rank_sum(before: &[u64], after: &[u64]) -> f64 {
    let Some(mut cells) = Cells::of(before, after) else {
        return 1.0;
    };
    // The scores sum to 0 over all rows.
    if cells.observed < 0.0 {
        cells.turn();
    }
    (2.0 * cells.tail()).clamp(f64::MIN_POSITIVE, 1.0)
}

/// The cells that hold rows: rows of both samples, and their mean rank less the mean of all, in units of all rows.
struct Cells {
    rows: Vec<f64>,
    scores: Vec<f64>,
    /// Rows of the second sample.
    drawn: f64,
    all: f64,
    /// The sum of the scores of the second sample.
    observed: f64,
}

impl Cells {
    fn of(before: &[u64], after: &[u64]) -> Option<Self> {
        let all: u64 = before.iter().chain(after).sum();
        let drawn: u64 = after.iter().sum();
        let (mut rows, mut scores) = (Vec::new(), Vec::new());
        let (mut below, mut observed) = (0.0, 0.0);
        for (before, after) in before.iter().zip(after) {
            let both = (before + after) as f64;
            if both == 0.0 {
                continue;
            }
            let score = (below + both / 2.0) / all as f64 - 0.5;
            below += both;
            observed += *after as f64 * score;
            rows.push(both);
            scores.push(score);
        }
        let tells = drawn > 0 && drawn < all && rows.len() > 1;
        tells.then_some(Self {
            rows,
            scores,
            drawn: drawn as f64,
            all: all as f64,
            observed,
        })
    }

    fn turn(&mut self) {
        self.observed = -self.observed;
        for score in &mut self.scores {
            *score = -*score;
        }
    }

    /// Half of the largest step between neighbors. Where one step is much larger than others, the sum moves in such steps with
    /// a little noise, and a smaller correction would promise too much.
    fn half_step(&self) -> f64 {
        let steps = self.scores.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        steps.fold(0.0, f64::max) / 2.0
    }

    fn share(&self) -> f64 {
        self.drawn / self.all
    }

    /// The probability of so large a sum, or a larger one.
    fn tail(&self) -> f64 {
        let target = self.observed - self.half_step();
        let squares = self
            .rows
            .iter()
            .zip(&self.scores)
            .map(|(rows, score)| rows * score * score);
        let share = self.share();
        let variance = share * (1.0 - share) * squares.sum::<f64>() * self.all / (self.all - 1.0);
        let z = target / variance.sqrt();
        // Near the middle the saddlepoint divides nothing by nothing, and nobody needs the value.
        if z < 0.5 {
            return share_below(-z);
        }
        let Some([t, u]) = self.saddlepoint(target) else {
            return share_below(-z);
        };
        let w = (2.0 * (t * target + u * self.drawn - self.cumulant(t, u)).max(0.0)).sqrt();
        let [[tt, tu], [_, uu]] = self.second(t, u);
        let at_rest = self.all * share * (1.0 - share);
        let v = t * ((tt * uu - tu * tu) / at_rest).max(0.0).sqrt();
        let corrected = w + libm::log(v / w) / w;
        if w > 0.0 && v > 0.0 && corrected.is_finite() {
            share_below(-corrected)
        } else {
            share_below(-z)
        }
    }

    /// The logarithm of the moments of rows that are drawn one by one, each with the same probability.
    fn cumulant(&self, t: f64, u: f64) -> f64 {
        let share = self.share();
        let cells = self.rows.iter().zip(&self.scores);
        let cell = |(rows, score): (&f64, &f64)| {
            let x = t * score + u;
            // log(1 - share + share e^x), of the larger of both
            let log = if x > 0.0 {
                x + libm::log(share + (1.0 - share) * libm::exp(-x))
            } else {
                libm::log(1.0 - share + share * libm::exp(x))
            };
            rows * log
        };
        cells.map(cell).sum()
    }

    /// The share of each cell that is drawn, tilted.
    fn drawn_of(&self, t: f64, u: f64) -> impl Iterator<Item = (f64, f64, f64)> {
        let odds = self.share() / (1.0 - self.share());
        let cells = self.rows.iter().zip(&self.scores);
        cells.map(move |(rows, score)| {
            let e = odds * libm::exp((t * score + u).clamp(-700.0, 700.0));
            (*rows, *score, e / (1.0 + e))
        })
    }

    fn second(&self, t: f64, u: f64) -> [[f64; 2]; 2] {
        let mut matrix = [[0.0; 2]; 2];
        for (rows, score, drawn) in self.drawn_of(t, u) {
            let variance = rows * drawn * (1.0 - drawn);
            matrix[0][0] += variance * score * score;
            matrix[0][1] += variance * score;
            matrix[1][1] += variance;
        }
        matrix[1][0] = matrix[0][1];
        matrix
    }

    /// The tilt under which the sum is expected to be `target` and the second sample to have its size: Newton's method on a convex
    /// function, with halved steps.
    fn saddlepoint(&self, target: f64) -> Option<[f64; 2]> {
        let value = |t: f64, u: f64| self.cumulant(t, u) - t * target - u * self.drawn;
        let (mut t, mut u) = (0.0, 0.0);
        let mut now = value(t, u);
        for _ in 0..100 {
            let (mut of_t, mut of_u) = (-target, -self.drawn);
            for (rows, score, drawn) in self.drawn_of(t, u) {
                of_t += rows * drawn * score;
                of_u += rows * drawn;
            }
            let [[tt, tu], [_, uu]] = self.second(t, u);
            let determinant = tt * uu - tu * tu;
            if determinant <= 0.0 {
                return None;
            }
            let (dt, du) = (
                (uu * of_t - tu * of_u) / determinant,
                (tt * of_u - tu * of_t) / determinant,
            );
            let gain = of_t * dt + of_u * du;
            if gain < 1e-16 * (1.0 + now.abs()) {
                return Some([t, u]);
            }
            let mut step = 1.0;
            let mut next = value(t - dt, u - du);
            while next > now && step > 1e-6 {
                step /= 2.0;
                next = value(t - step * dt, u - step * du);
            }
            (t, u, now) = (t - step * dt, u - step * du, next);
        }
        Some([t, u])
    }
}
