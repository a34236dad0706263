//! Centroids that label any point, seen or not.

use rayon::prelude::*;

use crate::error::Error;
use crate::points::Points;

/// `k` centroids in `d` dimensions: all that is needed to label points.
///
/// The label of a point is the index of the centroid with the smallest sum of `(x - c)^2`, summed in column order
/// with every operation rounded; of equal sums the lowest index.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    centroids: Vec<f64>,
    k: usize,
    d: usize,
}

/// A centroid seen from a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbor {
    /// Index of the centroid.
    pub label: u32,
    /// Squared Euclidean distance from the point to it.
    pub distance_sq: f64,
}

/// Where a point belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assignment {
    /// Index of the nearest centroid.
    pub label: u32,
    /// Squared Euclidean distance to it.
    pub distance_sq: f64,
    /// The second nearest centroid; `None` if there is only one.
    pub second: Option<Neighbor>,
}

impl Model {
    /// A model of known centroids, `k x d` row-major.
    ///
    /// # Errors
    /// [`Error::ClusterCount`] or [`Error::Empty`] if `k` or `d` is 0, [`Error::CentroidShape`] if the length is
    /// not `k x d`, [`Error::Centroid`] if a value is not finite.
    pub fn new(centroids: Vec<f64>, k: usize, d: usize) -> Result<Self, Error> {
        if k == 0 || k >= u32::MAX as usize {
            return Err(Error::ClusterCount { clusters: k });
        }
        if d == 0 {
            return Err(Error::Empty {
                rows: k,
                columns: d,
            });
        }
        if k.checked_mul(d) != Some(centroids.len()) {
            return Err(Error::CentroidShape {
                values: centroids.len(),
                clusters: k,
                columns: d,
            });
        }
        match centroids.iter().position(|value| !value.is_finite()) {
            Some(index) => Err(Error::Centroid {
                centroid: index / d,
                column: index % d,
            }),
            None => Ok(Self { centroids, k, d }),
        }
    }

    /// Number of centroids.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Number of columns.
    pub fn d(&self) -> usize {
        self.d
    }

    /// All centroids, `k x d` row-major.
    pub fn centroids(&self) -> &[f64] {
        &self.centroids
    }

    /// The `d` values of one centroid.
    ///
    /// # Panics
    /// If `cluster` is not below [`Model::k`].
    pub fn centroid(&self, cluster: usize) -> &[f64] {
        &self.centroids[cluster * self.d..(cluster + 1) * self.d]
    }

    /// The nearest and the second nearest centroid of one point. Time `O(k d)`.
    ///
    /// # Errors
    /// [`Error::Columns`] if the point has not `d` values, [`Error::NotFinite`] if one is missing, and
    /// [`Error::TooFar`] if a squared distance overflows. The row in both is 0.
    pub fn assign(&self, point: &[f64]) -> Result<Assignment, Error> {
        if point.len() != self.d {
            return Err(Error::Columns {
                found: point.len(),
                expected: self.d,
            });
        }
        if let Some(column) = point.iter().position(|value| !value.is_finite()) {
            return Err(Error::NotFinite { row: 0, column });
        }
        self.nearest_two(point).ok_or(Error::TooFar { row: 0 })
    }

    /// [`Model::assign`] for each of many points, in their order. Time `O(n k d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::Columns`] if the points have not `d` columns, [`Error::TooFar`] for the first row whose squared
    /// distance overflows.
    pub fn assign_all(&self, points: &Points) -> Result<Vec<Assignment>, Error> {
        if points.d() != self.d {
            return Err(Error::Columns {
                found: points.d(),
                expected: self.d,
            });
        }
        let found: Vec<Option<Assignment>> = (0..points.n())
            .into_par_iter()
            .map(|row| self.nearest_two(points.row(row)))
            .collect();
        let rows = found.into_iter().enumerate();
        rows.map(|(row, assignment)| assignment.ok_or(Error::TooFar { row }))
            .collect()
    }

    /// `None` if a distance overflows.
    fn nearest_two(&self, point: &[f64]) -> Option<Assignment> {
        let mut first = Neighbor {
            label: 0,
            distance_sq: f64::INFINITY,
        };
        let mut second = None;
        for (label, centroid) in (0..).zip(self.centroids.chunks_exact(self.d)) {
            let distance_sq = distance_sq(point, centroid);
            if !distance_sq.is_finite() {
                return None;
            }
            let here = Neighbor { label, distance_sq };
            if distance_sq < first.distance_sq {
                second = (label > 0).then_some(first);
                first = here;
            } else if second.is_none_or(|second: Neighbor| distance_sq < second.distance_sq) {
                second = Some(here);
            }
        }
        Some(Assignment {
            label: first.label,
            distance_sq: first.distance_sq,
            second,
        })
    }
}

/// The sum of `(x - c)^2` in column order: the definition that all kernels agree with.
fn distance_sq(point: &[f64], centroid: &[f64]) -> f64 {
    point
        .iter()
        .zip(centroid)
        .fold(0.0, |sum, (x, c)| sum + (x - c) * (x - c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_lowest_index_and_the_other_is_second() {
        let model = Model::new(vec![9.0, 1.0, -1.0], 3, 1).unwrap();
        let assignment = model.assign(&[0.0]).unwrap();
        assert_eq!(assignment.label, 1);
        assert_eq!(
            assignment.second,
            Some(Neighbor {
                label: 2,
                distance_sq: 1.0
            })
        );
    }

    #[test]
    fn one_centroid_has_no_second() {
        let model = Model::new(vec![1.0, 2.0], 1, 2).unwrap();
        let assignment = model.assign(&[4.0, 6.0]).unwrap();
        assert_eq!(
            assignment,
            Assignment {
                label: 0,
                distance_sq: 25.0,
                second: None
            }
        );
    }

    #[test]
    fn points_that_cannot_be_labeled_are_refused() {
        let model = Model::new(vec![0.0, 0.0], 1, 2).unwrap();
        assert_eq!(
            model.assign(&[1.0]),
            Err(Error::Columns {
                found: 1,
                expected: 2
            })
        );
        assert_eq!(
            model.assign(&[1.0, f64::NAN]),
            Err(Error::NotFinite { row: 0, column: 1 })
        );
        assert_eq!(model.assign(&[1e200, 0.0]), Err(Error::TooFar { row: 0 }));
    }

    #[test]
    fn centroids_that_are_no_model_are_refused() {
        assert!(matches!(
            Model::new(vec![], 0, 1),
            Err(Error::ClusterCount { .. })
        ));
        assert!(matches!(
            Model::new(vec![1.0], 1, 2),
            Err(Error::CentroidShape { .. })
        ));
        assert!(matches!(
            Model::new(vec![1.0, f64::INFINITY], 2, 1),
            Err(Error::Centroid {
                centroid: 1,
                column: 0
            })
        ));
    }
}
