//! Drawings as pictures: the same SVG, set in a font that comes along, so that no machine's fonts decide how it looks.
//!
//! Noto Sans lies in the crate `notosans` under the SIL Open Font License 1.1.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// Pixels of a picture for each pixel of the drawing: sharp on paper and on fine screens.
const SCALE: f32 = 2.0;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureError {
    /// A drawing that is too large, or no drawing at all.
    #[error("the chart {name} cannot be drawn: {problem}")]
    Drawing {
        /// Its name.
        name: String,
        /// What the painter says.
        problem: String,
    },
    /// The document.
    #[error("the PDF cannot be made: {problem}")]
    Document {
        /// What the writer says.
        problem: String,
    },
}

/// The font and how text is set in it.
pub(super) fn options() -> Options<'static> {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(notosans::REGULAR_TTF.to_vec());
    fonts.load_font_data(notosans::BOLD_TTF.to_vec());
    Options {
        font_family: "Noto Sans".to_owned(),
        fontdb: Arc::new(fonts),
        ..Options::default()
    }
}

/// A drawing as a painter knows it.
pub(super) fn tree(name: &str, svg: &str, options: &Options<'_>) -> Result<Tree, PictureError> {
    Tree::from_str(svg, options).map_err(|error| PictureError::Drawing {
        name: name.to_owned(),
        problem: error.to_string(),
    })
}

/// A drawing as a PNG file.
#[cfg(feature = "png")]
pub(super) fn png(name: &str, svg: &str, options: &Options<'_>) -> Result<Vec<u8>, PictureError> {
    let failed = |problem: &str| PictureError::Drawing {
        name: name.to_owned(),
        problem: problem.to_owned(),
    };
    let tree = tree(name, svg, options)?;
    let size = tree
        .size()
        .to_int_size()
        .scale_by(SCALE)
        .ok_or_else(|| failed("it is too large"))?;
    let mut pixels =
        Pixmap::new(size.width(), size.height()).ok_or_else(|| failed("it is too large"))?;
    resvg::render(
        &tree,
        Transform::from_scale(SCALE, SCALE),
        &mut pixels.as_mut(),
    );
    pixels
        .encode_png()
        .map_err(|error| failed(&error.to_string()))
}
