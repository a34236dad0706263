//! Distances between all pairs of rows, each computed once and added on both sides.
//!
//! Blocks meet each other in the rounds of a tournament: within a round no block meets two others, so rounds run in
//! parallel without locks and always in the same order, on any number of threads.

use std::ops::ControlFlow;

use pulp::{Simd, WithSimd};
use rayon::prelude::*;

use crate::quality::silhouette::blocks::{Block, HELD, Held, Run, Shape, VECTORS};
use crate::vector;

/// Adds up the distances from every row to the rows of each of `k` clusters; asks before every round whether to go on.
pub(super) fn all(
    blocks: &mut [Block],
    watch: &(dyn Fn() -> ControlFlow<()> + Sync),
) -> ControlFlow<()> {
    blocks.par_iter_mut().for_each(|Block { shape, sums }| {
        vector::run(OneWay {
            shape,
            sums,
            other: shape,
        });
    });
    let mut seats: Vec<Option<&mut Block>> = blocks.iter_mut().map(Some).collect();
    if seats.len() % 2 == 1 {
        seats.push(None);
    }
    // Whoever sits first stays, all others move on by one seat per round; opposite seats meet.
    let half = seats.len() / 2;
    for _ in 1..2 * half {
        watch()?;
        let (here, there) = seats.split_at_mut(half);
        here.par_iter_mut()
            .zip(there.par_iter_mut().rev())
            .for_each(|pair| {
                if let (Some(a), Some(b)) = pair {
                    vector::run(BothWays { a, b });
                }
            });
        seats[1..].rotate_right(1);
    }
    ControlFlow::Continue(())
}

/// Adds up the distances from every row of `blocks` to the rows of each of `k` clusters in `others`.
pub(super) fn against(blocks: &mut [Block], others: &[Block]) {
    blocks.par_iter_mut().for_each(|block| {
        for other in others {
            one_way(block, other);
        }
    });
}

/// Adds up the distances from every row of a block to the rows of each cluster in the other.
pub(super) fn one_way(Block { shape, sums }: &mut Block, other: &Block) {
    vector::run(OneWay {
        shape,
        sums,
        other: &other.shape,
    });
}

/// Adds distances to the rows of `shape` alone.
struct OneWay<'b> {
    shape: &'b Shape,
    sums: &'b mut [f64],
    other: &'b Shape,
}

impl WithSimd for OneWay<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let mut held = Held::default();
        for other_run in &self.other.runs {
            for group in self.other.groups(other_run) {
                self.other.hold(group, &mut held);
                for tile in self.shape.runs.iter().flat_map(|run| run.tiles.clone()) {
                    let distances = distances(simd, self.shape.tile(tile), &held);
                    let sums = self.shape.sums_of(self.sums, tile, other_run.cluster);
                    add(simd, sums, &distances, held.weights);
                }
            }
        }
    }
}

/// Adds distances to the rows of both blocks.
struct BothWays<'b> {
    a: &'b mut Block,
    b: &'b mut Block,
}

impl WithSimd for BothWays<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { a, b } = self;
        let mut held = Held::default();
        for b_run in &b.shape.runs {
            for group in b.shape.groups(b_run) {
                b.shape.hold(group, &mut held);
                for a_run in &a.shape.runs {
                    let back = meet(simd, &a.shape, &mut a.sums, a_run, &held, b_run.cluster);
                    b.shape.add_to_held(&mut b.sums, group, a_run.cluster, back);
                }
            }
        }
    }
}

/// Adds the distances to the rows that are held, all of one cluster, to the sums of the run's rows; returns the sums for
/// those held.
#[inline(always)]
fn meet<S: Simd>(
    simd: S,
    shape: &Shape,
    sums: &mut [f64],
    run: &Run,
    held: &Held,
    cluster: usize,
) -> [f64; HELD] {
    let mut back = [[simd.splat_f64s(0.0); VECTORS]; HELD];
    for tile in run.tiles.clone() {
        let distances = distances(simd, shape.tile(tile), held);
        add(
            simd,
            shape.sums_of(sums, tile, cluster),
            &distances,
            held.weights,
        );
        let (weights, _) = S::as_simd_f64s(shape.weights(tile));
        for q in 0..HELD {
            for p in 0..VECTORS {
                back[q][p] = simd.mul_add_e_f64s(distances[q][p], weights[p], back[q][p]);
            }
        }
    }
    let mut totals = [0.0; HELD];
    for q in 0..HELD {
        totals[q] = simd.reduce_sum_f64s(simd.add_f64s(back[q][0], back[q][1]));
    }
    totals
}

/// Distances from the rows of a tile to those that are held.
///
/// Differences are squared, not norms subtracted: near and equal rows keep all their digits.
#[inline(always)]
fn distances<S: Simd>(simd: S, tile: &[f64], held: &Held) -> [[S::f64s; VECTORS]; HELD] {
    let (vectors, _) = S::as_simd_f64s(tile);
    let columns = vectors.as_chunks::<VECTORS>().0.iter().zip(&held.columns);
    let mut sums = [[simd.splat_f64s(0.0); VECTORS]; HELD];
    for (values, others) in columns {
        for q in 0..HELD {
            let other = simd.splat_f64s(others[q]);
            for p in 0..VECTORS {
                let difference = simd.sub_f64s(values[p], other);
                sums[q][p] = simd.mul_add_e_f64s(difference, difference, sums[q][p]);
            }
        }
    }
    for q in 0..HELD {
        for p in 0..VECTORS {
            sums[q][p] = simd.sqrt_f64s(sums[q][p]);
        }
    }
    sums
}

/// Adds weighted distances to the sums of a tile's rows.
#[inline(always)]
fn add<S: Simd>(
    simd: S,
    sums: &mut [f64],
    distances: &[[S::f64s; VECTORS]; HELD],
    weights: [f64; HELD],
) {
    let (sums, _) = S::as_mut_simd_f64s(sums);
    for p in 0..VECTORS {
        let mut sum = simd.mul_f64s(distances[0][p], simd.splat_f64s(weights[0]));
        for q in 1..HELD {
            sum = simd.mul_add_e_f64s(distances[q][p], simd.splat_f64s(weights[q]), sum);
        }
        sums[p] = simd.add_f64s(sums[p], sum);
    }
}
