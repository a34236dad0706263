//! What the filters promise: a label that they are sure of is that of the definition, and a slack is never too long.

use pulp::{Scalar128b, Simd, WithSimd};

use crate::definition::{Centroids, NearestTwo, nearest_two};
use crate::draw::mix;
use crate::kernel::{
    Scores, ShortTargets, TILE, Targets, consecutive, pack, pack_shorts, score, score_shorts,
    tile_len,
};
use crate::lloyd::{short_slacks, slacks};
use crate::points::Points;
use crate::real::Real;
use crate::table::Table;

/// Rows of one tile and a few more.
const ROWS: usize = TILE + 13;

/// More clusters than two groups of either filter hold.
const CLUSTERS: [usize; 5] = [1, 2, 7, 12, 33];

fn uniform(key: u64) -> f64 {
    (mix(key) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rows of one kind: even, with a heavy tail, far from zero, of few different values, of very different columns.
fn rows(kind: usize, d: usize) -> Vec<f64> {
    let value = |index: usize| {
        let even = uniform((index + 1000 * kind) as u64);
        match kind {
            0 => even - 0.5,
            1 => 1.0 / (even + 1e-3),
            2 => 1e9 + even,
            3 => (even * 4.0).floor(),
            _ => even * libm::ldexp(1.0, (index % d % 16) as i32 * 3 - 20),
        }
    };
    (0..ROWS * d).map(value).collect()
}

/// What a filter says of every row.
struct Said {
    labels: Vec<u32>,
    slacks: Vec<f32>,
}

struct Single<'t, 'a, T: Real> {
    table: &'t Table<'a, T>,
    targets: &'t Targets,
}

impl<T: Real> WithSimd for Single<'_, '_, T> {
    type Output = Said;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Said {
        let mut tile = vec![0.0; TILE * self.table.d()];
        let mut said = Said::new();
        for first in (0..ROWS).step_by(TILE) {
            let mut scores = Scores::new();
            let mut slack = [0.0; TILE];
            pack(
                &self.table.source,
                &consecutive(first, ROWS),
                S::F32_LANES,
                &mut tile,
            );
            score(simd, &tile, self.targets, &mut scores);
            slacks(&scores, self.targets, &mut slack);
            said.take(first, &scores, &slack);
        }
        said
    }
}

impl Said {
    fn new() -> Self {
        Self {
            labels: Vec::new(),
            slacks: Vec::new(),
        }
    }

    fn take(&mut self, first: usize, scores: &Scores, slack: &[f32; TILE]) {
        let count = TILE.min(ROWS - first);
        self.labels.extend(&scores.label[..count]);
        self.slacks.extend(&slack[..count]);
    }

    /// Checks every row against the definition; how many were left open.
    fn check<T: Real>(&self, table: &Table<T>, centroids: &Centroids, case: &str) -> usize {
        let mut open = 0;
        for row in 0..ROWS {
            if self.slacks[row].is_nan() || self.slacks[row] <= 0.0 {
                open += 1;
                continue;
            }
            let found: NearestTwo = nearest_two(table.row(row), centroids);
            assert_eq!(self.labels[row], found.label, "{case}, row {row}");
            let slack = (found.second_sq.sqrt() - found.distance_sq.sqrt()) * table.frame.scale;
            assert!(
                f64::from(self.slacks[row]) <= slack,
                "{case}, row {row}: {} is more than {slack}",
                self.slacks[row]
            );
        }
        open
    }
}

fn by_shorts<T: Real>(table: &Table<T>, targets: &ShortTargets) -> Said {
    let mut tile = vec![0; tile_len(table.d())];
    let mut said = Said::new();
    for first in (0..ROWS).step_by(TILE) {
        let mut scores = Scores::new();
        let mut slack = [0.0; TILE];
        pack_shorts(
            &table.source,
            targets.shorts(),
            &consecutive(first, ROWS),
            &mut tile,
        );
        score_shorts(&tile, targets, &mut scores);
        short_slacks(&scores, &targets.bound, 0.0, &mut slack);
        said.take(first, &scores, &slack);
    }
    said
}

/// Rows open by single precision, and by whole numbers if they are in use.
fn check<T: Real>(data: &[T], d: usize, k: usize, case: &str) -> (usize, Option<usize>) {
    let points = Points::new(data, ROWS, d).unwrap();
    let table = Table::new(&points, None, 100);
    let chosen = (0..k).map(|cluster| (cluster * 31 + 7) % ROWS);
    let start: Vec<f64> = chosen
        .flat_map(|row| points.row(row))
        .map(|value| value.widen())
        .collect();
    let centroids = Centroids::new(&start, d);
    let mut targets = Targets::new(k, d);
    targets.set(&start, &table.frame);
    if !targets.is_usable {
        return (ROWS, None);
    }
    let single = || Single {
        table: &table,
        targets: &targets,
    };
    let narrow = Scalar128b
        .vectorize(single())
        .check(&table, &centroids, case);
    let wide = crate::vector::run(single()).check(&table, &centroids, case);
    assert!(
        wide <= narrow + ROWS / 10,
        "{case}: {wide} rows open, {narrow} with narrow vectors"
    );
    let shorts = table.shorts.filter(|_| k > 1).and_then(|shorts| {
        let mut targets = ShortTargets::new(shorts, k, d);
        targets.set(&start, &table.frame);
        targets
            .is_usable
            .then(|| by_shorts(&table, &targets).check(&table, &centroids, case))
    });
    (wide, shorts)
}

#[test]
fn what_filters_are_sure_of_is_true_of_all_kinds_of_rows() {
    for kind in 0..5 {
        for d in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 33, 64] {
            let data = rows(kind, d);
            let singles: Vec<f32> = data.iter().map(|&value| value as f32).collect();
            for k in CLUSTERS {
                let case = format!("kind {kind}, {d} columns, {k} clusters");
                check(&data, d, k, &case);
                if kind != 2 {
                    check(&singles, d, k, &format!("{case}, single precision"));
                }
            }
        }
    }
}

#[test]
fn even_rows_are_rarely_left_open() {
    for d in [8, 16, 33] {
        let (single, shorts) = check(&rows(0, d), d, 12, "even rows");
        assert!(single <= 1, "{single} rows open by single precision");
        if let Some(shorts) = shorts {
            assert!(shorts <= ROWS / 10, "{shorts} rows open by whole numbers");
        }
    }
}
