//! Columns that are exactly sums or differences of others.

use arrow_array::{Array, Float64Array};

use super::draft::{DraftColumn, sort_by_name};
use crate::meaning::Traits;
use crate::statistics::draw::content_key;

/// `column` is exactly the sum of `plus` less the sum of `minus`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) column: usize,
    pub(super) plus: Vec<usize>,
    pub(super) minus: Vec<usize>,
    /// Rows in which it does not hold: exports are rounded, and corrected by hand.
    pub(super) deviating: usize,
}

impl Identity {
    /// The formula in words: `MntFruits + MntWines - MntGoldProds`.
    pub(super) fn formula(&self, columns: &[DraftColumn]) -> String {
        let names = |list: &[usize]| -> Vec<&str> {
            let mut names: Vec<&str> = list
                .iter()
                .map(|at| columns[*at].traits.name.as_str())
                .collect();
            names.sort_unstable();
            names
        };
        let mut formula = names(&self.plus).join(" + ");
        for name in names(&self.minus) {
            formula.push_str(" - ");
            formula.push_str(name);
        }
        match self.deviating {
            0 => format!("exactly {formula}"),
            rows => format!("{formula}, but for {rows} rows"),
        }
    }
}

/// Share of the rows in which a sum may not hold.
const MOST_DEVIATING: f64 = 0.005;

/// Rows looked at to propose an identity or a near copy; it is then checked on all.
const LOOKED_AT: usize = 2000;

/// Up to [`LOOKED_AT`] rows without a gap in these columns, chosen by what they hold, not by where they stand.
pub(super) fn looked_at(columns: &[DraftColumn], candidates: &[usize]) -> Vec<usize> {
    chosen(columns, candidates, |numbers, row| {
        numbers.iter().all(|column| column.is_valid(row))
    })
}

/// Up to [`LOOKED_AT`] rows, with or without gaps, chosen in the same way.
pub(super) fn any_rows(columns: &[DraftColumn], candidates: &[usize]) -> Vec<usize> {
    chosen(columns, candidates, |_, _| true)
}

fn chosen(
    columns: &[DraftColumn],
    candidates: &[usize],
    is_fit: impl Fn(&[&Float64Array], usize) -> bool,
) -> Vec<usize> {
    let mut by_name = candidates.to_vec();
    sort_by_name(columns, &mut by_name);
    let numbers: Vec<&Float64Array> = by_name
        .iter()
        .filter_map(|at| columns[*at].traits.array())
        .collect();
    let rows = columns.first().map_or(0, |column| column.traits.rows);
    let mut values = Vec::with_capacity(numbers.len());
    let mut keyed: Vec<(u64, usize)> = (0..rows)
        .filter(|row| is_fit(&numbers, *row))
        .map(|row| {
            values.clear();
            let cells = numbers
                .iter()
                .map(|column| column.is_valid(row).then(|| column.value(row)));
            values.extend(cells.map(|cell| cell.unwrap_or(0.0)));
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

pub(super) fn values_at(column: &Traits, rows: &[usize]) -> Vec<f64> {
    column.array().map_or_else(Vec::new, |numbers| {
        rows.iter().map(|row| numbers.value(*row)).collect()
    })
}

/// Finds columns that are exact sums or differences of smaller ones.
///
/// Columns join an orthonormal basis in the order of their means; one that adds nothing to it is a combination of those
/// before it, and an identity when its coefficients are -1, 0 and 1. No pairwise correlation could find these.
/// O(rows looked at x columns squared).
pub(super) fn identities(columns: &[DraftColumn], candidates: &[usize]) -> Vec<Identity> {
    let rows = looked_at(columns, candidates);
    if rows.len() < 3 * candidates.len() {
        return Vec::new();
    }
    let mut order = candidates.to_vec();
    let mean = |at: usize| {
        columns[at]
            .traits
            .numbers()
            .map_or(0.0, |numbers| numbers.mean)
    };
    order.sort_by(|a, b| {
        mean(*a)
            .total_cmp(&mean(*b))
            .then_with(|| columns[*a].traits.name.cmp(&columns[*b].traits.name))
    });
    let mut basis = Basis::default();
    let mut found = Vec::new();
    for at in order {
        let values = values_at(&columns[at].traits, &rows);
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

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
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
fn exact(
    columns: &[DraftColumn],
    column: usize,
    coefficients: &[(usize, f64)],
) -> Option<Identity> {
    let mut identity = Identity {
        column,
        plus: Vec::new(),
        minus: Vec::new(),
        deviating: 0,
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
        .filter_map(|(at, sign)| columns[at].traits.array().map(|numbers| (numbers, sign)))
        .collect();
    let total = columns[column].traits.array()?;
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
    let deviating = (0..total.len()).filter(|row| !holds(*row)).count();
    identity.deviating = deviating;
    (deviating as f64 <= MOST_DEVIATING * total.len() as f64).then_some(identity)
}
