//! Centroids that label any point, seen or not.

use rayon::prelude::*;

use crate::definition::{Centroids, nearest_two};
use crate::error::Error;
use crate::labels::Labeling;
use crate::points::{Points, check_shape};
use crate::real::Real;
use crate::small::is_small;
use crate::vector::widest;

/// Rows that one thread labels at a time.
const ROWS_AT_ONCE: usize = 1024;

/// `k` centroids in `d` dimensions: all that is needed to label points.
///
/// The label of a point is the index of the centroid with the smallest sum of `(x - c)^2`, summed in column order
/// with every operation rounded; of equal sums the lowest index.
///
/// With the feature `serde` a model is written as `k`, `d` and `centroids`. A model that is read is checked as by
/// [`Model::new`].
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Written", into = "Written"))]
pub struct Model {
    centroids: Vec<f64>,
    abreast: Centroids,
    k: usize,
    d: usize,
}

/// A model as it is written.
#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
#[serde(rename = "Model", deny_unknown_fields)]
struct Written {
    k: usize,
    d: usize,
    centroids: Vec<f64>,
}

#[cfg(feature = "serde")]
impl From<Model> for Written {
    fn from(model: Model) -> Self {
        let Model {
            centroids, k, d, ..
        } = model;
        Self { k, d, centroids }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Written> for Model {
    type Error = Error;

    fn try_from(written: Written) -> Result<Self, Error> {
        Self::new(written.centroids, written.k, written.d)
    }
}

/// A centroid seen from a point.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Neighbor {
    /// Index of the centroid.
    pub label: u32,
    /// Squared Euclidean distance from the point to it.
    pub distance_sq: f64,
}

/// Where a point belongs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
            None => Ok(Self {
                abreast: Centroids::new(&centroids, d),
                centroids,
                k,
                d,
            }),
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
        self.nearest(point).ok_or(Error::TooFar { row: 0 })
    }

    /// [`Model::assign`] for each of many points, in their order. Time `O(n k d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::Columns`] if the points have not `d` columns, [`Error::TooFar`] for the first row whose squared
    /// distance overflows.
    pub fn assign_all<T: Real>(&self, points: &Points<T>) -> Result<Vec<Assignment>, Error> {
        self.check_columns(points.d())?;
        if is_small(points.n(), self.k, self.d) {
            return self.assign_part(0, points.values());
        }
        let parts = points.values().par_chunks(ROWS_AT_ONCE * self.d);
        let parts: Vec<Result<Vec<Assignment>, Error>> = parts
            .enumerate()
            .map(|(part, values)| self.assign_part(part * ROWS_AT_ONCE, values))
            .collect();
        // One after another, so that the first row is the one that is told.
        let parts: Result<Vec<Vec<Assignment>>, Error> = parts.into_iter().collect();
        Ok(parts?.concat())
    }

    /// Of each of many points the label of the nearest centroid and the squared distance to it: [`Model::assign_all`]
    /// without the second nearest, in a third of its memory. Time `O(n k d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::Columns`] if the points have not `d` columns, [`Error::TooFar`] for the first row whose squared
    /// distance overflows.
    pub fn label_all<T: Real>(&self, points: &Points<T>) -> Result<(Vec<u32>, Vec<f64>), Error> {
        self.check_columns(points.d())?;
        let mut labels = vec![0; points.n()];
        let mut distances_sq = vec![0.0; points.n()];
        if is_small(points.n(), self.k, self.d) {
            self.label_part(0, points.values(), &mut labels, &mut distances_sq)?;
            return Ok((labels, distances_sq));
        }
        let parts = points.values().par_chunks(ROWS_AT_ONCE * self.d);
        let labels_of = labels.par_chunks_mut(ROWS_AT_ONCE);
        let distances_of = distances_sq.par_chunks_mut(ROWS_AT_ONCE);
        let parts: Vec<Result<(), Error>> = parts
            .zip(labels_of)
            .zip(distances_of)
            .enumerate()
            .map(|(part, ((values, labels), distances_sq))| {
                self.label_part(part * ROWS_AT_ONCE, values, labels, distances_sq)
            })
            .collect();
        parts.into_iter().collect::<Result<(), Error>>()?;
        Ok((labels, distances_sq))
    }

    /// Of each of `n` rows of `d` columns, row by row, the label that [`Model::assign`] gives it, and nothing else: in one
    /// reading, which checks the values too. Time `O(n k d)`, in parallel; memory 4 bytes a row.
    ///
    /// # Errors
    /// [`Error::Columns`] if `d` is not that of the model; [`Error::Empty`], [`Error::Shape`], [`Error::TooManyRows`];
    /// [`Error::NotFinite`] or [`Error::TooFar`] for the first row with a value that is not finite, or with a squared
    /// distance that overflows.
    pub fn labels<T: Real>(&self, values: &[T], n: usize, d: usize) -> Result<Vec<u32>, Error> {
        check_shape(values, n, d)?;
        self.check_columns(d)?;
        Labeling::new(values, d, &self.centroids, &self.abreast).run()
    }

    /// The Euclidean distances of many points to all centroids, row-major `n x k`. Time `O(n k d)`, in parallel.
    ///
    /// # Errors
    /// [`Error::Columns`] if the points have not `d` columns, [`Error::TooFar`] for the first row whose squared
    /// distance overflows.
    pub fn transform<T: Real>(&self, points: &Points<T>) -> Result<Vec<f64>, Error> {
        self.check_columns(points.d())?;
        let mut distances = vec![0.0; points.n() * self.k];
        let values = points.values();
        let far = if is_small(points.n(), self.k, self.d) {
            self.transform_part(0, values, &mut distances)
        } else {
            let parts = values.par_chunks(ROWS_AT_ONCE * self.d);
            let parts = parts.zip(distances.par_chunks_mut(ROWS_AT_ONCE * self.k));
            let far = parts.enumerate().filter_map(|(part, (values, distances))| {
                self.transform_part(part * ROWS_AT_ONCE, values, distances)
            });
            far.min()
        };
        match far {
            Some(row) => Err(Error::TooFar { row }),
            None => Ok(distances),
        }
    }

    fn check_columns(&self, found: usize) -> Result<(), Error> {
        if found == self.d {
            Ok(())
        } else {
            Err(Error::Columns {
                found,
                expected: self.d,
            })
        }
    }

    fn assign_part<T: Real>(&self, first: usize, values: &[T]) -> Result<Vec<Assignment>, Error> {
        let mut assigned = Vec::with_capacity(values.len() / self.d);
        self.each_nearest(
            first,
            values,
            #[inline(always)]
            |nearest| assigned.push(nearest),
        )?;
        Ok(assigned)
    }

    fn label_part<T: Real>(
        &self,
        first: usize,
        values: &[T],
        labels: &mut [u32],
        distances_sq: &mut [f64],
    ) -> Result<(), Error> {
        let mut places = labels.iter_mut().zip(distances_sq);
        self.each_nearest(
            first,
            values,
            #[inline(always)]
            |nearest| {
                if let Some((label, distance_sq)) = places.next() {
                    (*label, *distance_sq) = (nearest.label, nearest.distance_sq);
                }
            },
        )
    }

    /// Calls `take` for each of these rows, in order; `first` is the number of the first.
    fn each_nearest<T: Real>(
        &self,
        first: usize,
        values: &[T],
        mut take: impl FnMut(Assignment),
    ) -> Result<(), Error> {
        widest(
            #[inline(always)]
            || {
                for (row, point) in (first..).zip(values.chunks_exact(self.d)) {
                    take(self.nearest(point).ok_or(Error::TooFar { row })?);
                }
                Ok(())
            },
        )
    }

    /// Fills in the distances of these rows; the first row with a distance that overflows, if any.
    fn transform_part<T: Real>(
        &self,
        first: usize,
        values: &[T],
        distances: &mut [f64],
    ) -> Option<usize> {
        widest(
            #[inline(always)]
            || {
                let mut far = None;
                let rows = values.chunks_exact(self.d);
                let rows = rows.zip(distances.chunks_exact_mut(self.k));
                for (row, (point, distances)) in (first..).zip(rows) {
                    self.abreast.distances_sq(point, |label, distance_sq| {
                        // Lanes behind the last centroid are nobody's.
                        if let Some(distance) = distances.get_mut(label) {
                            *distance = distance_sq.sqrt();
                        }
                    });
                    if far.is_none() && distances.iter().any(|distance| distance.is_infinite()) {
                        far = Some(row);
                    }
                }
                far
            },
        )
    }

    /// `None` if a distance overflows.
    #[inline(always)]
    fn nearest<T: Real>(&self, point: &[T]) -> Option<Assignment> {
        let found = nearest_two(point, &self.abreast);
        let second = Neighbor {
            label: found.second,
            distance_sq: found.second_sq,
        };
        let farthest = if self.k > 1 {
            found.second_sq
        } else {
            found.distance_sq
        };
        farthest.is_finite().then_some(Assignment {
            label: found.label,
            distance_sq: found.distance_sq,
            second: (self.k > 1).then_some(second),
        })
    }
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
    fn every_way_to_label_gives_the_nearest_centroid() {
        let model = Model::new(vec![0.0, 5.0, 9.0], 3, 1).unwrap();
        let data: Vec<f64> = (0..5000).map(|row| f64::from(row % 11)).collect();
        let points = Points::new(&data, data.len(), 1).unwrap();
        let (labels, distances_sq) = model.label_all(&points).unwrap();
        let only_labels = model.labels(&data, data.len(), 1).unwrap();
        let assigned = model.assign_all(&points).unwrap();
        assert_eq!(assigned.len(), data.len());
        // By hand, for the values 0 to 10; 7 lies between two centroids and takes the first.
        let nearest = [0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2];
        let expected_sq = [0.0, 1.0, 4.0, 4.0, 1.0, 0.0, 1.0, 4.0, 1.0, 0.0, 1.0];
        for row in 0..data.len() {
            let (label, distance_sq) = (nearest[row % 11], expected_sq[row % 11]);
            assert_eq!((labels[row], distances_sq[row]), (label, distance_sq));
            assert_eq!(only_labels[row], label);
            let Assignment {
                label: one,
                distance_sq: its,
                ..
            } = assigned[row];
            assert_eq!((one, its), (label, distance_sq));
        }
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

    #[cfg(feature = "serde")]
    #[test]
    fn a_model_that_is_read_is_the_one_written_and_labels_alike() {
        let model = Model::new(vec![0.1 + 0.2, 5.0, -9.0, 1e-300], 2, 2).unwrap();
        let text = serde_json::to_string(&model).unwrap();
        assert_eq!(
            text,
            r#"{"k":2,"d":2,"centroids":[0.30000000000000004,5.0,-9.0,1e-300]}"#
        );
        let read: Model = serde_json::from_str(&text).unwrap();
        assert_eq!(read, model);
        assert_eq!(read.assign(&[1.0, 2.0]), model.assign(&[1.0, 2.0]));
    }

    #[cfg(feature = "serde")]
    #[test]
    fn a_model_that_is_read_is_checked() {
        let problem = |text: &str| serde_json::from_str::<Model>(text).unwrap_err().to_string();
        for (text, told) in [
            (
                r#"{"k":0,"d":1,"centroids":[]}"#,
                Error::ClusterCount { clusters: 0 },
            ),
            (
                r#"{"k":1,"d":0,"centroids":[]}"#,
                Error::Empty {
                    rows: 1,
                    columns: 0,
                },
            ),
            (
                r#"{"k":2,"d":2,"centroids":[1.0,2.0,3.0]}"#,
                Error::CentroidShape {
                    values: 3,
                    clusters: 2,
                    columns: 2,
                },
            ),
        ] {
            assert!(problem(text).starts_with(&told.to_string()), "{text}");
        }
        assert!(problem(r#"{"k":1,"d":1,"centroids":[1.0],"more":1}"#).contains("unknown field"));

        // JSON cannot hold a number that is not finite; other formats can.
        let written = Written {
            k: 1,
            d: 1,
            centroids: vec![f64::NAN],
        };
        assert!(matches!(
            Model::try_from(written),
            Err(Error::Centroid {
                centroid: 0,
                column: 0
            })
        ));
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
