//! Which notation the numbers of a column are written in, decided over all of its cells.

use std::collections::BTreeMap;

use super::number::{Anatomy, Digits, Grouping, dissect, is_infinite, plain};
use crate::source::raw::Cells;
use crate::table::Problem;

/// The notation of a column of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Notation {
    pub(crate) digits: Digits,
    pub(crate) currency: Option<&'static str>,
    pub(crate) percent: bool,
}

/// What a column's cells say about their notation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    /// Cells that hold something.
    pub(crate) present: usize,
    /// Cells that could be numbers in some notation.
    pub(crate) numeric: usize,
    fits: [Fit; CANDIDATES.len()],
    currencies: BTreeMap<&'static str, usize>,
    percents: usize,
    pub(crate) leading_zeros: usize,
    /// How many cells have each length, in digits.
    widths: BTreeMap<usize, usize>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Fit {
    cells: usize,
    /// Cells that show this notation's own separators.
    shown: usize,
    grouped: usize,
    certain: bool,
}

/// In order of preference where they fit equally well.
const CANDIDATES: [Digits; 9] = [
    digits('.', Grouping::None),
    digits('.', Grouping::Char(',')),
    digits(',', Grouping::None),
    digits(',', Grouping::Char('.')),
    digits(',', Grouping::Space),
    digits('.', Grouping::Space),
    digits('.', Grouping::Char('\'')),
    digits(',', Grouping::Char('\'')),
    digits('.', Grouping::Indian),
];
const PLAIN: usize = 0;
const COMMA_GROUPS: usize = 1;
const COMMA_DECIMALS: usize = 2;
const POINT_GROUPS: usize = 3;

const fn digits(decimal: char, grouping: Grouping) -> Digits {
    Digits { decimal, grouping }
}

/// What the notation of the digits of a column is, as far as the column alone can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Finding {
    /// This one.
    Known(Digits),
    /// `1.234` throughout: a point of thousands if the file's other numbers have a decimal comma, or else decimals.
    PointOfThousands,
    /// `1,234`: thousands or decimals; `throughout`, or among numbers without a comma.
    CommaOfEither { throughout: bool },
}

/// Looks at every cell, or stops when half of them cannot be numbers.
pub(crate) fn survey(cells: &Cells, required: bool) -> Survey {
    let mut survey = Survey::default();
    let mut scratch = String::new();
    for cell in cells.iter() {
        if cells.is_missing(cell) {
            continue;
        }
        survey.present += 1;
        if let Some(anatomy) = dissect(cell) {
            survey.count(&anatomy, &mut scratch);
        } else {
            survey.numeric += usize::from(is_infinite(cell));
        }
        if !required && (survey.present - survey.numeric) * 2 > cells.len() {
            break;
        }
    }
    survey
}

impl Survey {
    fn count(&mut self, anatomy: &Anatomy<'_>, scratch: &mut String) {
        self.numeric += 1;
        if let Some(currency) = anatomy.currency {
            *self.currencies.entry(currency).or_default() += 1;
        }
        self.percents += usize::from(anatomy.percent);
        let body = anatomy.body.as_bytes();
        if body.iter().all(u8::is_ascii_digit) {
            self.leading_zeros += usize::from(body.len() > 1 && body[0] == b'0');
            *self.widths.entry(body.len()).or_default() += 1;
            // Digits alone are plain, and too long for a group from four on.
            for (fit, candidate) in self.fits.iter_mut().zip(CANDIDATES) {
                fit.cells += usize::from(body.len() <= 3 || candidate.grouping == Grouping::None);
            }
            return;
        }
        if plain(anatomy.body).is_some() {
            self.fits[PLAIN].cells += 1;
            self.fits[PLAIN].shown += 1;
            if exactly_three_decimals(anatomy.body) || anatomy.body.contains(['e', 'E']) {
                self.count_others(anatomy.body, PLAIN + 1, scratch);
            } else {
                // Decimals of another number than three: no separator of thousands.
                for (fit, candidate) in self.fits.iter_mut().zip(CANDIDATES).skip(1) {
                    let fits = candidate.decimal == '.'
                        && candidate.value(anatomy.body, scratch).is_some();
                    fit.cells += usize::from(fits);
                }
            }
            return;
        }
        self.count_others(anatomy.body, PLAIN, scratch);
    }

    fn count_others(&mut self, body: &str, from: usize, scratch: &mut String) {
        for (fit, candidate) in self.fits.iter_mut().zip(CANDIDATES).skip(from) {
            if let Some(value) = candidate.value(body, scratch) {
                fit.cells += 1;
                fit.grouped += usize::from(value.grouped);
                fit.certain |= value.certain;
                let own_decimals = value.decimals && candidate.decimal == ',';
                fit.shown += usize::from(value.grouped || own_decimals);
            }
        }
    }

    /// Codes rather than numbers: leading zeros, in most cells or in cells of one length.
    pub(crate) fn is_code(&self) -> bool {
        let widest = self.widths.values().max().copied().unwrap_or(0);
        self.leading_zeros > 0
            && (widest * 10 >= self.present * 9 || self.leading_zeros * 2 >= self.present)
    }

    /// The notation most cells are written in. Another than the plain one needs two cells, or one beyond doubt.
    pub(crate) fn digits(&self, pinned: Option<char>) -> Finding {
        let allowed = |index: usize| {
            let fit = self.fits[index];
            let spaced = matches!(
                CANDIDATES[index].grouping,
                Grouping::Space | Grouping::Char('\'')
            );
            let enough = if pinned == Some(CANDIDATES[index].decimal) && !spaced {
                fit.shown > 0
            } else if spaced && !fit.certain {
                fit.grouped >= 2 && fit.grouped * 10 >= self.present
            } else {
                fit.certain || fit.shown >= 2 || self.present <= 3
            };
            pinned.is_none_or(|decimal| decimal == CANDIDATES[index].decimal) && enough
        };
        let mut best = if pinned == Some(',') {
            COMMA_DECIMALS
        } else {
            PLAIN
        };
        for index in 0..CANDIDATES.len() {
            if allowed(index) && self.fits[index].cells > self.fits[best].cells {
                best = index;
            }
        }
        if pinned.is_none() {
            let same = |a: usize, b: usize| self.fits[a].cells == self.fits[b].cells;
            let by_comma = best == COMMA_GROUPS || best == COMMA_DECIMALS;
            if by_comma && same(COMMA_GROUPS, COMMA_DECIMALS) {
                let fit = self.fits[COMMA_GROUPS];
                return Finding::CommaOfEither {
                    throughout: fit.grouped == fit.cells,
                };
            }
            if best == PLAIN && same(PLAIN, POINT_GROUPS) && self.fits[POINT_GROUPS].grouped > 1 {
                return Finding::PointOfThousands;
            }
        }
        // Where the comma is said to be the decimal sign, points before three digits throughout are those of thousands.
        let points = self.fits[POINT_GROUPS];
        let throughout = points.grouped > 0 && points.cells == self.numeric;
        if pinned == Some(',') && best == COMMA_DECIMALS && throughout {
            best = POINT_GROUPS;
        }
        Finding::Known(CANDIDATES[best])
    }

    /// The decimal sign this column proves, for columns that prove none.
    pub(crate) fn proves_decimal(&self) -> Option<char> {
        match self.digits(None) {
            Finding::Known(digits) if self.numeric * 10 >= self.present * 9 => {
                let index = CANDIDATES
                    .iter()
                    .position(|candidate| *candidate == digits)?;
                let fit = self.fits[index];
                (fit.shown > fit.grouped || fit.certain).then_some(digits.decimal)
            }
            _ => None,
        }
    }

    /// The currency that is removed: the one most cells have, if half of them have one.
    pub(crate) fn currency(&self) -> Option<&'static str> {
        let marked: usize = self.currencies.values().sum();
        let most = self.currencies.iter().max_by_key(|&(_, &times)| times);
        most.filter(|_| marked * 2 >= self.present)
            .map(|(&currency, _)| currency)
    }

    /// Currencies the column mixes, if more than one.
    pub(crate) fn mixed_currencies(&self) -> Option<Vec<&'static str>> {
        (self.currencies.len() > 1).then(|| self.currencies.keys().copied().collect())
    }

    pub(crate) fn percent(&self) -> bool {
        self.percents * 2 > self.present
    }
}

/// `1.234`: up to three digits, not a lone zero, a point, three digits.
fn exactly_three_decimals(body: &str) -> bool {
    body.split_once('.').is_some_and(|(whole, fraction)| {
        fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0')
    })
}

/// The value of a cell in a notation, or what is wrong with it.
pub(crate) fn value(cell: &str, notation: Notation, scratch: &mut String) -> Result<f64, Problem> {
    let Some(anatomy) = dissect(cell) else {
        return Err(if is_infinite(cell) {
            Problem::Infinite
        } else {
            Problem::NotANumber
        });
    };
    let Some(value) = notation.digits.value(anatomy.body, scratch) else {
        return Err(Problem::NotANumber);
    };
    if value.size.is_infinite() {
        return Err(Problem::TooLarge);
    }
    let zero = value.size == 0.0;
    if anatomy.currency != notation.currency && !(zero && anatomy.currency.is_none()) {
        return Err(match (anatomy.currency, notation.currency) {
            (Some(_), Some(_)) => Problem::OtherCurrency,
            _ => Problem::Currency,
        });
    }
    if anatomy.percent != notation.percent && (anatomy.percent || !zero) {
        return Err(Problem::Percentage);
    }
    let size = value.size * anatomy.scale;
    Ok(if anatomy.negative && !zero {
        -size
    } else {
        size
    })
}
