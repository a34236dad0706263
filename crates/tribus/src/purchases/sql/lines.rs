//! The steps from the rows of the table to the lines that count.

use super::{AS_OF, Writer, filled};
use crate::expr::{Dialect, Expr, ExprType, Step};
use crate::ledger::DiscountKind;
use crate::purchases::PurchasesError;
use crate::recipe::{Copies, Returns};
use crate::table::kinds_of;
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::{RowKind, State};

/// Of each e-mail address the customer who has it; none where several do.
const OWNERS: &str = "    SELECT email, MIN(customer) AS owner FROM owned_lines
    WHERE email IS NOT NULL AND customer IS NOT NULL
    GROUP BY email HAVING COUNT(DISTINCT customer) = 1";

/// What the column of discounts holds, without its sign.
const SIZE: &str = "ABS(COALESCE(own_discount, 0))";

impl Writer<'_> {
    /// The lines of a table, typed.
    pub(super) fn typed_steps(&self, table: &str) -> Result<Vec<Step>, PurchasesError> {
        let different = match self.section.copies {
            Some(Copies::Drop) => "DISTINCT ",
            _ => "",
        };
        let lines = format!("    SELECT {different}*\n    FROM {table}");
        let typed = self.source()?;
        Ok(vec![
            Step::new("lines_read", "the table", lines),
            Step::new("typed_lines", "the columns that play a part", typed).fenced(),
        ])
    }

    pub(super) fn line_steps(&self) -> Vec<Step> {
        let step = |name, comment, query| Step::new(name, comment, query);
        let mut steps = vec![
            step(
                "dated_lines",
                "an order has one day and one state",
                self.dated(),
            ),
            step("owned_lines", "and one customer", owned()),
        ];
        if self.has(Part::Email) {
            let what = "of each e-mail address the customer who has it; none where several do";
            steps.push(step("email_owners", what, OWNERS.to_owned()));
        }
        let worth = "what each line is worth; what belongs to an order counts once";
        steps.extend([
            step(
                "bought_lines",
                "whose each line is, and whether it counts",
                self.bought(),
            ),
            step("valued_lines", worth, self.valued()),
            step("counted_lines", "the lines that count", self.counted()),
        ]);
        steps
    }

    fn source(&self) -> Result<String, PurchasesError> {
        let numbered = match self.dialect {
            Dialect::Spark | Dialect::Snowflake => "OVER (ORDER BY 1)",
            _ => "OVER ()",
        };
        let is_dropped = self.dropped()?;
        let order = if self.has(Part::Order) {
            self.text(Part::Order)
        } else {
            self.text(Part::OfOrder)
        };
        let text = self.dialect.type_name(ExprType::Text);
        let captured = self
            .column(Part::Captured)
            .unwrap_or_else(|| "NULL".to_owned());
        let captured = format!("CAST({captured} AS {text})");
        Ok(format!(
            "    SELECT line, customer, email, phone, COALESCE(order_key, 'line ' || CAST(line AS {text})) AS order_key, day, refund_day, state, row_kind, is_open, is_dropped,
        amount, adjusted, quantity, price, discount, refunded, product, category, channel, country
    FROM (
        SELECT ROW_NUMBER() {numbered} AS line,
            {} AS customer,
            {} AS email,
            {} AS phone,
            {order} AS order_key,
            {} AS day,
            {} AS refund_day,
            {} AS state,
            {} AS row_kind,
            CASE WHEN LOWER({captured}) IN ('0', '0.0', 'false') THEN 1 ELSE 0 END AS is_open,
            {is_dropped} AS is_dropped,
            {},
            {}
        FROM lines_read
    ) AS numbered",
            self.key(Part::Customer),
            self.key(Part::Email),
            self.key(Part::Phone),
            self.day(Part::Date)?,
            self.day(Part::RefundDate)?,
            self.meanings(Part::State, &self.form.states),
            self.meanings(Part::Kind, &self.form.row_kinds),
            self.numbers().join(",\n            "),
            self.texts().join(",\n            "),
        ))
    }

    fn numbers(&self) -> [String; 6] {
        let numbers = [
            Part::Amount,
            Part::Adjusted,
            Part::Quantity,
            Part::Price,
            Part::Discount,
            Part::Refunded,
        ];
        numbers.map(|part| format!("{} AS {}", self.number(part), part.word()))
    }

    fn texts(&self) -> [String; 4] {
        let texts = [Part::Product, Part::Category, Part::Channel, Part::Country];
        texts.map(|part| format!("{} AS {}", self.text(part), part.word()))
    }

    /// Whether a line is set aside by the recipe.
    fn dropped(&self) -> Result<String, PurchasesError> {
        let ruled = self.form.ruled.iter();
        let schema = kinds_of(ruled.map(|column| (column.name.as_str(), column.kind)));
        let mut conditions = Vec::new();
        for rule in &self.section.drop {
            let error = |source| PurchasesError::Expression {
                place: format!("purchases.drop ({})", rule.condition),
                source,
            };
            let condition = Expr::parse(&rule.condition).map_err(error)?;
            let condition = condition.to_sql(&schema, self.dialect).map_err(error)?;
            conditions.push(format!("({condition})"));
        }
        if self.has(Part::Product) && !self.section.not_products.is_empty() {
            let listed = self.listed(&self.section.not_products);
            conditions.push(format!("{} IN ({listed})", self.text(Part::Product)));
        }
        if conditions.is_empty() {
            return Ok("0".to_owned());
        }
        Ok(format!(
            "CASE WHEN {} THEN 1 ELSE 0 END",
            conditions.join(" OR ")
        ))
    }

    /// Older versions of an order are those with an earlier state; lines of products may be two pieces of which one came back.
    fn dated(&self) -> String {
        let newest = match (self.has(Part::Product), self.form.is_one_file) {
            (true, true) => "state",
            (true, false) => {
                "MAX(state) OVER (PARTITION BY order_key, product, quantity, price, amount)"
            }
            (false, _) => "MAX(state) OVER (PARTITION BY order_key, quantity, price, amount)",
        };
        format!(
            "    SELECT *, {newest} AS newest_state
    FROM (
        SELECT line, customer, email, phone, order_key, refund_day, row_kind, is_open, is_dropped,
            amount, adjusted, quantity, price, discount, refunded, product, category, channel, country,
            {} AS day,
            {} AS state
        FROM typed_lines
    ) AS filled",
            filled("day", "order_key"),
            filled("state", "order_key"),
        )
    }

    /// Whose each line is, and whether it counts.
    fn bought(&self) -> String {
        let (buyer, owners) = if self.has(Part::Email) {
            (
                "COALESCE(owned_lines.customer, email_owners.owner, owned_lines.email, owned_lines.phone)",
                "\n        LEFT JOIN email_owners ON email_owners.email = owned_lines.email",
            )
        } else {
            ("COALESCE(customer, phone)", "")
        };
        let other = RowKind::Other as u8;
        let [failed, unpaid, cancelled] =
            [State::Failed, State::Unpaid, State::Cancelled].map(|state| state as u8);
        format!(
            "    SELECT *,
        CASE WHEN buyer IS NOT NULL AND day IS NOT NULL AND day <= {AS_OF} AND is_dropped = 0
            AND (newest_state IS NULL OR state IS NULL OR state = newest_state)
            AND (state IS NULL OR state NOT IN ({failed}, {unpaid}, {cancelled}))
            AND is_open = 0 AND (row_kind IS NULL OR row_kind <> {other})
        THEN 1 ELSE 0 END AS counts
    FROM (
        SELECT owned_lines.*, {buyer} AS buyer
        FROM owned_lines{owners}
    ) AS named"
        )
    }

    /// A number of a line; one that belongs to the order stands on one line of it, if possible on one that counts.
    fn once(&self, part: Part) -> String {
        let name = part.word();
        let order = if self.has(Part::Kind) {
            "order_key, row_kind"
        } else {
            "order_key"
        };
        if !self.form.once.iter().any(|word| word == name) {
            return name.to_owned();
        }
        format!(
            "CASE WHEN {name} < 0 OR MAX({name}) OVER (PARTITION BY {order}) IS NULL OR MAX({name}) OVER (PARTITION BY {order}) < 0 THEN {name}
            WHEN ROW_NUMBER() OVER (PARTITION BY {order} ORDER BY CASE WHEN {name} >= 0 THEN 0 ELSE 1 END, counts DESC, {name} DESC, line) = 1 THEN {name}
            ELSE 0 END"
        )
    }

    fn valued(&self) -> String {
        let numbers = [Part::Amount, Part::Adjusted, Part::Refunded, Part::Discount];
        let numbers = numbers.map(|part| format!("{} AS own_{}", self.once(part), part.word()));
        let refund = if self.section.returns == Some(Returns::Ignore) {
            "0".to_owned()
        } else if self.has(Part::Refunded) {
            "ABS(COALESCE(own_refunded, 0))".to_owned()
        } else {
            let refunded = State::Refunded as u8;
            format!("CASE WHEN state = {refunded} AND worth > 0 THEN worth ELSE 0 END")
        };
        let (worth, off) = (self.worth(), self.off_paid());
        format!(
            "    SELECT *, {refund} AS refund, CASE WHEN worth < 0 THEN 0 ELSE {off} END AS off
    FROM (
        SELECT *, {worth} AS worth
        FROM (
            SELECT *, {}
            FROM bought_lines
        ) AS per_line
    ) AS per_worth",
            numbers.join(",\n            ")
        )
    }

    /// What a line is worth: the amount, or price times quantity less what was taken off.
    fn worth(&self) -> String {
        let full = if self.has(Part::Quantity) {
            "price * quantity"
        } else {
            "price"
        };
        let off = match self.discounts() {
            DiscountKind::Money => format!("CASE WHEN {full} < 0 THEN -{SIZE} ELSE {SIZE} END"),
            DiscountKind::Share => format!("{full} * {SIZE}"),
            DiscountKind::Percent => {
                format!("{full} * CASE WHEN {SIZE} < 100 THEN {SIZE} / 100 ELSE 1 END")
            }
        };
        let worth = if self.has(Part::Amount) {
            "CASE WHEN own_adjusted <> 0 THEN own_adjusted ELSE own_amount END".to_owned()
        } else {
            // What is left of a price that was taken off in full is nothing, also in binary fractions.
            let paid = format!("{full} - ({off})");
            format!("CASE WHEN ABS({paid}) < 0.0000005 THEN 0 ELSE {paid} END")
        };
        if self.has(Part::Kind) {
            let back = RowKind::Return as u8;
            format!("CASE WHEN row_kind = {back} THEN -ABS({worth}) ELSE {worth} END")
        } else {
            worth
        }
    }

    fn discounts(&self) -> DiscountKind {
        self.form.discounts.unwrap_or(DiscountKind::Money)
    }

    /// What was taken off a line, in money.
    fn off_paid(&self) -> String {
        match self.discounts() {
            DiscountKind::Money => SIZE.to_owned(),
            DiscountKind::Share => {
                format!("CASE WHEN {SIZE} < 1 THEN worth / (1 - {SIZE}) * {SIZE} ELSE 0 END")
            }
            DiscountKind::Percent => format!(
                "CASE WHEN {SIZE} < 100 THEN worth / (1 - {SIZE} / 100) * {SIZE} / 100 ELSE 0 END"
            ),
        }
    }

    fn counted(&self) -> String {
        let no_returns = match self.section.returns {
            Some(Returns::Ignore) => " AND worth >= 0",
            _ => "",
        };
        format!(
            "    SELECT line, buyer AS customer, order_key, day, COALESCE(refund_day, day) AS refund_day,
        worth AS amount, refund, off AS discount, product, category, channel, country
    FROM valued_lines WHERE counts = 1 AND worth IS NOT NULL{no_returns}"
        )
    }
}

/// A customer holds for all of an order of one day: numbers of receipts may begin anew.
fn owned() -> String {
    let [customer, email, phone] =
        ["customer", "email", "phone"].map(|key| filled(key, "order_key, day"));
    format!(
        "    SELECT line, order_key, refund_day, row_kind, is_open, is_dropped,
        amount, adjusted, quantity, price, discount, refunded, product, category, channel, country, day, state, newest_state,
        {customer} AS customer,
        {email} AS email,
        {phone} AS phone
    FROM dated_lines"
    )
}
