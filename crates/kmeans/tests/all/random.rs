//! Numbers that look random but are the same in every run.

/// A small generator: multiply, add, keep the upper bits.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    pub(crate) fn unit(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }

    /// A random order of `0..n`.
    pub(crate) fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        (1..n).for_each(|i| order.swap(i, self.below(i as u64 + 1) as usize));
        order
    }
}

/// `n` rows of `d` columns in random order, in equally large round groups with centers in `[0, spread)`.
pub(crate) fn blobs(n: usize, d: usize, groups: usize, spread: f64, seed: u64) -> Vec<f64> {
    let mut numbers = Numbers(seed);
    let centers: Vec<f64> = (0..groups * d).map(|_| spread * numbers.unit()).collect();
    let mut data = Vec::with_capacity(n * d);
    for row in numbers.order(n) {
        for center in &centers[row % groups * d..][..d] {
            // The sum of six uniform numbers is nearly normal.
            let noise: f64 = (0..6).map(|_| numbers.unit() - 0.5).sum();
            data.push(center + noise);
        }
    }
    data
}
