//! How good a labeling is: measures of any labels on any points, each as scikit-learn defines it.
//!
//! Labels may come from anywhere. Clusters without points do not count. Like the fit, the measures do not depend on
//! the order of rows, on threads or on the processor. Sums are exact, so the relative error of [`Labeled::inertia`],
//! [`Labeled::calinski_harabasz`] and [`Labeled::davies_bouldin`] is a few roundings, whatever the columns' offsets.
//!
//! ```
//! use tribus_kmeans::{Points, quality::Labeled};
//!
//! let data = [1.0, 1.5, 1.2, 8.0, 9.0, 8.5];
//! let points = Points::new(&data, 6, 1)?;
//! let labeled = Labeled::new(&points, &[0, 0, 0, 1, 1, 1], 2)?;
//! assert!(labeled.silhouette()?.mean > 0.9);
//! assert!(labeled.davies_bouldin()? < 0.1);
//! # Ok::<(), tribus_kmeans::Error>(())
//! ```

mod labeled;
mod measures;
mod silhouette;

pub use labeled::Labeled;
pub use silhouette::{Silhouette, SilhouetteEstimate, silhouettes};
