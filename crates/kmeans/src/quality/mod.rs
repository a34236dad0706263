//! How good a labeling is: measures of any labels on any points, each as scikit-learn defines it.
//!
//! Labels may come from anywhere. Clusters without points do not count. Like the fit, the measures do not depend on
//! the order of rows or on threads.

mod calinski_harabasz;
mod clusters;
mod davies_bouldin;
mod inertia;
mod silhouette;

pub use calinski_harabasz::calinski_harabasz;
pub use davies_bouldin::davies_bouldin;
pub use inertia::inertia;
pub use silhouette::{Silhouette, SilhouetteEstimate, silhouette, silhouette_sampled};
