//! Exact, reproducible K-Means: points in, centroids out.
//!
//! This crate knows numbers and nothing else: it reads no file, prints no line, asks no clock.
//!
//! ```
//! use tribus_kmeans::{KMeans, Points, quality::Labeled};
//!
//! // Six points of two columns, row by row.
//! let data = [1.0, 2.0, 1.5, 1.8, 1.2, 2.2, 8.0, 8.0, 9.0, 8.5, 8.5, 9.0];
//! let points = Points::new(&data, 6, 2)?;
//!
//! let fit = KMeans { k: 2, ..KMeans::default() }.fit(&points)?;
//! assert_eq!(fit.sizes, [3, 3]);
//! assert_ne!(fit.labels[0], fit.labels[3]);
//!
//! let labeled = Labeled::new(&points, &fit.labels, fit.model.k())?;
//! assert!(labeled.silhouette()?.mean > 0.8);
//!
//! // A point that was not there before.
//! let new = fit.model.assign(&[8.2, 8.1])?;
//! assert_eq!(new.label, fit.labels[3]);
//! # Ok::<(), tribus_kmeans::Error>(())
//! ```
//!
//! # What can be relied on
//!
//! - **One state.** In a [`Fit`] the labels are the nearest of the centroids returned: the smallest sum of `(x - c)^2`
//!   in column order, of equal sums the lowest index. Sizes and inertia follow from these labels and centroids.
//! - **One answer.** The same rows, settings and seed give the same bits on any number of threads (rayon's current
//!   pool), on any processor and, label order aside, in any order of rows. Sums of rows are exact before they are
//!   rounded, random draws belong to a row's content, and whatever single precision cannot tell is decided in double.
//!   Only the last digits of silhouettes, behind the twelfth, may differ between processors.
//! - **Lloyd's algorithm to the end.** With the default tolerance of 0 a run stops when no label changes. Iterations
//!   are counted and empty clusters refilled as in scikit-learn with `tol=0`; what bounds prove unchanged is skipped.
//! - **More than Lloyd's algorithm.** By default sixteen starts are followed by single moves of points (Hartigan) and by
//!   recombinations of the best solutions (HG-means); [`RestartSummary`] says how many starts agree.
//! - **No silent overflow.** [`Points::new`] refuses what is not finite, and ranges whose squares overflow or vanish.
//!   A large common offset costs no digits: it is subtracted, exactly, before anything is summed.
//! - **Large tables.** Above 32,768 rows the search runs on 16,384 different rows, drawn by content; the best of what it
//!   finds is refined on all rows, to the end. Beside the points a fit needs 8 bytes a row and `O(k d)`
//!   ([`KMeans::memory`]).
//! - **Relatives.** [`variants`] has bounds on sizes, batches, trees, directions and trimming, with the same promises.
//!
//! # Features
//!
//! - `ndarray`: points from views of ndarray.
//! - `serde`: settings, models, assignments and [`Fit`] can be written and read. A [`Model`] that is read is checked; the
//!   parts of a [`Fit`] are not checked against each other, and the fits of [`variants`] have no such form.
//!
//! # Papers
//!
//! - S. P. Lloyd: Least squares quantization in PCM, 1982. <https://doi.org/10.1109/TIT.1982.1056489>
//! - D. Arthur, S. Vassilvitskii: k-means++: the advantages of careful seeding, 2007.
//!   <https://dl.acm.org/doi/10.5555/1283383.1283494>
//! - B. Bahmani and others: Scalable k-means++, 2012. <https://doi.org/10.14778/2180912.2180915>
//! - G. Hamerly: Making k-means even faster, 2010. <https://doi.org/10.1137/1.9781611972801.12>
//! - M. Telgarsky, A. Vattani: Hartigan's method: k-means clustering without Voronoi, 2010.
//!   <https://proceedings.mlr.press/v9/telgarsky10a.html>
//! - D. Gribel, T. Vidal: HG-means: a scalable hybrid genetic algorithm for minimum sum-of-squares clustering, 2019.
//!   <https://doi.org/10.1016/j.patcog.2018.12.022>
//! - P. S. Efraimidis, P. G. Spirakis: Weighted random sampling with a reservoir, 2006.
//!   <https://doi.org/10.1016/j.ipl.2005.11.003>
//! - J. Demmel, H. D. Nguyen: Parallel reproducible summation, 2015. <https://doi.org/10.1109/TC.2014.2345391>
//! - R. M. Neal: Fast exact summation using small and large superaccumulators, 2015.
//!   <https://doi.org/10.48550/arXiv.1505.05571>
//! - P. J. Rousseeuw: Silhouettes, 1987. <https://doi.org/10.1016/0377-0427(87)90125-7>
//! - T. Caliński, J. Harabasz: A dendrite method for cluster analysis, 1974.
//!   <https://doi.org/10.1080/03610927408827101>
//! - D. L. Davies, D. W. Bouldin: A cluster separation measure, 1979. <https://doi.org/10.1109/TPAMI.1979.4766909>

mod config;
mod definition;
mod draw;
mod error;
mod fit;
mod hartigan;
mod init;
mod kernel;
mod labels;
mod lloyd;
mod model;
mod order;
mod points;
mod progress;
pub mod quality;
mod real;
mod search;
mod small;
mod sums;
mod sweep;
mod table;
pub mod variants;
mod vector;
mod weights;

pub use config::{Init, KMeans};
pub use error::Error;
pub use fit::{Fit, Warning};
pub use lloyd::{Stop, Work};
pub use model::{Assignment, Model, Neighbor};
pub use points::Points;
pub use progress::{Progress, Stage};
pub use real::Real;
pub use search::RestartSummary;
pub use small::is_small;
