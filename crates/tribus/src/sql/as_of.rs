//! The day that days since count to, found in the rows as `tribus assign` finds it: their latest date, but no earlier day than
//! that of the model.

use arrow_schema::Schema;

use super::{SqlError, Writer, field};
use crate::date::Date;
use crate::expr::{Expr, ExprType, Step};
use crate::meaning::{latest_of_all, latest_steps};
use crate::pipeline::Derivation;

/// What the pipeline's expressions call the day, until names are given.
const DAY: &str = "the day that days are counted to";

impl Writer<'_> {
    /// The derived columns, counting to a day that steps before the last one find; nothing where none counts from dates of the
    /// rows.
    pub(super) fn counting(&mut self) -> Result<Option<Vec<Derivation>>, SqlError> {
        let mut dates: Vec<(String, &str)> = Vec::new();
        for date in self.pipeline.counting().flat_map(|step| self.dates(step)) {
            let day = (self.sql(&(date - Expr::date(Date::EPOCH)))?, "typed");
            if !dates.contains(&day) {
                dates.push(day);
            }
        }
        let Some(own) = self.pipeline.as_of.filter(|_| !dates.is_empty()) else {
            return Ok(None);
        };
        let last = self.steps.pop().expect("the rows were cleaned");
        self.steps.extend(latest_steps(&dates));
        self.steps.push(self.counted_to(own)?);
        self.steps.push(last);
        self.names.insert(DAY.to_owned(), "as_of".to_owned());
        self.fields.push(field(DAY, ExprType::Date));
        Ok(Some(self.pipeline.counting_to(&Expr::column(DAY))?))
    }

    fn counted_to(&self, own: Date) -> Result<Step, SqlError> {
        let schema = Schema::new(vec![field("latest", ExprType::Number)]);
        let day = Expr::date(Date::EPOCH) + Expr::column("latest");
        let day = day.to_sql_over_typed_columns(&schema, self.dialect)?;
        let latest = latest_of_all(Some(own.days()), &self.dialect.identifier("latest"));
        let as_of = self.dialect.identifier("as_of");
        let query = format!("    SELECT {day} AS {as_of}\n    FROM ({latest}) AS last_day");
        let comment = "the day that days are counted to: never before that of the model";
        Ok(Step::new("counted_to", comment, query))
    }

    /// The dates that a derived column counts from.
    fn dates(&self, step: &Derivation) -> Vec<Expr> {
        let schema = Schema::new(self.fields.clone());
        let columns = step.expression.columns().into_iter();
        let sources = columns.map(|name| {
            let derived = self.pipeline.derive.iter().find(|step| step.name == name);
            derived.map_or_else(|| Expr::column(name), |step| step.expression.clone())
        });
        let is_date = |source: &Expr| matches!(source.check(&schema), Ok(ExprType::Date));
        sources.filter(is_date).collect()
    }
}
