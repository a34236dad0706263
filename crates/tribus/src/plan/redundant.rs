//! Columns that say what other columns say: exact sums, near copies, one-hot blocks, shadows of an outcome.

use std::collections::BTreeMap;

use super::traits::Traits;
use crate::statistics::correlation;

/// `column` is exactly the sum of `plus` less the sum of `minus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) column: usize,
    pub(super) plus: Vec<usize>,
    pub(super) minus: Vec<usize>,
}

impl Identity {
    /// The formula in words: `MntFruits + MntWines - MntGoldProds`.
    pub(super) fn formula(&self, columns: &[Traits]) -> String {
        let names = |list: &[usize]| -> Vec<&str> {
            let mut names: Vec<&str> = list.iter().map(|at| columns[*at].name.as_str()).collect();
            names.sort_unstable();
            names
        };
        let mut formula = names(&self.plus).join(" + ");
        for name in names(&self.minus) {
            formula.push_str(" - ");
            formula.push_str(name);
        }
        formula
    }
}

/// Rows looked at to propose an identity; it is then checked on all.
const LOOKED_AT: usize = 2000;

/// Finds columns that are exact sums or differences of smaller ones.
///
/// Columns join an orthonormal basis in the order of their means; one that adds nothing to it is a combination of those
/// before it, and an identity when its coefficients are -1, 0 and 1. No pairwise correlation could find these.
/// O(rows looked at x columns squared).
pub(super) fn identities(columns: &[Traits], candidates: &[usize]) -> Vec<Identity> {
    let rows = columns
        .first()
        .map_or(0, |column| column.rows)
        .min(LOOKED_AT);
    if rows < 3 * candidates.len() {
        return Vec::new();
    }
    let mut order = candidates.to_vec();
    let mean = |at: usize| columns[at].numbers().map_or(0.0, |numbers| numbers.mean);
    order.sort_by(|a, b| {
        mean(*a)
            .total_cmp(&mean(*b))
            .then_with(|| columns[*a].name.cmp(&columns[*b].name))
    });
    let mut basis = Basis::default();
    let mut found = Vec::new();
    for at in order {
        let values = columns[at].filled();
        match basis.combination(&values[..rows]) {
            None => basis.add(at, &values[..rows]),
            Some(coefficients) => {
                if let Some(identity) = exact(columns, at, &values, &coefficients) {
                    found.push(identity);
                }
            }
        }
    }
    found
}

/// Columns made orthogonal one by one (modified Gram-Schmidt), with what each is in terms of the columns themselves.
#[derive(Default)]
struct Basis {
    columns: Vec<usize>,
    directions: Vec<Vec<f64>>,
    /// `inverse[i]` holds direction i as a combination of the columns.
    inverse: Vec<Vec<f64>>,
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

impl Basis {
    /// What is left of `values` without the directions, and its coordinates on them.
    fn project(&self, values: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let mut rest = values.to_vec();
        let mut coordinates = Vec::with_capacity(self.directions.len());
        for direction in &self.directions {
            let coordinate = dot(&rest, direction);
            for (value, along) in rest.iter_mut().zip(direction) {
                *value -= coordinate * along;
            }
            coordinates.push(coordinate);
        }
        (rest, coordinates)
    }

    /// Coefficients by column, if `values` are a combination of the columns.
    fn combination(&self, values: &[f64]) -> Option<Vec<(usize, f64)>> {
        let (rest, coordinates) = self.project(values);
        if dot(&rest, &rest) > 1e-16 * dot(values, values) {
            return None;
        }
        let coefficients = self.columns.iter().enumerate().map(|(at, column)| {
            let parts = coordinates.iter().zip(&self.inverse);
            let coefficient: f64 = parts
                .map(|(c, inverse)| c * inverse.get(at).copied().unwrap_or(0.0))
                .sum();
            (*column, coefficient)
        });
        Some(coefficients.collect())
    }

    fn add(&mut self, column: usize, values: &[f64]) {
        let (rest, coordinates) = self.project(values);
        let length = dot(&rest, &rest).sqrt();
        if length <= 1e-12 {
            return;
        }
        let mut inverse = vec![0.0; self.columns.len() + 1];
        for (coordinate, other) in coordinates.iter().zip(&self.inverse) {
            for (own, theirs) in inverse.iter_mut().zip(other) {
                *own -= coordinate * theirs / length;
            }
        }
        inverse[self.columns.len()] = 1.0 / length;
        self.columns.push(column);
        self.directions
            .push(rest.into_iter().map(|value| value / length).collect());
        self.inverse.push(inverse);
    }
}

/// The identity behind the coefficients, if they are -1, 0 and 1 and it holds in every row.
fn exact(
    columns: &[Traits],
    column: usize,
    values: &[f64],
    coefficients: &[(usize, f64)],
) -> Option<Identity> {
    let mut identity = Identity {
        column,
        plus: Vec::new(),
        minus: Vec::new(),
    };
    for (other, coefficient) in coefficients {
        match coefficient.round() {
            rounded if (coefficient - rounded).abs() > 1e-4 => return None,
            0.0 => {}
            1.0 => identity.plus.push(*other),
            -1.0 => identity.minus.push(*other),
            _ => return None,
        }
    }
    if identity.plus.len() + identity.minus.len() < 2 || identity.plus.is_empty() {
        return None;
    }
    let mut rest = values.to_vec();
    let mut size = values.iter().map(|value| value.abs()).fold(0.0, f64::max);
    for (list, sign) in [(&identity.plus, -1.0), (&identity.minus, 1.0)] {
        for other in list {
            for (rest, value) in rest.iter_mut().zip(columns[*other].filled()) {
                *rest += sign * value;
                size = size.max(value.abs());
            }
        }
    }
    rest.iter()
        .all(|rest| rest.abs() <= 1e-9 * size)
        .then_some(identity)
}

/// Pairs of columns with a correlation of at least this are near copies.
const NEAR_COPY: f64 = 0.98;

/// For each near copy: the later of the pair by name, the earlier one, and their correlation.
pub(super) fn near_copies(columns: &[Traits], candidates: &[usize]) -> Vec<(usize, usize, f64)> {
    let mut order = candidates.to_vec();
    order.sort_by(|a, b| columns[*a].name.cmp(&columns[*b].name));
    let values: BTreeMap<usize, Vec<f64>> = order
        .iter()
        .map(|at| (*at, columns[*at].filled()))
        .collect();
    let mut kept: Vec<usize> = Vec::new();
    let mut copies = Vec::new();
    for at in order {
        let twin = kept.iter().find_map(|other| {
            let r = correlation(&values[&at], &values[other]);
            (r.abs() >= NEAR_COPY).then_some((at, *other, r))
        });
        match twin {
            Some(twin) => copies.push(twin),
            None => kept.push(at),
        }
    }
    copies
}

/// The columns to leave out until at most `most` are left: again and again one of the pair most alike, the later by
/// name, with its twin and their correlation.
pub(super) fn most_alike(
    columns: &[Traits],
    candidates: &[usize],
    most: usize,
) -> Vec<(usize, usize, f64)> {
    if candidates.len() <= most {
        return Vec::new();
    }
    let mut order = candidates.to_vec();
    order.sort_by(|a, b| columns[*a].name.cmp(&columns[*b].name));
    let values: Vec<Vec<f64>> = order.iter().map(|at| columns[*at].filled()).collect();
    let mut pairs = Vec::new();
    for later in 1..order.len() {
        for earlier in 0..later {
            pairs.push((
                correlation(&values[later], &values[earlier]),
                earlier,
                later,
            ));
        }
    }
    pairs.sort_by(|a, b| {
        b.0.abs()
            .total_cmp(&a.0.abs())
            .then(a.2.cmp(&b.2))
            .then(a.1.cmp(&b.1))
    });
    let mut gone = vec![false; order.len()];
    let mut out = Vec::new();
    for (r, earlier, later) in pairs {
        if order.len() - out.len() <= most {
            break;
        }
        if !gone[earlier] && !gone[later] {
            gone[later] = true;
            out.push((order[later], order[earlier], r));
        }
    }
    out
}

/// Blocks of flags with a common prefix, exactly one of which is 1 in every row: a category written as columns.
/// Each block is its prefix and its columns.
pub(super) fn one_hot_blocks(columns: &[Traits], flags: &[usize]) -> Vec<(String, Vec<usize>)> {
    let mut by_prefix: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for at in flags {
        let name = columns[*at].name.as_str();
        if let Some((prefix, _)) = name.split_once(['_', '=', ':']) {
            by_prefix.entry(prefix).or_default().push(*at);
        }
    }
    by_prefix
        .into_iter()
        .filter(|(_, block)| block.len() > 1)
        .filter(|(_, block)| {
            let rows = columns[block[0]].rows;
            let mut sums = vec![0.0; rows];
            for at in block {
                for (sum, value) in sums.iter_mut().zip(columns[*at].filled()) {
                    *sum += value;
                }
            }
            sums.iter().all(|sum| *sum == 1.0)
        })
        .map(|(prefix, block)| (prefix.to_owned(), block))
        .collect()
}

/// Whether `column` is non-zero only in rows where `outcome` is: money that the outcome brought.
pub(super) fn shadows(column: &Traits, outcome: &Traits) -> bool {
    let (values, outcomes) = (column.filled(), outcome.filled());
    let mut any = false;
    for (value, outcome) in values.iter().zip(&outcomes) {
        if *value != 0.0 {
            if *outcome == 0.0 {
                return false;
            }
            any = true;
        }
    }
    any && outcomes.contains(&0.0)
}
