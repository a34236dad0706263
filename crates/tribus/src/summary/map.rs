//! The customer map: a sample of customers on the two principal axes, and the silhouettes of that kind of sample.

use rayon::prelude::*;
use tribus_kmeans::Points;
use tribus_kmeans::quality::Labeled;

use super::segmented::Segmented;
use super::{CustomerMap, MapPoint};
use crate::pipeline::FeatureMatrix;
use crate::segment::SegmentNumber;
use crate::statistics::draw::{Key, content_key};
use crate::statistics::{mean, sum};

/// Customers on the map.
const POINTS: usize = 2_000;

/// Customers the axes are computed from.
const AXES_FROM: usize = 20_000;

/// Up to so many customers silhouettes are computed for all; above, for a sample of half as many.
const SILHOUETTES: usize = 10_000;

/// Numbers of the shuffles that pick customers for each purpose.
const SHUFFLE_POINTS: u64 = 1;
const SHUFFLE_AXES: u64 = 2;
const SHUFFLE_SILHOUETTES: u64 = 3;

/// What a map is drawn on: its axes and the rows it shows. Both depend on the segments it was first made for alone.
pub(crate) struct Ground {
    axes: Axes,
    drawn: Vec<usize>,
}

impl Ground {
    pub(super) fn of(segmented: &Segmented<'_>, members: &[Vec<usize>]) -> Self {
        let matrix = &segmented.prepared.matrix;
        let drawn = sample(segmented, members, POINTS, SHUFFLE_POINTS);
        Self {
            axes: Axes::of(matrix, &sample(segmented, members, AXES_FROM, SHUFFLE_AXES)),
            drawn: drawn.into_iter().flatten().collect(),
        }
    }

    fn centroids(&self, segmented: &Segmented<'_>) -> Vec<[f64; 2]> {
        segmented
            .centroids
            .chunks(segmented.prepared.matrix.columns())
            .map(|centroid| self.axes.place(centroid).map(thousandths))
            .collect()
    }
}

fn thousandths(x: f64) -> f64 {
    (x * 1e3).round() / 1e3 + 0.0
}

/// The map, and silhouette values by segment.
pub(super) fn customer_map(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
) -> (CustomerMap, Vec<Vec<f64>>) {
    let matrix = &segmented.prepared.matrix;
    let ground = Ground::of(segmented, members);
    let points = ground.drawn.iter().map(|row| {
        let [x, y] = ground.axes.place(matrix.row(*row)).map(thousandths);
        MapPoint(x, y, SegmentNumber::at(segmented.labels[*row] as usize))
    });
    let map = CustomerMap {
        points: points.collect(),
        of: matrix.rows as u64,
        centroids: ground.centroids(segmented),
        variance: ground.axes.variance,
        axes: ground.axes.words(&matrix.names),
    };
    (map, silhouettes(segmented, members))
}

/// The known map on the same ground, its points with the segments they have now.
pub(super) fn same_map(
    segmented: &Segmented<'_>,
    ground: &Ground,
    members: &[Vec<usize>],
    known: &CustomerMap,
) -> (CustomerMap, Vec<Vec<f64>>) {
    let points = ground.drawn.iter().zip(&known.points);
    let map = CustomerMap {
        points: points
            .map(|(row, point)| {
                MapPoint(
                    point.0,
                    point.1,
                    SegmentNumber::at(segmented.labels[*row] as usize),
                )
            })
            .collect(),
        centroids: ground.centroids(segmented),
        ..known.clone()
    };
    (map, silhouettes(segmented, members))
}

/// Up to `most` rows, each segment by its share but with no fewer than 20 where there is room (or all it has); equal customers stay together.
pub(super) fn sample(
    segmented: &Segmented<'_>,
    members: &[Vec<usize>],
    most: usize,
    shuffle: u64,
) -> Vec<Vec<usize>> {
    let matrix = &segmented.prepared.matrix;
    let key = Key::new(segmented.seed, shuffle);
    let draw = |rows: &Vec<usize>| {
        let share = (rows.len() * most) / matrix.rows.max(1);
        let wanted = if matrix.rows <= most {
            rows.len()
        } else {
            share
                .max(20.min(most / members.len().max(1)))
                .min(rows.len())
        };
        let mut keyed: Vec<(u64, usize)> = rows
            .iter()
            .map(|row| (key.of(content_key(matrix.row(*row))), *row))
            .collect();
        if wanted < keyed.len() {
            keyed.select_nth_unstable(wanted);
            keyed.truncate(wanted);
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, row)| row).collect()
    };
    members.par_iter().map(draw).collect()
}

fn silhouettes(segmented: &Segmented<'_>, members: &[Vec<usize>]) -> Vec<Vec<f64>> {
    let matrix = &segmented.prepared.matrix;
    let most = if matrix.rows <= SILHOUETTES {
        matrix.rows
    } else {
        SILHOUETTES / 2
    };
    let drawn = sample(segmented, members, most, SHUFFLE_SILHOUETTES);
    let rows: Vec<usize> = drawn.iter().flatten().copied().collect();
    if segmented.k < 2 || segmented.k >= rows.len() {
        return Vec::new();
    }
    let values: Vec<f64> = rows
        .iter()
        .flat_map(|row| matrix.row(*row))
        .copied()
        .collect();
    let labels: Vec<u32> = rows.iter().map(|row| segmented.labels[*row]).collect();
    let Ok(points) = Points::new(&values, rows.len(), matrix.columns()) else {
        return Vec::new();
    };
    let labeled = Labeled::new(&points, &labels, segmented.k);
    let Ok(measured) = labeled.and_then(|labeled| labeled.silhouette()) else {
        return Vec::new();
    };
    let mut by_segment = vec![Vec::new(); segmented.k];
    for (label, value) in labels.iter().zip(measured.per_point) {
        by_segment[*label as usize].push(value);
    }
    by_segment
}

/// The two principal axes.
struct Axes {
    center: Vec<f64>,
    directions: [Vec<f64>; 2],
    variance: [f64; 2],
}

impl Axes {
    fn of(matrix: &FeatureMatrix, rows: &[Vec<usize>]) -> Self {
        let rows: Vec<usize> = rows.iter().flatten().copied().collect();
        let d = matrix.columns();
        let column =
            |j: usize| -> Vec<f64> { rows.iter().map(|row| matrix.row(*row)[j]).collect() };
        let columns: Vec<Vec<f64>> = (0..d).map(column).collect();
        let center: Vec<f64> = columns.iter().map(|values| mean(values)).collect();
        let spread = Spread::of(columns, &center);
        let total = spread.total();
        let first = spread.leading(None);
        let second = spread.leading(Some(&first));
        let share = |axis: &[f64]| {
            if total > 0.0 {
                spread.along(axis) / total
            } else {
                0.0
            }
        };
        let variance = [share(&first), share(&second)];
        Self {
            center,
            directions: [first, second],
            variance,
        }
    }

    fn place(&self, row: &[f64]) -> [f64; 2] {
        self.directions.each_ref().map(|direction| {
            let terms = row.iter().zip(&self.center).zip(direction);
            terms.map(|((x, center), along)| (x - center) * along).sum()
        })
    }

    /// The features that weigh most on each axis.
    fn words(&self, names: &[String]) -> [String; 2] {
        self.directions.each_ref().map(|direction| {
            let mut order: Vec<usize> = (0..names.len()).collect();
            order.sort_by(|a, b| {
                direction[*b]
                    .abs()
                    .total_cmp(&direction[*a].abs())
                    .then(a.cmp(b))
            });
            let weighty = order
                .iter()
                .take(3)
                .filter(|j| direction[**j].abs() >= 0.25);
            let words: Vec<String> = weighty
                .map(|j| {
                    let more = if direction[*j] > 0.0 { "more" } else { "less" };
                    format!("{more} {}", names[*j])
                })
                .collect();
            words.join(", ")
        })
    }
}

/// The covariance of the columns, in the form that is cheaper to multiply with.
enum Spread {
    /// d x d.
    Whole(Vec<f64>),
    /// The centered columns, where there are fewer rows than columns.
    Factored(Vec<Vec<f64>>),
}

impl Spread {
    /// O(n d min(n, d)) in the multiplications to come.
    fn of(mut columns: Vec<Vec<f64>>, center: &[f64]) -> Self {
        for (column, center) in columns.iter_mut().zip(center) {
            for value in column {
                *value -= center;
            }
        }
        if columns
            .first()
            .is_some_and(|column| column.len() < columns.len())
        {
            Self::Factored(columns)
        } else {
            Self::Whole(covariance(&columns))
        }
    }

    fn d(&self) -> usize {
        match self {
            Self::Whole(covariance) => covariance.len().isqrt(),
            Self::Factored(columns) => columns.len(),
        }
    }

    /// Sum of the variances.
    fn total(&self) -> f64 {
        match self {
            Self::Whole(covariance) => covariance.iter().step_by(self.d() + 1).sum(),
            Self::Factored(columns) => {
                let squares = columns.iter().flatten().map(|value| value * value);
                squares.sum::<f64>() / columns.first().map_or(1, Vec::len) as f64
            }
        }
    }

    /// The covariance times a vector.
    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        match self {
            Self::Whole(covariance) => {
                let rows = covariance.chunks(vector.len());
                rows.map(|row| dot(row, vector)).collect()
            }
            Self::Factored(columns) => {
                let n = columns.first().map_or(0, Vec::len);
                let mut along = vec![0.0; n];
                for (column, weight) in columns.iter().zip(vector) {
                    for (sum, value) in along.iter_mut().zip(column) {
                        *sum += value * weight / n as f64;
                    }
                }
                columns.iter().map(|column| dot(column, &along)).collect()
            }
        }
    }

    /// Variance along an axis.
    fn along(&self, axis: &[f64]) -> f64 {
        let products = self.times(axis);
        products.iter().zip(axis).map(|(a, b)| a * b).sum()
    }

    /// The leading eigenvector, orthogonal to `other`, by power iteration; its largest part is positive.
    fn leading(&self, other: Option<&[f64]>) -> Vec<f64> {
        const ITERATIONS: usize = 500;
        const STILL: f64 = 1e-13;
        // A start with a part along every axis.
        let mut vector: Vec<f64> = (0..self.d())
            .map(|j| 1.0 + (j as f64 * 0.618_033_988_749_894_9).fract())
            .collect();
        for _ in 0..ITERATIONS {
            let mut next = self.times(&vector);
            if let Some(other) = other {
                let along: f64 = next.iter().zip(other).map(|(a, b)| a * b).sum();
                for (value, other) in next.iter_mut().zip(other) {
                    *value -= along * other;
                }
            }
            let length = next.iter().map(|value| value * value).sum::<f64>().sqrt();
            if length <= f64::MIN_POSITIVE {
                return vec![0.0; vector.len()];
            }
            for value in &mut next {
                *value /= length;
            }
            let moved = next
                .iter()
                .zip(&vector)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f64::max);
            vector = next;
            if moved < STILL {
                break;
            }
        }
        let largest =
            vector.iter().copied().fold(
                0.0_f64,
                |most, x| if x.abs() > most.abs() { x } else { most },
            );
        if largest < 0.0 {
            for value in &mut vector {
                *value = -*value;
            }
        }
        vector
    }
}

/// d x d; sums are exact where that is cheap, so that the order of customers does not matter.
fn covariance(centered: &[Vec<f64>]) -> Vec<f64> {
    const EXACT: usize = 64;
    let d = centered.len();
    let n = centered.first().map_or(1, Vec::len).max(1) as f64;
    let mut covariance = vec![0.0; d * d];
    for i in 0..d {
        for j in 0..=i {
            let products = centered[i].iter().zip(&centered[j]).map(|(x, y)| x * y);
            let total = if d <= EXACT {
                sum(products)
            } else {
                products.sum()
            };
            covariance[i * d + j] = total / n;
            covariance[j * d + i] = total / n;
        }
    }
    covariance
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_from_few_rows_of_many_columns_are_those_of_the_covariance() {
        let columns: Vec<Vec<f64>> = (0..9_u32)
            .map(|j| {
                (0..4_u32)
                    .map(|row| f64::from((row * 7 + j * j * 5) % 11) - f64::from(j))
                    .collect()
            })
            .collect();
        let center: Vec<f64> = columns.iter().map(|values| mean(values)).collect();
        let factored = Spread::of(columns, &center);
        let Spread::Factored(centered) = &factored else {
            panic!("4 rows are fewer than 9 columns");
        };
        let whole = Spread::Whole(covariance(centered));
        let first = factored.leading(None);
        let second = factored.leading(Some(&first));
        assert!((factored.total() - whole.total()).abs() < 1e-12);
        for (axis, same) in [
            (&first, whole.leading(None)),
            (&second, whole.leading(Some(&first))),
        ] {
            assert!(axis.iter().zip(&same).all(|(a, b)| (a - b).abs() < 1e-6));
            assert!((factored.along(axis) - whole.along(axis)).abs() < 1e-9);
        }
    }
}
