//! Where the filter in whole numbers of 16 bits has no instructions to run with: there is never one.

use std::convert::Infallible;

use crate::kernel::{Frame, Scores, Source, TILE};
use crate::real::Real;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Shorts(Infallible);

impl Shorts {
    pub(crate) fn of<T: Real>(_: &Source<T>, _: &Frame) -> Option<Self> {
        None
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    pub(crate) score: f32,
    pub(crate) score_per_norm: f32,
    pub(crate) distance_sq: f32,
    pub(crate) distance: f32,
}

#[derive(Debug, Clone)]
pub(crate) struct ShortTargets {
    shorts: Shorts,
    pub(crate) bound: Bound,
    pub(crate) is_usable: bool,
}

impl ShortTargets {
    pub(crate) fn new(shorts: Shorts, _: usize, _: usize) -> Self {
        match shorts.0 {}
    }

    pub(crate) fn shorts(&self) -> &Shorts {
        &self.shorts
    }

    pub(crate) fn set(&mut self, _: &[f64], _: &Frame) {
        match self.shorts.0 {}
    }
}

pub(crate) fn tile_len(_: usize) -> usize {
    0
}

pub(crate) fn pack_shorts<T: Real>(_: &Source<T>, shorts: &Shorts, _: &[u32; TILE], _: &mut [i32]) {
    match shorts.0 {}
}

pub(crate) fn score_shorts(_: &[i32], targets: &ShortTargets, _: &mut Scores) {
    match targets.shorts.0 {}
}
