//! K-Means as a caller sees it. One program for all these tests: the generic engine is compiled once for them.

mod edges;
mod equivalence;
mod golden;
mod invariance;
mod limits;
mod measures;
mod naive;
mod properties;
mod quality;
mod random;
mod reference;
mod search;
mod sweep;
mod threads;
mod variants;
mod work;
