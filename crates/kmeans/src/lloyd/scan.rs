//! Which rows are due: the pass over labels and keys that every iteration makes, eight rows at a time.

/// Clusters whose drains fit into one vector register.
#[cfg(target_arch = "x86_64")]
const IN_REGISTER: usize = 8;

/// For each set of eight places, the places in it, first to last.
#[cfg(target_arch = "x86_64")]
static PLACES: [[u32; 8]; 256] = places();

#[cfg(target_arch = "x86_64")]
const fn places() -> [[u32; 8]; 256] {
    let mut places = [[0; 8]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut place, mut count) = (0, 0);
        while place < 8 {
            if set >> place & 1 == 1 {
                places[set][count] = place as u32;
                count += 1;
            }
            place += 1;
        }
        set += 1;
    }
    places
}

/// Writes the numbers of the rows whose key the drain of their cluster has reached, counting from `first`; how many.
///
/// `due` must have eight places more than there are rows.
#[inline(always)]
pub(super) fn scan(
    labels: &[u32],
    keys: &[f32],
    drains: &[f32],
    first: u32,
    due: &mut [u32],
) -> usize {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = crate::vector::avx2() {
        return simd.vectorize(avx2::Scan {
            simd,
            labels,
            keys,
            drains,
            first,
            due,
        });
    }
    scan_plain(labels, keys, drains, first, due)
}

#[inline(always)]
fn scan_plain(labels: &[u32], keys: &[f32], drains: &[f32], first: u32, due: &mut [u32]) -> usize {
    let mut count = 0;
    for ((&label, &key), row) in labels.iter().zip(keys).zip(first..) {
        due[count] = row;
        count += usize::from(key <= drains[label as usize]);
    }
    count
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use std::arch::x86_64::{__m256, _CMP_LE_OQ};

    use pulp::NullaryFnOnce;
    use pulp::x86::V3;

    use super::{IN_REGISTER, PLACES, scan_plain};

    /// [`super::scan`], eight rows at a time.
    pub(super) struct Scan<'a> {
        pub(super) simd: V3,
        pub(super) labels: &'a [u32],
        pub(super) keys: &'a [f32],
        pub(super) drains: &'a [f32],
        pub(super) first: u32,
        pub(super) due: &'a mut [u32],
    }

    impl NullaryFnOnce for Scan<'_> {
        type Output = usize;

        #[inline(always)]
        fn call(self) -> usize {
            if self.drains.len() <= IN_REGISTER {
                let mut few = [0.0; IN_REGISTER];
                few[..self.drains.len()].copy_from_slice(self.drains);
                self.groups(Few(pulp::cast(few)))
            } else {
                self.groups(Many)
            }
        }
    }

    impl Scan<'_> {
        #[inline(always)]
        fn groups<L: Levels>(self, levels: L) -> usize {
            let simd = self.simd;
            let (labels, labels_left) = self.labels.as_chunks::<8>();
            let (keys, keys_left) = self.keys.as_chunks::<8>();
            let mut count = 0;
            let mut row = self.first;
            for (labels, keys) in labels.iter().zip(keys) {
                let levels = levels.of(simd, labels, self.drains);
                let is_reached = simd
                    .avx
                    ._mm256_cmp_ps::<_CMP_LE_OQ>(pulp::cast(*keys), levels);
                let set = simd.avx._mm256_movemask_ps(is_reached) as u8;
                if set != 0 {
                    let target: &mut [u32; 8] = self.due[count..]
                        .first_chunk_mut()
                        .expect("eight places more than rows");
                    let places = pulp::cast(PLACES[usize::from(set)]);
                    let rows = simd
                        .avx2
                        ._mm256_add_epi32(simd.avx._mm256_set1_epi32(row as i32), places);
                    *target = pulp::cast(rows);
                    count += set.count_ones() as usize;
                }
                row += 8;
            }
            count
                + scan_plain(
                    labels_left,
                    keys_left,
                    self.drains,
                    row,
                    &mut self.due[count..],
                )
        }
    }

    /// Where the drains of eight rows' clusters are looked up.
    trait Levels: Copy {
        fn of(self, simd: V3, labels: &[u32; 8], drains: &[f32]) -> __m256;
    }

    /// All drains, in a register.
    #[derive(Clone, Copy)]
    struct Few(__m256);

    impl Levels for Few {
        #[inline(always)]
        fn of(self, simd: V3, labels: &[u32; 8], _: &[f32]) -> __m256 {
            simd.avx2
                ._mm256_permutevar8x32_ps(self.0, pulp::cast(*labels))
        }
    }

    /// In memory.
    #[derive(Clone, Copy)]
    struct Many;

    impl Levels for Many {
        #[inline(always)]
        fn of(self, _: V3, labels: &[u32; 8], drains: &[f32]) -> __m256 {
            let mut levels = [0.0; 8];
            for place in 0..8 {
                levels[place] = drains[labels[place] as usize];
            }
            pulp::cast(levels)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_due_when_the_drain_of_their_cluster_has_reached_their_key() {
        for k in [3, 8, 9, 40] {
            let labels: Vec<u32> = (0..101).map(|row| row * 7 % k).collect();
            let keys: Vec<f32> = (0..101).map(|row| (row * 13 % 29) as f32).collect();
            let drains: Vec<f32> = (0..k).map(|cluster| (cluster * 5 % 31) as f32).collect();
            let mut due = vec![0; 109];
            let count = scan(&labels, &keys, &drains, 1_000, &mut due);
            let expected: Vec<u32> = (0..101_usize)
                .filter(|&row| keys[row] <= drains[labels[row] as usize])
                .map(|row| row as u32 + 1_000)
                .collect();
            assert_eq!(due[..count], expected, "{k} clusters");
            let count = scan_plain(&labels, &keys, &drains, 1_000, &mut due);
            assert_eq!(due[..count], expected, "{k} clusters, one row at a time");
        }
    }
}
