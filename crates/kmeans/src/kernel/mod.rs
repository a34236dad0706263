//! Which centroid is nearest, for many rows at once: a fast filter in single precision, and its exact backstop.
//!
//! The label of a row is *defined* as the centroid with the smallest sum of `(x - c)^2` in column order, in double
//! precision, every operation rounded ([`crate::definition`]). Evaluating that for every row and centroid costs three
//! operations a value. The filter costs one, on values half as wide:
//!
//! ```text
//! for each tile of 64 rows, transposed so that one row is one lane:          (pack)
//!     for each group of at most 6 centroids:                                 (scores)
//!         score = |c|^2 / 2 - x . c        up to 12 sums in registers; the smallest score is the nearest centroid
//!     keep the best, the second best and the label of the best
//!     where second - best <= 2 x error bound: decide by the definition       (the filter cannot be wrong elsewhere)
//! ```
//!
//! With many clusters a coarser filter in whole numbers of 16 bits goes first ([`short`]); what it leaves open goes
//! through this one.
//!
//! So labels do not depend on the width of vectors, on fused operations or on the filter's precision, only its speed does.

mod ahead;
mod frame;
mod pack;
mod scores;
#[cfg(target_arch = "x86_64")]
mod short;
#[cfg(not(target_arch = "x86_64"))]
#[path = "no_short.rs"]
mod short;

pub(crate) use ahead::ask_for;
pub(crate) use frame::{Frame, Targets};
pub(crate) use pack::{Source, consecutive, pack, pack_all, pack_all_shorts, padded};
pub(crate) use scores::{Scores, score};
pub(crate) use short::{Bound, ShortTargets, Shorts, pack_shorts, score_shorts, tile_len};

/// Rows of a tile: two blocks of two 16-lane vectors, four of two 8-lane ones, eight of two 4-lane ones.
pub(crate) const TILE: usize = 64;

/// Vectors of rows whose sums are kept in registers at once.
pub(crate) const VECTORS: usize = 2;

#[cfg(test)]
mod tests;
