//! `tribus name`: a name of the user's own for a segment.

use super::report::{Again, claimed, write_again};
use crate::args::Name;
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn run(typed: &Name, session: &Session) -> Result<(), Failure> {
    let (results, mut segmentation) = claimed(&typed.folder, session)?;
    let at = typed.segment.get() - 1;
    // Past the number of segments there is no name; the library says how many there are.
    let before = (at < segmentation.k).then(|| segmentation.name(at).to_owned());
    segmentation.rename(at, &typed.called)?;
    let changed = before.map(|before| {
        let name = segmentation.name(at);
        format!("Segment {}, {before}, is now called {name}.", typed.segment)
    });
    let again = Again {
        changed,
        ..Again::default()
    };
    write_again(session, &typed.folder, results, &segmentation, again)
}
