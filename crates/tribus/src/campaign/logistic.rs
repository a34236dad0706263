//! Logistic regression with a ridge penalty of half the squared length of the weights, the intercept free: the objective
//! of scikit-learn's `LogisticRegression()` (C = 1), minimized by Newton's method (iteratively reweighted least squares;
//! le Cessie and van Houwelingen: Ridge estimators in logistic regression. Applied Statistics 41, 1992,
//! <https://doi.org/10.2307/2347628>).

/// Newton's steps, at most; real tables need 6 to 9.
const MOST_STEPS: usize = 40;

/// Halvings of a step that does not descend.
const MOST_HALVINGS: usize = 30;

/// A step this short changes no decision.
const SHORTEST: f64 = 1e-7;

/// Added to the diagonal, so that the free intercept of probabilities near 0 or 1 has a curvature too.
const CURVATURE: f64 = 1e-9;

/// A fitted regression: the intercept, then one weight per column.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Regression {
    parameters: Vec<f64>,
}

impl Regression {
    /// Of n x d features, row-major, and whether each customer responded. O(n d^2) per step.
    pub(super) fn fit(values: &[f64], d: usize, responded: &[bool]) -> Self {
        let mut parameters = vec![0.0; d + 1];
        let responses = responded.iter().filter(|responded| **responded).count();
        if responses == 0 || responses == responded.len() {
            // The best free intercept of one class alone lies at infinity.
            parameters[0] = if responses == 0 {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
            return Self { parameters };
        }
        let rate = responses as f64 / responded.len() as f64;
        parameters[0] = libm::log(rate / (1.0 - rate));
        let mut regression = Self { parameters };
        let problem = Problem {
            values,
            d,
            responded,
        };
        let mut loss = problem.loss(&regression);
        for _ in 0..MOST_STEPS {
            let Some(step) = problem.step(&regression) else {
                break;
            };
            let Some((next, lower)) = problem.descend(&regression, &step, loss) else {
                break;
            };
            regression = next;
            loss = lower;
            if step.iter().all(|change| change.abs() < SHORTEST) {
                break;
            }
        }
        regression
    }

    /// How likely a customer with these features is to respond.
    pub(super) fn probability(&self, row: &[f64]) -> f64 {
        1.0 / (1.0 + libm::exp(-self.score(row)))
    }

    fn score(&self, row: &[f64]) -> f64 {
        let weights = &self.parameters[1..];
        if self.parameters[0].is_infinite() {
            return self.parameters[0];
        }
        let parts = row.iter().zip(weights).map(|(x, weight)| x * weight);
        self.parameters[0] + parts.sum::<f64>()
    }
}

struct Problem<'a> {
    values: &'a [f64],
    d: usize,
    responded: &'a [bool],
}

impl Problem<'_> {
    fn rows(&self) -> impl Iterator<Item = (&[f64], f64)> {
        let responded = self.responded.iter().map(|responded| f64::from(*responded));
        // Without a column every row is empty.
        let row = move |at: usize| &self.values[at * self.d..][..self.d];
        (0..self.responded.len()).map(row).zip(responded)
    }

    /// The penalized negative log likelihood.
    fn loss(&self, regression: &Regression) -> f64 {
        let penalty: f64 = regression.parameters[1..].iter().map(|w| w * w).sum();
        let losses = self.rows().map(|(row, responded)| {
            let score = regression.score(row);
            // log(1 + e^score) without overflow.
            score.max(0.0) + libm::log1p(libm::exp(-score.abs())) - responded * score
        });
        losses.sum::<f64>() + 0.5 * penalty
    }

    /// Newton's step: the gradient divided by the curvature; none where it cannot be solved.
    fn step(&self, regression: &Regression) -> Option<Vec<f64>> {
        let size = self.d + 1;
        let mut gradient: Vec<f64> = regression.parameters.clone();
        gradient[0] = 0.0;
        let mut curvature = vec![0.0; size * size];
        for at in 0..size {
            curvature[at * size + at] = CURVATURE + f64::from(u8::from(at > 0));
        }
        let mut row = vec![1.0; size];
        for (values, responded) in self.rows() {
            row[1..].copy_from_slice(values);
            let probability = regression.probability(values);
            let (residual, weight) = (probability - responded, probability * (1.0 - probability));
            for (a, x) in row.iter().enumerate() {
                gradient[a] += residual * x;
                let weighted = weight * x;
                let line = &mut curvature[a * size..][..=a];
                for (sum, y) in line.iter_mut().zip(&row) {
                    *sum += weighted * y;
                }
            }
        }
        solve(&mut curvature, gradient)
    }

    /// The longest of the step and its halves that lowers the loss.
    fn descend(&self, from: &Regression, step: &[f64], loss: f64) -> Option<(Regression, f64)> {
        let mut share = 1.0;
        for _ in 0..MOST_HALVINGS {
            let moved = from.parameters.iter().zip(step);
            let next = Regression {
                parameters: moved.map(|(from, change)| from - share * change).collect(),
            };
            let lower = self.loss(&next);
            if lower <= loss {
                return Some((next, lower));
            }
            share *= 0.5;
        }
        None
    }
}

/// Solves a symmetric positive definite system given by its lower triangle, by Cholesky's factors.
fn solve(matrix: &mut [f64], mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    for a in 0..size {
        for b in 0..=a {
            let known: f64 = (0..b)
                .map(|c| matrix[a * size + c] * matrix[b * size + c])
                .sum();
            let left = matrix[a * size + b] - known;
            if a == b {
                if left.is_nan() || left <= 0.0 {
                    return None;
                }
                matrix[a * size + a] = left.sqrt();
            } else {
                matrix[a * size + b] = left / matrix[b * size + b];
            }
        }
    }
    for a in 0..size {
        let known: f64 = (0..a).map(|b| matrix[a * size + b] * right[b]).sum();
        right[a] = (right[a] - known) / matrix[a * size + a];
    }
    for a in (0..size).rev() {
        let known: f64 = (a + 1..size).map(|b| matrix[b * size + a] * right[b]).sum();
        right[a] = (right[a] - known) / matrix[a * size + a];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_where_the_penalized_likelihood_is_flat() {
        let values = [
            0.5, 1.0, -1.5, 0.2, 2.0, -0.3, 0.1, 0.9, -0.7, -1.1, 1.2, 0.4, -0.2, 0.3, 0.8, -0.6,
        ];
        let responded = [true, false, true, true, false, true, false, false];
        let Regression { parameters } = Regression::fit(&values, 2, &responded);
        let mut gradient = [0.0, parameters[1], parameters[2]];
        for (row, responded) in values.chunks(2).zip(responded) {
            let score = parameters[0] + parameters[1] * row[0] + parameters[2] * row[1];
            let residual = 1.0 / (1.0 + libm::exp(-score)) - f64::from(responded);
            gradient[0] += residual;
            gradient[1] += residual * row[0];
            gradient[2] += residual * row[1];
        }
        assert!(
            gradient.iter().all(|slope| slope.abs() < 1e-9),
            "{gradient:?}"
        );
    }

    #[test]
    fn what_can_be_told_apart_entirely_keeps_finite_weights() {
        let values = [-2.0, -1.0, 1.0, 2.0];
        let regression = Regression::fit(&values, 1, &[false, false, true, true]);
        assert!(regression.parameters.iter().all(|value| value.is_finite()));
        assert!(regression.probability(&[2.0]) > 0.8 && regression.probability(&[-2.0]) < 0.2);
    }

    #[test]
    fn one_class_alone_is_certain() {
        let never = Regression::fit(&[1.0, 2.0], 1, &[false, false]);
        let always = Regression::fit(&[1.0, 2.0], 1, &[true, true]);
        assert_eq!(
            (never.probability(&[5.0]), always.probability(&[5.0])),
            (0.0, 1.0)
        );
    }

    #[test]
    fn columns_that_repeat_each_other_are_no_trouble() {
        let values = [1.0, 1.0, 0.0, 2.0, 2.0, 0.0, 3.0, 3.0, 0.0];
        let regression = Regression::fit(&values, 3, &[false, true, true]);
        assert!(regression.parameters.iter().all(|value| value.is_finite()));
        assert_eq!(regression.parameters[3], 0.0);
    }
}
