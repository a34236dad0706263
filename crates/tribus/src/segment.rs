//! Which segment: a number that people count from 1, and arrays from 0.

use std::fmt;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

/// The number of a segment. People and files count segments from 1; what is held for each segment stands in arrays, which
/// begin at 0.
///
/// ```
/// use tribus::segment::SegmentNumber;
///
/// let first = SegmentNumber::at(0);
/// assert_eq!(first.to_string(), "1");
/// assert_eq!(first.index(), 0);
/// assert_eq!(SegmentNumber::new(1), Some(first));
/// assert_eq!(SegmentNumber::new(0), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SegmentNumber(NonZeroU32);

impl SegmentNumber {
    /// The segment with this index, counted from 0.
    ///
    /// # Panics
    /// Never for the index of an array: there are fewer than 2^32 - 1 segments.
    pub fn at(index: usize) -> Self {
        u32::try_from(index + 1)
            .ok()
            .and_then(NonZeroU32::new)
            .map(Self)
            .expect("segments are few")
    }

    /// The segment that people call so, counted from 1; none for 0.
    pub fn new(number: usize) -> Option<Self> {
        u32::try_from(number)
            .ok()
            .and_then(NonZeroU32::new)
            .map(Self)
    }

    /// Its place in arrays, counted from 0.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// What people call it, counted from 1.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for SegmentNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
