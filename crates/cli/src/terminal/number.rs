//! Numbers for people: 2,205 and 35 %.

use tribus::words::counting_word;
pub(crate) use tribus::words::{count, counted};

/// A share of 0 to 1 as a percentage; what is not nothing is not called 0, what is not all is not called 100.
pub(super) fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if share > 0.0 && whole == 0.0 {
        "<1 %".to_owned()
    } else if share < 1.0 && whole == 100.0 {
        ">99 %".to_owned()
    } else {
        format!("{whole:.0} %")
    }
}

/// A number with as many digits as help: 1,316, 61.4, 3.24, 0.052.
pub(super) fn figure(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        return "-".to_owned();
    }
    if size >= 1000.0 {
        let sign = if number < 0.0 { "-" } else { "" };
        return format!("{sign}{}", count(size.round() as u64));
    }
    match size {
        size if size >= 100.0 => format!("{number:.0}"),
        size if size >= 10.0 => format!("{number:.1}"),
        size if size >= 1.0 || size == 0.0 => format!("{number:.2}"),
        _ => format!("{number:.3}"),
    }
}

/// A number as a word up to twelve, to begin a sentence.
pub(super) fn in_words(number: usize) -> String {
    counting_word(number).map_or_else(|| count(number as u64), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_percentages_that_do_not_lie() {
        assert_eq!(
            [0.0, 0.001, 0.35, 0.999, 1.0].map(percent),
            ["0 %", "<1 %", "35 %", ">99 %", "100 %"]
        );
    }
}
