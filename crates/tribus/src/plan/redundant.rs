//! Columns that say what other columns say: exact sums, near copies, one-hot blocks, shadows of an outcome.

use std::collections::BTreeMap;

use arrow_array::{Array, Float64Array};
use rayon::prelude::*;

use super::traits::Traits;
use crate::statistics::draw::content_key;
use crate::statistics::{correlation, mean, standard_deviation};

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

/// Rows looked at to propose an identity or a near copy; it is then checked on all.
const LOOKED_AT: usize = 2000;

/// Up to [`LOOKED_AT`] rows without a gap in these columns, chosen by what they hold, not by where they stand.
fn looked_at(columns: &[Traits], candidates: &[usize]) -> Vec<usize> {
    let mut by_name = candidates.to_vec();
    by_name.sort_by(|a, b| columns[*a].name.cmp(&columns[*b].name));
    let numbers: Vec<&Float64Array> = by_name
        .iter()
        .filter_map(|at| columns[*at].array())
        .collect();
    let rows = columns.first().map_or(0, |column| column.rows);
    let mut keyed: Vec<(u64, usize)> = (0..rows)
        .filter(|row| numbers.iter().all(|column| column.is_valid(*row)))
        .map(|row| {
            let values: Vec<f64> = numbers.iter().map(|column| column.value(row)).collect();
            (content_key(&values), row)
        })
        .collect();
    if keyed.len() > LOOKED_AT {
        keyed.select_nth_unstable(LOOKED_AT);
        keyed.truncate(LOOKED_AT);
    }
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn values_at(column: &Traits, rows: &[usize]) -> Vec<f64> {
    column.array().map_or_else(Vec::new, |numbers| {
        rows.iter().map(|row| numbers.value(*row)).collect()
    })
}

/// Finds columns that are exact sums or differences of smaller ones.
///
/// Columns join an orthonormal basis in the order of their means; one that adds nothing to it is a combination of those
/// before it, and an identity when its coefficients are -1, 0 and 1. No pairwise correlation could find these.
/// O(rows looked at x columns squared).
pub(super) fn identities(columns: &[Traits], candidates: &[usize]) -> Vec<Identity> {
    let rows = looked_at(columns, candidates);
    if rows.len() < 3 * candidates.len() {
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
        let values = values_at(&columns[at], &rows);
        match basis.combination(&values) {
            None => basis.add(at, &values),
            Some(coefficients) => found.extend(exact(columns, at, &coefficients)),
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

/// The identity behind the coefficients, if they are -1, 0 and 1 and it holds in every row that has all its values.
fn exact(columns: &[Traits], column: usize, coefficients: &[(usize, f64)]) -> Option<Identity> {
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
    let terms: Vec<(&Float64Array, f64)> = (identity.plus.iter().map(|at| (*at, 1.0)))
        .chain(identity.minus.iter().map(|at| (*at, -1.0)))
        .filter_map(|(at, sign)| columns[at].array().map(|numbers| (numbers, sign)))
        .collect();
    let total = columns[column].array()?;
    let holds = |row: usize| {
        if total.is_null(row) || terms.iter().any(|(numbers, _)| numbers.is_null(row)) {
            return true;
        }
        let mut rest = total.value(row);
        let mut size = rest.abs();
        for (numbers, sign) in &terms {
            rest -= sign * numbers.value(row);
            size = size.max(numbers.value(row).abs());
        }
        rest.abs() <= 1e-9 * size
    };
    (0..total.len()).all(holds).then_some(identity)
}

/// Pairs of columns with a correlation of at least this are near copies.
const NEAR_COPY: f64 = 0.98;

/// Below this correlation on the rows looked at, a pair is not checked on all.
const WORTH_CHECKING: f64 = 0.97;

/// With fewer complete rows than this nothing is told by them, and every pair of up to so many columns is checked.
const FEWEST_LOOKED_AT: usize = 30;
const MOST_CHECKED: usize = 100;

/// Columns standardized on the rows looked at, for quick correlations. Columns are in the order of their names.
struct Standardized {
    /// Too few rows have all the values to tell anything by.
    blind: bool,
    order: Vec<usize>,
    values: Vec<Vec<f64>>,
}

impl Standardized {
    fn new(columns: &[Traits], candidates: &[usize]) -> Self {
        let mut order = candidates.to_vec();
        order.sort_by(|a, b| columns[*a].name.cmp(&columns[*b].name));
        let rows = looked_at(columns, &order);
        let standardize = |at: &usize| {
            let mut values = values_at(&columns[*at], &rows);
            let center = mean(&values);
            let length = (standard_deviation(&values, center) * (values.len() as f64).sqrt())
                .max(f64::MIN_POSITIVE);
            for value in &mut values {
                *value = (*value - center) / length;
            }
            values
        };
        let values = order.par_iter().map(standardize).collect();
        Self {
            blind: rows.len() < FEWEST_LOOKED_AT,
            order,
            values,
        }
    }

    /// Correlations of one column with all before it.
    fn with_earlier(&self, later: usize) -> Vec<f64> {
        let own = &self.values[later];
        self.values[..later]
            .par_iter()
            .map(|other| dot(own, other))
            .collect()
    }
}

/// The correlation over the rows that have both values.
fn exact_correlation(a: &Traits, b: &Traits) -> f64 {
    let (Some(a), Some(b)) = (a.array(), b.array()) else {
        return 0.0;
    };
    let both = a.iter().zip(b.iter()).filter_map(|(x, y)| x.zip(y));
    let (a, b): (Vec<f64>, Vec<f64>) = both.unzip();
    correlation(&a, &b)
}

/// For each near copy: the later of the pair by name, the earlier one, and their correlation.
pub(super) fn near_copies(columns: &[Traits], candidates: &[usize]) -> Vec<(usize, usize, f64)> {
    let standardized = Standardized::new(columns, candidates);
    let order = &standardized.order;
    let every = standardized.blind && order.len() <= MOST_CHECKED;
    let mut gone = vec![false; order.len()];
    let mut copies = Vec::new();
    for later in 1..order.len() {
        let quick = standardized.with_earlier(later);
        let twin = (0..later)
            .filter(|earlier| !gone[*earlier] && (every || quick[*earlier].abs() >= WORTH_CHECKING))
            .map(|earlier| {
                (
                    earlier,
                    exact_correlation(&columns[order[later]], &columns[order[earlier]]),
                )
            })
            .find(|(_, r)| r.abs() >= NEAR_COPY);
        if let Some((earlier, r)) = twin {
            gone[later] = true;
            copies.push((order[later], order[earlier], r));
        }
    }
    copies
}

/// The columns to leave out until at most `most` are left: again and again one of the pair most alike, the later by
/// name, with its twin and their correlation on the rows looked at.
pub(super) fn most_alike(
    columns: &[Traits],
    candidates: &[usize],
    most: usize,
) -> Vec<(usize, usize, f64)> {
    if candidates.len() <= most {
        return Vec::new();
    }
    let standardized = Standardized::new(columns, candidates);
    let order = &standardized.order;
    let mut pairs = Vec::new();
    for later in 1..order.len() {
        let alike = standardized.with_earlier(later).into_iter().enumerate();
        pairs.extend(alike.map(|(earlier, r)| (r, earlier, later)));
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
