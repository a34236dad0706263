//! Where the inertia curve bends, and how sure that is.

use super::{Candidate, Confidence, Elbow};

/// An elbow must stand out this far from the straight line between the ends of the curve (both scaled to 0 to 1).
const ELBOW: f64 = 0.1;

/// Numbers whose bend is at least this share of the sharpest are about the elbow.
const NEAR: f64 = 0.96;

/// From this bend on an elbow is plain to see.
const PLAIN: f64 = 0.35;

/// How far each inner point of the inertia curve lies below the straight line between its ends, both axes scaled to 0
/// to 1 (Satopaa et al. 2011, "Finding a Kneedle in a haystack", <https://doi.org/10.1109/ICDCSW.2011.20>).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bends(Vec<(usize, f64)>);

impl Bends {
    /// Of candidates with consecutive numbers of segments.
    pub(super) fn of(candidates: &[Candidate]) -> Self {
        let curve: Vec<(usize, f64)> = candidates
            .iter()
            .map(|candidate| (candidate.k, candidate.inertia))
            .collect();
        Self::along(&curve)
    }

    fn along(curve: &[(usize, f64)]) -> Self {
        let (Some(&first), Some(&last)) = (curve.first(), curve.last()) else {
            return Self(Vec::new());
        };
        let (width, height) = ((last.0 - first.0) as f64, first.1 - last.1);
        if curve.len() < 3 || height <= 0.0 {
            return Self(Vec::new());
        }
        let bend = |&(k, inertia): &(usize, f64)| {
            (
                k,
                (first.1 - inertia) / height - (k - first.0) as f64 / width,
            )
        };
        Self(curve[1..curve.len() - 1].iter().map(bend).collect())
    }

    fn sharpest(&self) -> Option<(usize, f64)> {
        let bends = self.0.iter().copied();
        bends
            .reduce(|best, other| if other.1 > best.1 { other } else { best })
            .filter(|(_, bend)| *bend >= ELBOW)
    }

    /// Whether the curve bends about as sharply here as anywhere.
    pub(super) fn near_sharpest(&self, k: usize) -> bool {
        let near = |sharpest: f64| {
            self.0
                .iter()
                .any(|(other, bend)| *other == k && *bend >= NEAR * sharpest)
        };
        self.sharpest().is_some_and(|(_, sharpest)| near(sharpest))
    }
}

/// The k at which the curve bends most, if it bends. It is sure only where the same k comes out whether or not the curve
/// starts with one segment.
pub(super) fn elbow(candidates: &[Candidate], inertia_of_one: f64) -> Option<Elbow> {
    let (k, bend) = Bends::of(candidates).sharpest()?;
    let from_one = std::iter::once((1, inertia_of_one));
    let curve = from_one.chain(
        candidates
            .iter()
            .map(|candidate| (candidate.k, candidate.inertia)),
    );
    let again = Bends::along(&curve.collect::<Vec<_>>())
        .sharpest()
        .map(|(k, _)| k);
    let confidence = match (again == Some(k), bend >= PLAIN) {
        (true, true) => Confidence::Strong,
        (true, false) => Confidence::Moderate,
        (false, _) => Confidence::Weak,
    };
    Some(Elbow { k, confidence })
}

#[cfg(test)]
mod tests {
    use super::super::choose::tests::candidate;
    use super::*;

    #[test]
    fn a_straight_curve_has_no_elbow() {
        let straight: Vec<Candidate> = (2..=10)
            .map(|k| candidate(k, 100.0 - 5.0 * k as f64, 0.2))
            .collect();
        assert_eq!(elbow(&straight, 95.0), None);
    }

    #[test]
    fn an_elbow_that_moves_with_the_start_of_the_range_is_weak() {
        let curve = [100.0, 70.0, 52.0, 40.0, 36.0, 33.0, 31.0, 29.0, 27.0];
        let candidates: Vec<Candidate> = (2..)
            .zip(curve)
            .map(|(k, inertia)| candidate(k, inertia, 0.2))
            .collect();
        assert_eq!(
            elbow(&candidates, 300.0).unwrap(),
            Elbow {
                k: 5,
                confidence: Confidence::Weak
            }
        );
        let sharp = [100.0, 20.0, 18.0, 16.0, 14.0, 12.0];
        let candidates: Vec<Candidate> = (2..)
            .zip(sharp)
            .map(|(k, inertia)| candidate(k, inertia, 0.2))
            .collect();
        assert_eq!(
            elbow(&candidates, 180.0).unwrap(),
            Elbow {
                k: 3,
                confidence: Confidence::Strong
            }
        );
    }
}
