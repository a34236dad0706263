//! Calendar dates as whole days since 1970-01-01, as in Arrow's `Date32`.
//!
//! The calendar is the proleptic Gregorian one; no time zone, no clock. The conversions are
//! Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms" (2013),
//! <https://howardhinnant.github.io/date_algorithms.html>, which hold for every `i32` of days.
//!
//! ```
//! use tribus::date::Date;
//!
//! let last = Date::parse("2020-05-27").expect("a date");
//! let first = Date::from_civil(2014, 6, 29).expect("a date");
//! assert_eq!(last.days() - first.days(), 2159);
//! assert_eq!(first.to_string(), "2014-06-29");
//! assert_eq!(Date::parse("2020-02-30"), None);
//! ```

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The days of a 400-year era, after which the Gregorian calendar repeats.
const DAYS_PER_ERA: i64 = 146_097;
/// The days from 0000-03-01, where eras begin, to 1970-01-01.
const DAYS_TO_EPOCH: i64 = 719_468;

/// A day from 0001-01-01 to 9999-12-31, the range that every SQL engine and four-digit years hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i32,
}

/// A date by its calendar fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CivilDate {
    /// The astronomical year: 0 is 1 BC.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl Date {
    /// The first date there is, 0001-01-01.
    pub const MIN: Self = Self { days: -719_162 };
    /// 1970-01-01, from which days are counted.
    pub const EPOCH: Self = Self { days: 0 };
    /// The last date there is, 9999-12-31.
    pub const MAX: Self = Self { days: 2_932_896 };

    /// The date `days` after 1970-01-01; `None` outside [`Date::MIN`] to [`Date::MAX`].
    pub fn from_days(days: i32) -> Option<Self> {
        let date = Self { days };
        (Self::MIN <= date && date <= Self::MAX).then_some(date)
    }

    /// The date of these calendar fields; `None` when there is no such day.
    pub fn from_civil(year: i32, month: u32, day: u32) -> Option<Self> {
        let is_day = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        is_day.then(|| Self {
            days: days_from_civil(year, month, day),
        })
    }

    /// Reads exactly `YYYY-MM-DD`, no more and no less; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return None;
        }
        let year = digits(&bytes[..4])?;
        Self::from_civil(year as i32, digits(&bytes[5..7])?, digits(&bytes[8..])?)
    }

    /// Whole days since 1970-01-01, negative before it.
    pub fn days(self) -> i32 {
        self.days
    }

    /// Year, month and day.
    pub fn civil(self) -> CivilDate {
        civil_from_days(self.days)
    }

    /// This date and `days` more (or fewer); `None` outside [`Date::MIN`] to [`Date::MAX`].
    pub fn checked_add_days(self, days: i64) -> Option<Self> {
        let sum = i64::from(self.days).checked_add(days)?;
        Self::from_days(i32::try_from(sum).ok()?)
    }
}

impl fmt::Display for Date {
    /// Writes `YYYY-MM-DD`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CivilDate { year, month, day } = self.civil();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("a date must be written YYYY-MM-DD"))
    }
}

/// `YYYY-MM-DD` of so many days since 1970-01-01; days outside of four-digit years stay a number.
pub(crate) fn date_text(days: i32) -> String {
    Date::from_days(days).map_or_else(|| days.to_string(), |date| date.to_string())
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar; `month` is 1 to 12 and
/// `year` within what an `i32` of days can reach (about 5.8 million years either way).
pub fn days_from_civil(year: i32, month: u32, day: u32) -> i32 {
    // Years begin in March, so that the leap day is the last day of its year.
    let shifted = i64::from(year) - i64::from(month <= 2);
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let month_from_march = i64::from((month + 9) % 12);
    let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH) as i32
}

/// The calendar fields of the day `days` after 1970-01-01: the inverse of [`days_from_civil`].
pub fn civil_from_days(days: i32) -> CivilDate {
    let shifted = i64::from(days) + DAYS_TO_EPOCH;
    let era = shifted.div_euclid(DAYS_PER_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_PER_ERA);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u32;
    let month = ((month_from_march + 2) % 12 + 1) as u32;
    let year = (year_of_era + era * 400 + i64::from(month <= 2)) as i32;
    CivilDate { year, month, day }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

/// Order of day and month in dates written with numbers, where the year is last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// Year, month, day.
    Ymd,
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_are_where_the_calendar_has_them() {
        assert_eq!(days_from_civil(1970, 1, 1), 0);
        assert_eq!(days_from_civil(2000, 2, 29), 11_016);
        assert_eq!(days_from_civil(1969, 12, 31), -1);
        assert_eq!(Date::MIN.to_string(), "0001-01-01");
        assert_eq!(Date::MAX.to_string(), "9999-12-31");
        assert_eq!(civil_from_days(i32::MIN).year, -5_877_641);
        assert_eq!(civil_from_days(i32::MAX).year, 5_881_580);
    }

    #[test]
    fn every_day_of_the_range_is_the_next_of_the_day_before() {
        let mut before = civil_from_days(Date::MIN.days() - 1);
        for days in Date::MIN.days()..=Date::MAX.days() {
            let date = civil_from_days(days);
            let (year, month) = (before.year, before.month);
            let expected = if before.day < days_in_month(year, month) {
                CivilDate {
                    day: before.day + 1,
                    ..before
                }
            } else if month < 12 {
                CivilDate {
                    month: month + 1,
                    day: 1,
                    year,
                }
            } else {
                CivilDate {
                    year: year + 1,
                    month: 1,
                    day: 1,
                }
            };
            assert_eq!(date, expected);
            assert_eq!(days_from_civil(date.year, date.month, date.day), days);
            before = date;
        }
    }

    #[test]
    fn only_four_two_two_digits_of_a_real_day_are_read() {
        assert_eq!(Date::parse("2012-09-04").map(Date::days), Some(15_587));
        for wrong in [
            "",
            "2012-9-4",
            "2012-09-04 ",
            "04-09-2012",
            "2012-13-01",
            "2012-00-10",
            "2012-01-00",
            "2011-02-29",
            "1900-02-29",
            "0000-01-01",
            "2012/09/04",
            "+012-09-04",
            "２012-09-",
        ] {
            assert_eq!(Date::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sums_beyond_the_range_are_none() {
        assert_eq!(Date::MAX.checked_add_days(1), None);
        assert_eq!(Date::MIN.checked_add_days(-1), None);
        assert_eq!(Date::MIN.checked_add_days(i64::MIN), None);
        assert_eq!(Date::MIN.checked_add_days(3_652_058), Some(Date::MAX));
    }

    #[test]
    fn dates_are_text_in_json() {
        let date = Date::parse("2020-05-27").unwrap();
        let json = serde_json::to_string(&date).unwrap();
        assert_eq!(json, "\"2020-05-27\"");
        assert_eq!(serde_json::from_str::<Date>(&json).unwrap(), date);
        assert!(serde_json::from_str::<Date>("\"27.05.2020\"").is_err());
    }
}
