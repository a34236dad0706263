//! One splitter of column names, for every language.

/// No name says more in more characters than these; the rest of a longer one is not read.
const LONGEST_NAME: usize = 200;

/// Splits a name into words in the form that the lexicon has: lower case, diacritics folded, cut at everything that is no
/// letter or digit, at camel case humps, between letters and digits and between scripts. `MntMeatProducts` is "mnt meat
/// products", `Größe_cm` "grosse cm", `顧客ID` "顧客 id", `spend_30d` "spend 30 d". The signs `%`, `#`, `№` and those of
/// currencies are words of their own.
pub(crate) fn split(name: &str) -> Vec<String> {
    let read = name.chars().take(LONGEST_NAME);
    let letters: Vec<char> = read.filter(|letter| !is_mark(*letter)).collect();
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for (at, &letter) in letters.iter().enumerate() {
        // `$source` is no money.
        let is_sigil =
            at == 0 && letter == '$' && letters.get(1).is_some_and(|c| c.is_alphabetic());
        if is_sigil {
            continue;
        }
        if is_sign(letter) {
            words.push(letter.to_string());
            before = None;
            continue;
        }
        if !letter.is_alphanumeric() {
            // "men's" is one word, "dall'ultimo" two.
            let rest = &letters[at + 1..];
            let is_possessive = matches!(letter, '\'' | '’')
                && rest.first() == Some(&'s')
                && rest.get(1).is_none_or(|next| !next.is_alphanumeric());
            before = before.filter(|_| is_possessive);
            continue;
        }
        let after = letters.get(at + 1).copied();
        if before.is_none_or(|before| starts_a_word(before, letter, after)) {
            words.push(String::new());
        }
        before = Some(letter);
        if let Some(word) = words.last_mut() {
            fold_into(word, letter);
        }
    }
    words
}

fn starts_a_word(before: char, letter: char, after: Option<char>) -> bool {
    let hump = before.is_lowercase() && letter.is_uppercase();
    // The last capital of a run belongs to the word behind it: `RFMScore` is "rfm score".
    let acronym =
        before.is_uppercase() && letter.is_uppercase() && after.is_some_and(char::is_lowercase);
    hump || acronym || Script::of(before) != Script::of(letter)
}

#[derive(PartialEq, Eq)]
enum Script {
    Digit,
    /// Han and kana are written without spaces, and mixed.
    Ideographic,
    Cyrillic,
    Other,
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            _ if letter.is_numeric() => Self::Digit,
            '\u{3005}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => {
                Self::Ideographic
            }
            '\u{0400}'..='\u{052f}' => Self::Cyrillic,
            _ => Self::Other,
        }
    }
}

/// Whether a word is written in han or kana, without spaces between its parts.
pub(super) fn is_ideographic(word: &str) -> bool {
    word.chars()
        .next()
        .is_some_and(|letter| Script::of(letter) == Script::Ideographic)
}

/// Marks that stand behind the letter they belong to: decomposed accents.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{0300}'..='\u{036f}')
}

fn is_sign(letter: char) -> bool {
    matches!(
        letter,
        '%' | '#' | '№' | '$' | '€' | '£' | '¥' | '₹' | '₺' | '₽' | '₩'
    )
}

/// Adds a letter in lower case without its diacritics.
fn fold_into(word: &mut String, letter: char) {
    for letter in letter.to_lowercase() {
        let folded = match letter {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ª' => "a",
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
            'ď' | 'đ' | 'ð' => "d",
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
            'ķ' => "k",
            'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'º' | '°' => "o",
            'ŕ' | 'ř' => "r",
            'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
            'ţ' | 'ť' | 'ț' => "t",
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'ß' => "ss",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            'ё' => "е",
            '\u{0307}' => "",
            // Full-width forms of Latin letters and digits.
            '\u{ff10}'..='\u{ff5e}' => {
                word.extend(char::from_u32(letter as u32 - 0xfee0));
                continue;
            }
            letter => {
                word.push(letter);
                continue;
            }
        };
        word.push_str(folded);
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_split_into_words() {
        for (name, expected) in [
            ("MntMeatProducts", "mnt meat products"),
            ("Annual Income (k$)", "annual income k $"),
            ("CustomerID", "customer id"),
            ("AcceptedCmp3", "accepted cmp 3"),
            ("BALANCE_FREQUENCY", "balance frequency"),
            ("RFMScore", "rfm score"),
            ("spend_30d", "spend 30 d"),
            ("Größe_cm", "grosse cm"),
            ("İl", "il"),
            ("Müşteri No", "musteri no"),
            ("Ożenek ł", "ozenek l"),
            ("顧客ID", "顧客 id"),
            ("最終購入日", "最終購入日"),
            ("Дата рождения", "дата рождения"),
            ("№ п/п", "№ п п"),
            ("men's", "mens"),
            ("e-mail", "e mail"),
            ("% of orders", "% of orders"),
            ("", ""),
        ] {
            assert_eq!(split(name).join(" "), expected, "{name}");
        }
    }
}
