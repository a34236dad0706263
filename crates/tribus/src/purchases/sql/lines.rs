//! The steps from the rows of the table to the lines that count.

use super::{Step, Writer, filled};
use crate::expr::Expr;
use crate::purchases::PurchasesError;
use crate::purchases::amounts::DiscountKind;
use crate::recipe::{Copies, Returns};
use crate::vocabulary::parts::Part;
use crate::vocabulary::states::State;

/// Of each e-mail address the customer who has it; none where several do.
const OWNERS: &str = "    SELECT email, MIN(customer) AS owner FROM owned_lines
    WHERE email IS NOT NULL AND customer IS NOT NULL
    GROUP BY email HAVING COUNT(DISTINCT customer) = 1";

impl Writer<'_> {
    pub(super) fn line_steps(&self, table: &str) -> Result<Vec<Step>, PurchasesError> {
        let step = |name, comment, body: String| (name, comment, body);
        let typed = self.source(table)?;
        let mut steps = vec![
            step("typed_lines", "the columns that play a part", typed),
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
        Ok(steps)
    }

    fn source(&self, table: &str) -> Result<String, PurchasesError> {
        let table = self.dialect.identifier(table);
        let rows = match self.lines.section.copies {
            Some(Copies::Drop) => format!("(SELECT DISTINCT * FROM {table}) AS each_once"),
            _ => table,
        };
        let is_dropped = self.dropped()?;
        let order = if self.has(Part::Order) {
            self.text(Part::Order)
        } else {
            self.text(Part::OfOrder)
        };
        let captured = self.text(Part::Captured);
        let numbers = [
            Part::Amount,
            Part::Adjusted,
            Part::Quantity,
            Part::Price,
            Part::Discount,
            Part::Refunded,
        ];
        let numbers = numbers.map(|part| format!("{} AS {}", self.number(part), part.word()));
        let texts = [Part::Product, Part::Category, Part::Channel, Part::Country];
        let texts = texts.map(|part| format!("{} AS {}", self.text(part), part.word()));
        Ok(format!(
            "    SELECT line, customer, email, phone, COALESCE(order_key, 'line ' || line) AS order_key, day, refund_day, state, is_open, is_dropped,
        amount, adjusted, quantity, price, discount, refunded, product, category, channel, country
    FROM (
        SELECT ROW_NUMBER() OVER () AS line,
            {} AS customer,
            {} AS email,
            {} AS phone,
            {order} AS order_key,
            {} AS day,
            {} AS refund_day,
            {} AS state,
            CASE WHEN LOWER({captured}) IN ('0', 'false') THEN 1 ELSE 0 END AS is_open,
            {is_dropped} AS is_dropped,
            {},
            {}
        FROM {rows}
    ) AS numbered",
            self.key(Part::Customer),
            self.key(Part::Email),
            self.key(Part::Phone),
            self.day(Part::Date),
            self.day(Part::RefundDate),
            self.state(),
            numbers.join(",\n            "),
            texts.join(",\n            "),
        ))
    }

    /// Whether a line is set aside by the recipe.
    fn dropped(&self) -> Result<String, PurchasesError> {
        let schema = self.found.table().batch().schema();
        let mut conditions = Vec::new();
        for rule in &self.lines.section.drop {
            let error = |source| PurchasesError::Expression {
                place: format!("purchases.drop ({})", rule.condition),
                source,
            };
            let condition = Expr::parse(&rule.condition).map_err(error)?;
            let condition = condition.to_sql(&schema, self.dialect).map_err(error)?;
            conditions.push(format!("({condition})"));
        }
        if self.has(Part::Product) && !self.lines.section.not_products.is_empty() {
            let listed = self.listed(&self.lines.section.not_products);
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
        let newest = if self.has(Part::Product) {
            "state".to_owned()
        } else {
            "MAX(state) OVER (PARTITION BY order_key, quantity, price, amount)".to_owned()
        };
        format!(
            "    SELECT *, {newest} AS newest_state
    FROM (
        SELECT line, customer, email, phone, order_key, refund_day, is_open, is_dropped,
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
        let [failed, unpaid, cancelled] =
            [State::Failed, State::Unpaid, State::Cancelled].map(|state| state as u8);
        format!(
            "    SELECT *,
        CASE WHEN buyer IS NOT NULL AND day IS NOT NULL AND day <= {} AND is_dropped = 0
            AND (newest_state IS NULL OR state IS NULL OR state = newest_state)
            AND (state IS NULL OR state NOT IN ({failed}, {unpaid}, {cancelled}))
            AND is_open = 0
        THEN 1 ELSE 0 END AS counts
    FROM (
        SELECT owned_lines.*, {buyer} AS buyer
        FROM owned_lines{owners}
    ) AS named",
            self.lines.as_of.days()
        )
    }

    /// A number of a line; one that belongs to the order stands on one line of it, if possible on one that counts.
    fn once(&self, part: Part) -> String {
        let name = part.word();
        if !self.lines.once.contains(&part) {
            return name.to_owned();
        }
        format!(
            "CASE WHEN {name} < 0 OR MAX({name}) OVER (PARTITION BY order_key) IS NULL OR MAX({name}) OVER (PARTITION BY order_key) < 0 THEN {name}
            WHEN ROW_NUMBER() OVER (PARTITION BY order_key ORDER BY CASE WHEN {name} >= 0 THEN 0 ELSE 1 END, counts DESC, {name} DESC, line) = 1 THEN {name}
            ELSE 0 END"
        )
    }

    fn valued(&self) -> String {
        let numbers = [Part::Amount, Part::Adjusted, Part::Refunded, Part::Discount];
        let numbers = numbers.map(|part| format!("{} AS own_{}", self.once(part), part.word()));
        let size = "ABS(COALESCE(own_discount, 0))";
        let (off, of_paid) = match self.lines.discount_kind {
            DiscountKind::Money => (
                format!("CASE WHEN price * quantity < 0 THEN -{size} ELSE {size} END"),
                size.to_owned(),
            ),
            DiscountKind::Share => (
                format!("price * quantity * {size}"),
                format!("CASE WHEN {size} < 1 THEN worth / (1 - {size}) * {size} ELSE 0 END"),
            ),
            DiscountKind::Percent => {
                let share = format!("CASE WHEN {size} < 100 THEN {size} / 100 ELSE 1 END");
                (
                    format!("price * quantity * {share}"),
                    format!(
                        "CASE WHEN {size} < 100 THEN worth / (1 - {size} / 100) * {size} / 100 ELSE 0 END"
                    ),
                )
            }
        };
        let worth = if self.has(Part::Amount) {
            "CASE WHEN own_adjusted <> 0 THEN own_adjusted ELSE own_amount END".to_owned()
        } else if self.has(Part::Quantity) {
            format!("price * quantity - ({off})")
        } else {
            format!("price - ({})", off.replace("price * quantity", "price"))
        };
        let refund = if self.lines.section.returns == Some(Returns::Ignore) {
            "0".to_owned()
        } else if self.has(Part::Refunded) {
            "ABS(COALESCE(own_refunded, 0))".to_owned()
        } else {
            format!(
                "CASE WHEN state = {} AND worth > 0 THEN worth ELSE 0 END",
                State::Refunded as u8
            )
        };
        format!(
            "    SELECT *, {refund} AS refund, CASE WHEN worth < 0 THEN 0 ELSE {of_paid} END AS off
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

    fn counted(&self) -> String {
        let no_returns = match self.lines.section.returns {
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
        "    SELECT line, order_key, refund_day, is_open, is_dropped,
        amount, adjusted, quantity, price, discount, refunded, product, category, channel, country, day, state, newest_state,
        {customer} AS customer,
        {email} AS email,
        {phone} AS phone
    FROM dated_lines"
    )
}
