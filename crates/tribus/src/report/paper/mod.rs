//! The report on A4 paper: the page's sections as blocks that flow from page to page, each block a drawing of ours.
//!
//! Text stays text: it can be searched, copied and read aloud.

mod block;
mod explained;
mod sections;

use krilla::Document;
use krilla::geom::{Size, Transform};
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::usvg::Options;

use super::picture::{PictureError, options, tree};
use super::view::View;
use crate::words::language::Language;
use block::Block;

/// A4 in points.
const PAGE: (f32, f32) = (595.28, 841.89);
/// Points a pixel of a drawing.
const POINT: f32 = 0.75;
/// White around the text, in pixels.
const MARGIN: f64 = 50.0;
/// What is between the margins, in pixels.
const TEXT_HEIGHT: f64 = 841.89 / 0.75 - 2.0 * MARGIN - 24.0;

/// One block and where its top is, in pixels below the margin.
struct Placed<'b> {
    block: &'b Block,
    top: f64,
    scale: f64,
}

/// The report as a PDF file.
pub(super) fn pdf(view: &View<'_>) -> Result<Vec<u8>, PictureError> {
    let options = options();
    let language = view.input.language;
    let blocks = sections::all(view);
    let pages = flow(&blocks);
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(language.write(&view.headline()))
            .language("en".to_owned())
            .creator("Tribus".to_owned()),
    );
    for (index, page) in pages.iter().enumerate() {
        let settings = PageSettings::new(size(PAGE.0, PAGE.1)?);
        let mut sheet = document.start_page_with(settings);
        let mut surface = sheet.surface();
        for placed in page {
            let at = (MARGIN, MARGIN + placed.top);
            draw(
                &mut surface,
                &options,
                (placed.block, language),
                at,
                placed.scale,
            )?;
        }
        let foot = block::foot(view.input.title, index + 1, pages.len());
        draw(
            &mut surface,
            &options,
            (&foot, language),
            (MARGIN, MARGIN + TEXT_HEIGHT + 8.0),
            1.0,
        )?;
        surface.finish();
        sheet.finish();
    }
    document.finish().map_err(|error| PictureError::Document {
        problem: format!("{error:?}"),
    })
}

/// Blocks on pages: none is divided, headings stay with what follows, and what is taller than a page is made smaller.
fn flow(blocks: &[Block]) -> Vec<Vec<Placed<'_>>> {
    let mut pages: Vec<Vec<Placed<'_>>> = vec![Vec::new()];
    let mut y = 0.0;
    let mut at = 0;
    while at < blocks.len() {
        let run = 1 + blocks[at..]
            .iter()
            .take_while(|block| block.stays_with_next)
            .count();
        let run = &blocks[at..(at + run).min(blocks.len())];
        let around: f64 = run[..run.len() - 1].iter().map(Block::room).sum();
        let last = &run[run.len() - 1];
        let scale = ((TEXT_HEIGHT - around) / last.size.1).clamp(0.2, 1.0);
        let needed = around + last.size.1 * scale;
        if y > 0.0 && y + needed > TEXT_HEIGHT {
            pages.push(Vec::new());
            y = 0.0;
        }
        for (index, block) in run.iter().enumerate() {
            let scale = if index + 1 == run.len() { scale } else { 1.0 };
            if let Some(page) = pages.last_mut() {
                page.push(Placed {
                    block,
                    top: y,
                    scale,
                });
            }
            y += block.size.1 * scale + block.gap;
        }
        at += run.len();
    }
    pages
}

fn draw(
    surface: &mut Surface<'_>,
    options: &Options<'_>,
    (block, language): (&Block, Language),
    at: (f64, f64),
    scale: f64,
) -> Result<(), PictureError> {
    let tree = tree(&block.name, &language.write(&block.svg), options)?;
    let (x, y) = (at.0 as f32 * POINT, at.1 as f32 * POINT);
    surface.push_transform(&Transform::from_translate(x, y));
    let factor = POINT * scale as f32;
    let size = size(tree.size().width() * factor, tree.size().height() * factor)?;
    surface.draw_svg(&tree, size, SvgSettings::default());
    surface.pop();
    Ok(())
}

fn size(width: f32, height: f32) -> Result<Size, PictureError> {
    Size::from_wh(width, height).ok_or_else(|| PictureError::Document {
        problem: format!("{width} x {height} is no size"),
    })
}
