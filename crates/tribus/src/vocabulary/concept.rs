//! What a word of a column name can stand for.

macro_rules! concepts {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a word or phrase of a column name stands for, in any language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum Concept {
            $($(#[$doc])* $name,)*
        }

        impl Concept {
            /// The concept called so in the lexicon.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

concepts! {
    /// The person or firm a row is about.
    Customer = "customer",
    /// Somebody who is new.
    NewCustomer = "new_customer",
    /// A number or text that names one thing.
    Identifier = "identifier",
    /// A count of the rows.
    RowNumber = "row_number",
    /// The name of a person or firm.
    PersonName = "person_name",
    /// A way to reach somebody.
    Contact = "contact",
    /// A place, or a code of one.
    Place = "place",
    /// A code that names something else than the customer.
    Code = "code",
    /// One of a few kinds.
    Category = "category",
    /// The result of an earlier segmentation.
    Label = "label",
    /// Money that customers spend with us.
    Spent = "spent",
    /// A measure of what a customer is worth to us.
    CustomerValue = "customer_value",
    /// Money of unknown kind.
    Amount = "amount",
    /// Money that a customer costs us, or gets back.
    Cost = "cost",
    /// Money that customers owe.
    Owed = "owed",
    /// What customers have.
    Owned = "owned",
    /// What customers earn.
    Income = "income",
    /// The price of one thing.
    Price = "price",
    /// A currency.
    CurrencyUnit = "currency_unit",
    /// "Number": how many at the beginning of a name, an identifier at its end.
    Numbering = "numbering",
    /// Health.
    Medical = "medical",
    /// How many.
    Count = "count",
    /// A purchase or order.
    Purchase = "purchase",
    /// Money that moved, for a purchase or not.
    Transaction = "transaction",
    /// A purchase on a deal or with a coupon.
    Deal = "deal",
    /// On the web, in the app.
    Online = "online",
    /// In a store, by catalog.
    Offline = "offline",
    /// A visit to shop, site or app.
    Visit = "visit",
    /// A login, or any activity.
    Login = "login",
    /// The beginning of the relation.
    SignUp = "sign_up",
    /// An e-mail, a campaign, a click.
    Message = "message",
    /// A call or case of customer service.
    Call = "call",
    /// A complaint.
    Complaint = "complaint",
    /// An insurance claim, an accident.
    Claim = "claim",
    /// Goods sent back, orders cancelled.
    Return = "return",
    /// A payment.
    Payment = "payment",
    /// A renewal or end of contract.
    Renewal = "renewal",
    /// A trip, a stay, a game, a delivery, use of a service.
    Usage = "usage",
    /// A gift or donation.
    Donation = "donation",
    /// A product or service.
    Product = "product",
    /// People of a household.
    People = "people",
    /// People who live together.
    Household = "household",
    /// Children.
    Children = "children",
    /// Teenagers.
    Teenagers = "teenagers",
    /// People who work for a firm.
    Employees = "employees",
    /// Age.
    Age = "age",
    /// Birth.
    Birth = "birth",
    Seconds = "seconds",
    Minutes = "minutes",
    Hours = "hours",
    Days = "days",
    Weeks = "weeks",
    Months = "months",
    Quarters = "quarters",
    Years = "years",
    /// How long a customer has been one.
    Tenure = "tenure",
    /// How long ago something was.
    Recency = "recency",
    /// How long something took.
    Duration = "duration",
    /// A calendar date.
    Date = "date",
    Last = "last",
    First = "first",
    /// Planned, to come.
    Next = "next",
    /// The record of the customer, not the customer: updated, loaded, synced.
    Record = "record",
    Total = "total",
    Average = "average",
    Maximum = "maximum",
    Minimum = "minimum",
    /// A part of a whole, a rate.
    Share = "share",
    /// A change between two times.
    Change = "change",
    /// A computed score.
    Score = "score",
    /// A grade that somebody gave.
    Rating = "rating",
    /// Points of a loyalty program.
    Points = "points",
    /// A rank or quantile.
    Rank = "rank",
    /// An answer to a campaign.
    Response = "response",
    /// What a campaign is to bring about.
    Outcome = "outcome",
    /// What a campaign is to prevent.
    Loss = "loss",
    /// What a model foresees.
    Prediction = "prediction",
    /// An arm of a test.
    Treatment = "treatment",
    /// How many customers a row stands for.
    Weight = "weight",
    /// Yes or no.
    Flag = "flag",
    /// Free text.
    Text = "text",
    /// A span of time that is looked at.
    Window = "window",
    /// An hour of the day, a weekday, a month of the year.
    Calendar = "calendar",
    /// A physical measure.
    Physical = "physical",
    /// The year something was built.
    Built = "built",
    /// Lives with a partner.
    Couple = "couple",
    /// Lives alone.
    Single = "single",
    /// A woman.
    Woman = "woman",
    /// A man.
    Man = "man",
    /// Scaled to mean 0 or range 0 to 1.
    Standardized = "standardized",
    /// Grammar.
    EmptyWord = "empty_word",
}
