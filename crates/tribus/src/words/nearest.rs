//! The name the user probably meant.

/// Beyond this many bytes the quadratic comparison costs more than the help is worth.
const LONGEST: usize = 200;

/// The candidate nearest to `name`, if one is near enough to be offered; none for a name of more than 200 bytes.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    if name.len() > LONGEST {
        return None;
    }
    let wanted = plain(name);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .map(|candidate| {
            (
                strsim::normalized_damerau_levenshtein(&wanted, &plain(candidate)),
                candidate,
            )
        })
        .filter(|(similarity, _)| *similarity >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate.to_owned())
}

/// The first few names, to be shown in a message; none where the header looks like a row of data.
pub(crate) fn showable<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let names: Vec<&str> = names.into_iter().collect();
    let like_data = |name: &&str| name.contains('@') || name.trim().parse::<f64>().is_ok();
    if names.iter().any(like_data) {
        return Vec::new();
    }
    names.into_iter().take(12).map(ToOwned::to_owned).collect()
}

/// The hint that goes with [`showable`].
pub(crate) fn hint_of_names(nearest: Option<&String>, available: &[String]) -> String {
    match (nearest, available) {
        (Some(nearest), _) => format!("did you mean `{nearest}`?"),
        (None, []) => "the first line looks like data: does the file have a header?".to_owned(),
        (None, names) => format!("the columns there are: {}", names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_pen_finds_its_name() {
        assert_eq!(
            nearest("spned", ["visits", "spend"]),
            Some("spend".to_owned())
        );
        assert_eq!(
            nearest("MNTWINES", ["MntWines", "MntMeat"]),
            Some("MntWines".to_owned())
        );
    }

    #[test]
    fn nothing_near_offers_nothing() {
        assert_eq!(nearest("zzz", ["visits", "spend"]), None);
        let long = "a".repeat(201);
        assert_eq!(nearest(&long, [&long[1..]]), None);
    }
}
