//! The palette "Segment 8", the diverging colors of the heat map, and the contrast that chooses the ink on them.

use std::fmt::Write as _;

/// Colors that tell segments apart under all kinds of color vision, at least 3:1 on white.
const SEGMENTS_LIGHT: [&str; 8] = [
    "#0072b2", "#e17707", "#38a275", "#a15475", "#223875", "#73692a", "#741527", "#409ccf",
];
/// The same for a dark card, at least 4.5:1.
const SEGMENTS_DARK: [&str; 8] = [
    "#4ca1fb", "#ea912e", "#68e9ae", "#e7add0", "#9783b2", "#ede766", "#e4606d", "#c3e4fc",
];

/// Steps of the heat map on either side of the average.
pub(in crate::report) const HEAT_STEPS: i8 = 8;

/// A screen or paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Theme {
    Light,
    Dark,
}

/// What a mark is painted with; the style sheet may change the color, not the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Paint {
    /// Nothing.
    Nothing,
    /// Text.
    Ink,
    /// Text of second rank.
    Muted,
    /// Grid lines.
    Grid,
    /// Axis lines and borders.
    Line,
    /// A faint area.
    Soft,
    /// The ground.
    Paper,
    /// The one color that says "look here".
    Accent,
    /// What loses money.
    Loss,
    /// The color of a segment, by its index from 0.
    Segment(usize),
    /// Text on the color of a segment.
    OnSegment(usize),
    /// A step of the heat map, -8 (far below average) to 8.
    Heat(i8),
    /// Text on a step of the heat map.
    OnHeat(i8),
}

impl Paint {
    /// The color on white paper.
    pub(super) fn color(self) -> String {
        self.in_theme(Theme::Light)
    }

    /// The class by which a style sheet fills it.
    pub(super) fn fill_class(self) -> String {
        self.variable()
            .map(|name| format!("f-{name}"))
            .unwrap_or_default()
    }

    /// The class by which a style sheet strokes it.
    pub(super) fn stroke_class(self) -> String {
        self.variable()
            .map(|name| format!("s-{name}"))
            .unwrap_or_default()
    }

    fn variable(self) -> Option<String> {
        let name = match self {
            Self::Nothing => return None,
            Self::Ink => "ink".to_owned(),
            Self::Muted => "muted".to_owned(),
            Self::Grid => "grid".to_owned(),
            Self::Line => "line".to_owned(),
            Self::Soft => "soft".to_owned(),
            Self::Paper => "card".to_owned(),
            Self::Accent => "accent".to_owned(),
            Self::Loss => "loss".to_owned(),
            Self::Segment(index) => format!("c{}", index % SEGMENTS_LIGHT.len()),
            Self::OnSegment(index) => format!("n{}", index % SEGMENTS_LIGHT.len()),
            Self::Heat(step) => format!("h{}", heat_index(step)),
            Self::OnHeat(step) => format!("i{}", heat_index(step)),
        };
        Some(name)
    }

    fn in_theme(self, theme: Theme) -> String {
        let pick = |light: &str, dark: &str| {
            if theme == Theme::Light {
                light.to_owned()
            } else {
                dark.to_owned()
            }
        };
        match self {
            Self::Nothing => "none".to_owned(),
            Self::Ink => pick("#1f2933", "#e6ebf0"),
            Self::Muted => pick("#5a6673", "#9fb0c0"),
            Self::Grid => pick("#e4e7eb", "#2b3744"),
            Self::Line => pick("#b8c1cb", "#4a5a6b"),
            Self::Soft => pick("#eef2f6", "#243140"),
            Self::Paper => pick("#ffffff", "#1a222c"),
            Self::Accent => pick("#0a5f96", "#7cbcfc"),
            Self::Loss => pick("#a84f00", "#f2a65e"),
            Self::Segment(index) => {
                let index = index % SEGMENTS_LIGHT.len();
                pick(SEGMENTS_LIGHT[index], SEGMENTS_DARK[index])
            }
            Self::OnSegment(index) => {
                readable_ink(&Self::Segment(index).in_theme(theme)).to_owned()
            }
            Self::Heat(step) => heat(step, theme),
            Self::OnHeat(step) => readable_ink(&heat(step, theme)).to_owned(),
        }
    }
}

/// Whether the segment comes after the colors are used up, and is drawn hollow to tell it from the first of its color.
pub(in crate::report) fn is_hollow(segment: usize) -> bool {
    segment >= SEGMENTS_LIGHT.len()
}

/// The classes by which a page paints a box in a segment's color: full, or hollow once the colors are used up.
pub(in crate::report) fn box_classes(segment: usize) -> String {
    let index = segment % SEGMENTS_LIGHT.len();
    if is_hollow(segment) {
        format!("hollow e-c{index}")
    } else {
        format!("b-c{index} e-c{index}")
    }
}

/// Every paint that a style sheet knows.
fn paints() -> Vec<Paint> {
    let plain = [
        Paint::Ink,
        Paint::Muted,
        Paint::Grid,
        Paint::Line,
        Paint::Soft,
        Paint::Paper,
        Paint::Accent,
        Paint::Loss,
    ]
    .into_iter();
    let segments = (0..SEGMENTS_LIGHT.len())
        .flat_map(|index| [Paint::Segment(index), Paint::OnSegment(index)]);
    let heat = (-HEAT_STEPS..=HEAT_STEPS).flat_map(|step| [Paint::Heat(step), Paint::OnHeat(step)]);
    plain.chain(segments).chain(heat).collect()
}

/// The style rules that give every paint its color: light by default and on paper, dark where asked for.
pub(in crate::report) fn style_sheet() -> String {
    let mut rules = String::new();
    let light = declarations(Theme::Light);
    let dark = declarations(Theme::Dark);
    write!(rules, ":root{{color-scheme:light;{light}}}").expect(STRING);
    write!(
        rules,
        "@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}"
    )
    .expect(STRING);
    write!(
        rules,
        "@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}"
    )
    .expect(STRING);
    for paint in paints() {
        let variable = paint.variable().expect("every listed paint has a variable");
        let (fill, stroke) = (paint.fill_class(), paint.stroke_class());
        write!(rules, ".{fill}{{fill:var(--{variable})}}").expect(STRING);
        if !matches!(
            paint,
            Paint::Heat(_) | Paint::OnHeat(_) | Paint::OnSegment(_)
        ) {
            write!(rules, ".{stroke}{{stroke:var(--{variable})}}").expect(STRING);
        }
        if let Paint::Segment(index) | Paint::OnSegment(index) = paint {
            let property = if matches!(paint, Paint::Segment(_)) {
                "background"
            } else {
                "color"
            };
            write!(rules, ".b-c{index}{{{property}:var(--{variable})}}").expect(STRING);
        }
        if let Paint::Segment(index) = paint {
            write!(rules, ".e-c{index}{{border-color:var(--{variable})}}").expect(STRING);
        }
    }
    rules
}

const STRING: &str = "writing to a String cannot fail";

fn declarations(theme: Theme) -> String {
    let one = |paint: Paint| {
        format!(
            "--{}:{};",
            paint.variable().unwrap_or_default(),
            paint.in_theme(theme)
        )
    };
    paints().into_iter().map(one).collect()
}

fn heat_index(step: i8) -> i8 {
    step.clamp(-HEAT_STEPS, HEAT_STEPS) + HEAT_STEPS
}

/// Orange below, blue above, the ground at the average: safe for color-blind readers.
fn heat(step: i8, theme: Theme) -> String {
    let (below, middle, above) = match theme {
        Theme::Light => ([0xb3, 0x58, 0x06], [0xf7, 0xf7, 0xf7], [0x05, 0x5a, 0x96]),
        Theme::Dark => ([0xf0, 0x93, 0x2b], [0x26, 0x32, 0x3f], [0x4c, 0xa1, 0xfb]),
    };
    let end = if step < 0 { below } else { above };
    let part = f64::from(step.unsigned_abs()) / f64::from(HEAT_STEPS);
    let mixed = |from: u8, to: u8| {
        (f64::from(to) - f64::from(from))
            .mul_add(part, f64::from(from))
            .round() as u8
    };
    hex([
        mixed(middle[0], end[0]),
        mixed(middle[1], end[1]),
        mixed(middle[2], end[2]),
    ])
}

/// White or near-black, whichever reads better on the color.
fn readable_ink(color: &str) -> &'static str {
    // Black: with a lighter ink the middle steps of the heat map reach 4.2:1 with neither.
    const DARK_INK: &str = "#000000";
    if contrast(color, "#ffffff") >= contrast(color, DARK_INK) {
        "#ffffff"
    } else {
        DARK_INK
    }
}

fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Contrast of two colors, 1 to 21 (Web Content Accessibility Guidelines 2.2, "contrast ratio").
fn contrast(one: &str, other: &str) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// Relative luminance of `#rrggbb`, 0 to 1 (same source).
fn luminance(color: &str) -> f64 {
    let channel = |start: usize| {
        let byte = color
            .get(start..start + 2)
            .and_then(|digits| u8::from_str_radix(digits, 16).ok())
            .unwrap_or(0);
        let value = f64::from(byte) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            libm::pow((value + 0.055) / 1.055, 2.4)
        }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_guidelines() {
        assert!((contrast("#ffffff", "#000000") - 21.0).abs() < 1e-9);
        assert!((contrast("#767676", "#ffffff") - 4.54).abs() < 0.01);
    }

    #[test]
    fn segment_colors_stand_out_on_their_ground() {
        for index in 0..8 {
            assert!(
                contrast(SEGMENTS_LIGHT[index], "#ffffff") >= 3.0,
                "{}",
                SEGMENTS_LIGHT[index]
            );
            assert!(
                contrast(SEGMENTS_DARK[index], "#1a222c") >= 4.5,
                "{}",
                SEGMENTS_DARK[index]
            );
        }
    }

    #[test]
    fn every_text_on_color_reads_at_least_four_and_a_half_to_one() {
        for theme in [Theme::Light, Theme::Dark] {
            let on_heat =
                (-HEAT_STEPS..=HEAT_STEPS).map(|step| (Paint::Heat(step), Paint::OnHeat(step)));
            let on_segment = (0..8).map(|index| (Paint::Segment(index), Paint::OnSegment(index)));
            let on_paper = [Paint::Ink, Paint::Muted, Paint::Accent, Paint::Loss]
                .map(|ink| (Paint::Paper, ink));
            for (ground, ink) in on_heat.chain(on_segment).chain(on_paper) {
                let ratio = contrast(&ground.in_theme(theme), &ink.in_theme(theme));
                assert!(ratio >= 4.5, "{ground:?} in {theme:?}: {ratio:.2}");
            }
        }
    }

    #[test]
    fn heat_is_symmetric_and_stays_on_its_scale() {
        assert_eq!(heat(0, Theme::Light), "#f7f7f7");
        assert_eq!(
            Paint::Heat(100).fill_class(),
            Paint::Heat(HEAT_STEPS).fill_class()
        );
        assert_eq!(Paint::Heat(-100).fill_class(), "f-h0");
    }

    #[test]
    fn paper_is_always_light() {
        let sheet = style_sheet();
        assert!(sheet.starts_with(":root{color-scheme:light;--ink:#1f2933;"));
        assert_eq!(
            sheet.matches("@media screen").count(),
            sheet.matches("color-scheme:dark").count() - 1
        );
    }
}
