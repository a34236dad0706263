//! The playbook: actions, and the facts of a profile that call for each. A default one is embedded; users bring their own
//! as TOML.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::RecipeError;

/// Actions, in the order in which they are advised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// The plays.
    #[serde(rename = "play")]
    pub plays: Vec<Play>,
}

/// An action, and when it is for a segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// What it is called; plays of one name are one action with several reasons.
    pub name: String,
    /// What to do, with `{products}` and `{preference}` filled in from the profile.
    pub say: String,
    /// All of these must hold.
    pub when: Vec<Trigger>,
}

/// One condition of a play: a fact or a column, a measure, bounds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// What a column tells about a customer, whatever it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<KnownFact>,
    /// A column by its name, instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The category, where the column holds categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// What is measured; the ratio to the average for value, else standard deviations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<TriggerMeasure>,
    /// From here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// Up to here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
}

impl Trigger {
    /// What is measured.
    pub fn measured(&self) -> TriggerMeasure {
        let usual = match self.fact {
            Some(KnownFact::Value) => TriggerMeasure::Ratio,
            _ => TriggerMeasure::Z,
        };
        self.measure.unwrap_or(usual)
    }
}

/// What a column tells about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownFact {
    /// The value column, where value tells segments apart.
    Value,
    /// Income.
    Income,
    /// A grade of how much a customer spends.
    SpendingScore,
    /// Age.
    Age,
    /// Small children at home.
    SmallChildren,
    /// Teenagers at home.
    Teenagers,
    /// Children of any age.
    Children,
    /// Whichever of the three stands out most.
    AnyChildren,
    /// Time since the last purchase.
    Recency,
    /// How long a customer has been one.
    Tenure,
    /// How many purchases.
    Frequency,
    /// Purchases through one channel.
    Channel,
    /// Purchases on a deal.
    Deals,
    /// Visits.
    Visits,
    /// Answers to campaigns.
    Response,
    /// Lives with a partner.
    Couple,
    /// Lives alone.
    Single,
    /// A woman.
    Woman,
    /// A man.
    Man,
}

impl KnownFact {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Income => "income",
            Self::SpendingScore => "spending score",
            Self::Age => "age",
            Self::SmallChildren => "small children at home",
            Self::Teenagers => "teenagers at home",
            Self::Children | Self::AnyChildren => "children at home",
            Self::Recency => "time since the last purchase",
            Self::Tenure => "time as a customer",
            Self::Frequency => "number of purchases",
            Self::Channel => "purchases by channel",
            Self::Deals => "purchases on deals",
            Self::Visits => "visits",
            Self::Response => "answers to campaigns",
            Self::Couple => "living with a partner",
            Self::Single => "living alone",
            Self::Woman => "being a woman",
            Self::Man => "being a man",
        }
    }
}

/// What a condition measures of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerMeasure {
    /// The mean over the mean of all customers.
    Ratio,
    /// (mean - mean of all) / standard deviation of all.
    Z,
    /// The mean in raw units (a share, 0 to 1).
    Mean,
    /// The median over the median of all customers.
    MedianRatio,
    /// 1 for the highest mean of all segments.
    RankFromTop,
    /// 1 for the lowest mean of all segments.
    RankFromBottom,
}

/// The text of the default playbook.
pub const DEFAULT_PLAYBOOK: &str = include_str!("../../../../recipes/playbook.toml");

impl Default for Playbook {
    fn default() -> Self {
        Self::parse(DEFAULT_PLAYBOOK, "playbook.toml").expect("a test parses the default playbook")
    }
}

impl Playbook {
    /// Reads a playbook from TOML text; `name` is what messages call it.
    ///
    /// # Errors
    /// [`RecipeError::Toml`] with the line; [`RecipeError::Play`] for a play that could never be done, or always.
    pub fn parse(text: &str, name: &str) -> Result<Self, RecipeError> {
        let found: Self =
            toml::from_str(text).map_err(|error| RecipeError::toml(&error, text, name))?;
        found.check()?;
        Ok(found)
    }

    pub(super) fn check(&self) -> Result<(), RecipeError> {
        for play in &self.plays {
            play.check().map_err(|problem| RecipeError::Play {
                play: play.name.clone(),
                problem,
            })?;
        }
        Ok(())
    }

    /// Reads a playbook file.
    ///
    /// # Errors
    /// [`RecipeError::Unreadable`], and as [`Self::parse`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, RecipeError> {
        let path = path.as_ref();
        let text = super::text_of("playbook", path)?;
        Self::parse(&text, &path.display().to_string())
    }
}

impl Play {
    fn check(&self) -> Result<(), &'static str> {
        if self.name.trim().is_empty() || self.say.trim().is_empty() {
            return Err("it needs a name and something to say");
        }
        if self.when.is_empty() {
            return Err("it has no condition: every action rests on a fact");
        }
        let unknown = self
            .say
            .split('{')
            .skip(1)
            .any(|rest| !rest.starts_with("products}") && !rest.starts_with("preference}"));
        if unknown {
            return Err("only {products} and {preference} can be filled in");
        }
        self.when.iter().try_for_each(Trigger::check)
    }
}

impl Trigger {
    fn check(&self) -> Result<(), &'static str> {
        match (self.fact, &self.column, &self.level) {
            (Some(_), None, None) | (None, Some(_), _) => {}
            (Some(_), None, Some(_)) => return Err("a level belongs to a column, not to a fact"),
            _ => return Err("a condition names one of fact and column"),
        }
        match (self.at_least, self.at_most) {
            (None, None) => Err("a condition has at_least, at_most or both"),
            (Some(low), Some(high)) if low > high => Err("at_least is above at_most"),
            (low, high) if [low, high].into_iter().flatten().any(f64::is_nan) => {
                Err("a bound is a number")
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_playbook_holds_the_actions_of_the_trade() {
        let names: Vec<String> = Playbook::default()
            .plays
            .into_iter()
            .map(|play| play.name)
            .collect();
        for name in [
            "loyalty program",
            "discounts and value promotions",
            "premium campaign",
            "subscription or membership",
            "VIP treatment",
        ] {
            assert!(names.iter().any(|found| found == name), "{name}");
        }
    }

    #[test]
    fn a_playbook_that_cannot_work_is_refused_with_the_reason() {
        let refused = |text: &str| Playbook::parse(text, "mine.toml").unwrap_err().to_string();
        for (text, words) in [
            ("[[play]]\nname = 'a'\nsay = 'b'\nwhen = []", "no condition"),
            (
                "[[play]]\nname = 'a'\nsay = '{who}'\nwhen = [{ fact = 'age', at_least = 1 }]",
                "{products}",
            ),
            (
                "[[play]]\nname = 'a'\nsay = 'b'\nwhen = [{ fact = 'age' }]",
                "at_least",
            ),
            (
                "[[play]]\nname = 'a'\nsay = 'b'\nwhen = [{ at_least = 1 }]",
                "fact and column",
            ),
            (
                "[[play]]\nname = 'a'\nsay = 'b'\nwhen = [{ fact = 'luck', at_least = 1 }]",
                "mine.toml, line 4",
            ),
        ] {
            let said = refused(text);
            assert!(said.contains(words), "{said}");
        }
    }
}
