//! The dip statistic: how far numbers are from having one mode.
//!
//! J. A. Hartigan and P. M. Hartigan: The dip test of unimodality. Annals of Statistics 13, 1985.
//! <https://doi.org/10.1214/aos/1176346577>

/// The largest distance between the distribution of sorted numbers and the nearest one with a single mode: from 1 / (2n)
/// to 1/4. Time `O(n)`.
///
/// P. M. Hartigan: Algorithm AS 217. Applied Statistics 34, 1985. <https://doi.org/10.2307/2347485>
pub(super) fn dip(sorted: &[f64]) -> f64 {
    let n = sorted.len();
    if n < 2 || sorted[0] == sorted[n - 1] {
        return 0.5 / n.max(1) as f64;
    }
    let below = minorant(sorted);
    let above = majorant(sorted);
    let (mut low, mut high) = (0, n - 1);
    // In ranks, of which n make 1.
    let mut dip = 1.0_f64;
    loop {
        // Corners of the greatest convex minorant from high to low, of the least concave majorant from low to high.
        let convex = corners(&below, high, low);
        let concave = corners(&above, low, high);
        let apart = farthest(sorted, &convex, &concave);
        if apart.distance < dip {
            break;
        }
        let of_convex = convex[apart.convex..]
            .windows(2)
            .map(|pair| bulge(sorted, pair[1], pair[0], Side::Above));
        let of_concave = concave[apart.concave..]
            .windows(2)
            .map(|pair| bulge(sorted, pair[0], pair[1], Side::Below));
        dip = of_convex.chain(of_concave).fold(dip, f64::max);
        let next = (convex[apart.convex], concave[apart.concave]);
        if (low, high) == next {
            break;
        }
        (low, high) = next;
    }
    dip / (2.0 * n as f64)
}

/// For each number the one before it on the greatest convex minorant of all up to it.
fn minorant(x: &[f64]) -> Vec<usize> {
    let mut before = vec![0; x.len()];
    for j in 1..x.len() {
        before[j] = j - 1;
        while before[j] != 0 {
            let (a, b) = (before[j], before[before[j]]);
            if (x[j] - x[a]) * ((a - b) as f64) < (x[a] - x[b]) * ((j - a) as f64) {
                break;
            }
            before[j] = b;
        }
    }
    before
}

/// For each number the one behind it on the least concave majorant of all from it.
fn majorant(x: &[f64]) -> Vec<usize> {
    let last = x.len() - 1;
    let mut behind = vec![last; x.len()];
    for j in (0..last).rev() {
        behind[j] = j + 1;
        while behind[j] != last {
            let (a, b) = (behind[j], behind[behind[j]]);
            if (x[a] - x[j]) * ((b - a) as f64) < (x[b] - x[a]) * ((a - j) as f64) {
                break;
            }
            behind[j] = b;
        }
    }
    behind
}

fn corners(next: &[usize], from: usize, to: usize) -> Vec<usize> {
    let mut corners = vec![from];
    while corners[corners.len() - 1] != to {
        corners.push(next[corners[corners.len() - 1]]);
    }
    corners
}

/// Where minorant and majorant are farthest apart.
struct Apart {
    distance: f64,
    /// Corners of each there.
    convex: usize,
    concave: usize,
}

fn farthest(x: &[f64], convex: &[usize], concave: &[usize]) -> Apart {
    let (last_convex, last_concave) = (convex.len() - 1, concave.len() - 1);
    let mut apart = Apart {
        distance: 0.0,
        convex: last_convex,
        concave: last_concave,
    };
    if last_convex == 1 && last_concave == 1 {
        apart.distance = 1.0;
        return apart;
    }
    let (mut ix, mut iv) = (last_convex - 1, 1);
    loop {
        let (g, l) = (convex[ix], concave[iv]);
        if g > l {
            let start = convex[ix + 1];
            let rise = (x[l] - x[start]) * ((g - start) as f64) / (x[g] - x[start]);
            let distance = (l - start) as f64 + 1.0 - rise;
            if distance >= apart.distance {
                apart = Apart {
                    distance,
                    convex: ix + 1,
                    concave: iv,
                };
            }
            iv += 1;
        } else {
            let start = concave[iv - 1];
            let rise = (x[g] - x[start]) * ((l - start) as f64) / (x[l] - x[start]);
            let distance = rise - (g as f64 - start as f64 - 1.0);
            if distance >= apart.distance {
                apart = Apart {
                    distance,
                    convex: ix,
                    concave: iv,
                };
            }
            ix = ix.saturating_sub(1);
        }
        iv = iv.min(last_concave);
        if convex[ix] == concave[iv] {
            return apart;
        }
    }
}

/// On which side of a chord the distribution is.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
}

/// How far the distribution is from the chord between two corners.
fn bulge(x: &[f64], from: usize, to: usize, side: Side) -> f64 {
    if to - from < 2 || x[to] == x[from] {
        return 1.0;
    }
    let slope = (to - from) as f64 / (x[to] - x[from]);
    (from..=to).fold(1.0, |most, at| {
        let chord = (x[at] - x[from]) * slope;
        let steps = (at - from) as f64;
        most.max(match side {
            Side::Above => steps + 1.0 - chord,
            Side::Below => chord - (steps - 1.0),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::dip;

    // Data sets of R: `diptest::statfaculty` and `precip`.
    const STATFACULTY: [f64; 63] = [
        30.0, 33.0, 35.0, 36.0, 37.0, 37.0, 39.0, 39.0, 39.0, 39.0, 39.0, 40.0, 40.0, 40.0, 40.0,
        41.0, 42.0, 43.0, 43.0, 43.0, 44.0, 44.0, 45.0, 45.0, 46.0, 46.0, 47.0, 47.0, 48.0, 48.0,
        48.0, 49.0, 50.0, 50.0, 51.0, 52.0, 52.0, 53.0, 53.0, 53.0, 53.0, 53.0, 54.0, 54.0, 57.0,
        57.0, 59.0, 60.0, 60.0, 60.0, 61.0, 61.0, 61.0, 61.0, 62.0, 62.0, 62.0, 62.0, 63.0, 66.0,
        70.0, 72.0, 72.0,
    ];
    const PRECIPITATION: [f64; 70] = [
        7.0, 7.2, 7.8, 7.8, 11.5, 13.0, 14.0, 14.6, 15.0, 15.2, 16.2, 17.2, 17.4, 20.7, 22.9, 24.7,
        25.9, 29.1, 30.2, 30.2, 30.6, 30.8, 31.0, 31.4, 31.7, 32.5, 33.4, 34.4, 35.0, 35.1, 35.9,
        35.9, 36.1, 36.2, 36.2, 37.0, 37.0, 37.6, 38.7, 38.8, 38.9, 39.0, 39.9, 40.2, 40.2, 40.8,
        40.8, 41.8, 42.5, 42.5, 42.6, 42.7, 42.8, 43.1, 43.4, 44.7, 45.5, 46.0, 46.4, 48.2, 48.3,
        48.5, 49.1, 49.2, 54.5, 54.7, 56.8, 59.2, 59.8, 67.0,
    ];

    #[test]
    fn dips_are_those_of_the_r_package_diptest() {
        // diptest 0.76-0 of R 4.2.2.
        let known: [(&[f64], f64); 4] = [
            (&[1.0, 2.0, 3.0, 4.0, 5.0], 0.1),
            (&[1.0, 1.0, 1.0, 5.0, 5.0, 5.0], 0.25),
            (&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0], 0.125),
            (&[2.0; 6], 0.083_333_333_333_333_3),
        ];
        for (numbers, expected) in known {
            assert!(
                (dip(numbers) - expected).abs() < 1e-12,
                "{numbers:?} {}",
                dip(numbers)
            );
        }
        assert!(
            (dip(&STATFACULTY) - 0.059_523_809_523_809_5).abs() < 1e-12,
            "{}",
            dip(&STATFACULTY)
        );
        assert!(
            (dip(&PRECIPITATION) - 0.035_714_285_714_285_7).abs() < 1e-12,
            "{}",
            dip(&PRECIPITATION)
        );
    }
}
