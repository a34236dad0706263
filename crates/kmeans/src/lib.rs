//! Exact, reproducible K-Means.
