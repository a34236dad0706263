//! `tribus rename`: a name of the user's own for a segment.

use super::report::{Again, claimed, write_again};
use crate::args::Rename;
use crate::failure::Failure;
use crate::session::Session;

pub(super) fn run(typed: &Rename, session: &Session) -> Result<(), Failure> {
    let (results, mut segmentation) = claimed(&typed.folder, session)?;
    let segment = segmentation.segment(typed.segment.get())?;
    let before = segmentation.name(segment).to_owned();
    segmentation.rename(segment, &typed.called)?;
    let name = segmentation.name(segment);
    let again = Again {
        changed: Some(format!(
            "Segment {segment}, {before}, is now called {name}."
        )),
        ..Again::default()
    };
    write_again(session, &typed.folder, results, &segmentation, again)
}
