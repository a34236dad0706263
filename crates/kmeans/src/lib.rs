//! Exact, reproducible K-Means.

mod assign;
mod config;
mod draw;
mod error;
mod fit;
mod init;
mod lloyd;
mod model;
mod order;
mod points;
pub mod quality;
mod tiles;
mod update;

pub use config::{Init, KMeans};
pub use error::Error;
pub use fit::{Fit, RestartSummary, Stop, Warning};
pub use model::{Assignment, Model, Neighbor};
pub use points::Points;
