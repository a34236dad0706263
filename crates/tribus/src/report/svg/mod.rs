//! A thin SVG writer: elements that close themselves, text that is measured and wrapped, colors with their class.
//! It knows shapes and text, not customers.
//!
//! Marks carry a presentation attribute and a class. A presentation attribute loses against any CSS rule, so a page
//! recolors the same drawing for a dark screen or paper, while a file viewer that knows no page still shows it right.

pub(super) mod axis;
pub(super) mod color;
pub(super) mod text;
pub(super) mod write;

pub(super) use axis::{Scale, nice_ticks};
pub(super) use color::Paint;
pub(super) use text::{Weight, clamp, text_width, wrap};
pub(super) use write::{Canvas, Element, Path};
