//! Sums over all rows of a labeling.

use rayon::prelude::*;

use crate::definition::each_distance_sq;
use crate::lloyd::{PARTS_PER_THREAD, SERIAL_VALUES};
use crate::real::Real;
use crate::sums::{ByExponent, Sums, rests};
use crate::table::Table;

/// The sum of weighted squared distances of rows to their centroids, rounded once.
pub(crate) fn inertia<T: Real>(table: &Table<T>, labels: &[u32], centroids: &[f64]) -> f64 {
    let d = table.d();
    let rows = table
        .n()
        .div_ceil(rayon::current_num_threads() * PARTS_PER_THREAD);
    let rows = if table.n() * d <= SERIAL_VALUES {
        table.n()
    } else {
        rows
    };
    let of_part = |(part, labels): (usize, &[u32])| {
        let mut sum = ByExponent::default();
        let first = part * rows;
        let points = table.points.values()[first * d..].chunks_exact(d);
        each_distance_sq(points, labels, centroids, |row, distance_sq| {
            sum.add_product(table.weight(first + row), distance_sq);
        });
        sum
    };
    let mut sums: Vec<ByExponent> = labels.par_chunks(rows).enumerate().map(of_part).collect();
    let mut total = ByExponent::default();
    for sum in &mut sums {
        total.take(sum);
    }
    total.sum()
}

/// The exact sums of rows by cluster; rows of no cluster are left out.
pub(crate) fn sums_of<T: Real>(table: &Table<T>, clusters: &[Option<u32>], k: usize) -> Sums {
    let grid = &table.grid;
    let rests: usize = (0..table.n())
        .into_par_iter()
        .map(|row| rests(grid, table.row(row)))
        .sum();
    let is_too_coarse = Sums::is_too_coarse(rests, table.n(), table.d());
    let empty = || {
        if is_too_coarse {
            Sums::by_exponent(k, grid)
        } else {
            Sums::new(k, grid)
        }
    };
    let rows = table
        .n()
        .div_ceil(rayon::current_num_threads())
        .max(SERIAL_VALUES / table.d() + 1);
    let of_part = |(part, clusters): (usize, &[Option<u32>])| {
        let mut sums = empty();
        for (row, cluster) in (part * rows..).zip(clusters) {
            if let Some(cluster) = cluster {
                sums.add(
                    grid,
                    *cluster as usize,
                    table.row(row),
                    table.weight(row),
                    1.0,
                );
            }
        }
        sums.carry(grid);
        sums
    };
    let mut parts: Vec<Sums> = clusters.par_chunks(rows).enumerate().map(of_part).collect();
    let mut sums = empty();
    for part in &mut parts {
        sums.take(part, grid);
    }
    sums
}
