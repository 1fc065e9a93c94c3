//! A transaction that a caller lends, over the driver of the caller. It is on PostgreSQL.

use std::fmt::Write as _;
use std::pin::Pin;

use jobs_core::Error;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use super::Transaction;
use super::transaction::Open;
use crate::value::written_time;
use crate::{Cell, Dialect, SqlArray, SqlRow, SqlValue};

const PRODUCT: &str = "PostgreSQL";

/// A statement on its way to the lent transaction.
#[derive(Debug)]
struct LentStatement {
    statement: String,
    parameters: Vec<Option<String>>,
    answer: oneshot::Sender<Result<Vec<String>, Error>>,
}

/// Sends statements to the lent transaction.
pub(super) struct LentTransaction {
    requests: mpsc::Sender<LentStatement>,
}

/// Runs the statements of a lent transaction on the transaction of the caller.
#[derive(Debug)]
pub struct Lender {
    sent: mpsc::Receiver<LentStatement>,
    is_in_utc: bool,
}

/// A transaction for a call that runs on one of the caller's, and what connects the two. `doing` is for errors, as
/// `enqueue jobs`.
pub fn lend(doing: &'static str) -> (Transaction, Lender) {
    let (requests, sent) = mpsc::channel(1);
    (Transaction::new(Open::Lent(LentTransaction { requests }), doing), Lender { sent, is_in_utc: false })
}

impl Lender {
    /// Sets the zone of the caller's transaction to UTC during the work, and back after it. Columns whose times have a zone need it: PostgreSQL
    /// takes a time without one for a time of that zone.
    #[must_use]
    pub const fn in_utc(mut self, is_needed: bool) -> Self {
        self.is_in_utc = is_needed;
        self
    }

    /// Awaits what works on the lent transaction, and runs its statements on this transaction of the caller, whose end is
    /// left to the caller.
    ///
    /// Not cancel safe: after a dropped call the caller has to roll back.
    ///
    /// # Errors
    /// Those of `work`; and the transaction is not on PostgreSQL, the error [is invalid](Error::is_invalid) then.
    pub async fn serve<T>(
        mut self,
        lent: &mut dyn jobs_core::Transaction,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        if lent.product() != PRODUCT {
            return Err(Error::invalid(format!(
                "this client's store is on {PRODUCT}, and the transaction is on {}; gather the jobs with \
                 `client.after_commit()` and enqueue them after the commit",
                lent.product()
            )));
        }
        let zone = if self.is_in_utc { Some(change_to_utc(lent).await?) } else { None };
        let done = self.run_all(lent, Box::pin(work)).await;
        match zone {
            Some(zone) => {
                let is_back = set_zone(lent, &zone).await;
                // After an error of the work the transaction may be good for nothing but a rollback, which sets the zone back too.
                done.and_then(|done| is_back.map(|()| done))
            }
            None => done,
        }
    }

    async fn run_all<T>(
        &mut self,
        lent: &mut dyn jobs_core::Transaction,
        mut work: Pin<Box<impl Future<Output = Result<T, Error>>>>,
    ) -> Result<T, Error> {
        loop {
            let request = tokio::select! {
                done = &mut work => return done,
                Some(request) = self.sent.recv() => request,
            };
            // Who asked waits for it.
            let _received = request.answer.send(lent.run(&request.statement, &request.parameters).await);
        }
    }
}

/// Sets the zone for the rest of the transaction to UTC; what it was.
async fn change_to_utc(lent: &mut dyn jobs_core::Transaction) -> Result<String, Error> {
    let was = lent.run("SELECT current_setting('TimeZone') AS answer", &[]).await?;
    set_zone(lent, "UTC").await?;
    was.into_iter().next().ok_or_else(unreadable)
}

async fn set_zone(lent: &mut dyn jobs_core::Transaction, zone: &str) -> Result<(), Error> {
    lent.run("SELECT set_config('TimeZone', $1::text, true) AS answer", &[Some(zone.to_owned())]).await.map(drop)
}

impl LentTransaction {
    /// How many rows were changed.
    pub(super) async fn execute(&self, statement: &str, values: &[SqlValue]) -> Result<u64, Error> {
        let statement = Dialect::Postgres.sql(&typed(statement, values));
        let counted = format!("WITH changed AS ({statement} RETURNING 1) SELECT COUNT(*)::text AS answer FROM changed");
        let rows = self.send(counted, values).await?;
        rows.first().and_then(|count| count.parse().ok()).ok_or_else(unreadable)
    }

    pub(super) async fn query(&self, statement: &str, values: &[SqlValue]) -> Result<Vec<SqlRow>, Error> {
        let statement = Dialect::Postgres.sql(&typed(statement, values));
        let lists = format!(
            "WITH found AS ({statement}) SELECT (SELECT json_agg(cell.value ORDER BY cell.ordinality) \
             FROM json_each(to_json(found)) WITH ORDINALITY AS cell (key, value, ordinality))::text AS answer FROM found"
        );
        self.send(lists, values).await?.iter().map(|list| row(list)).collect()
    }

    async fn send(&self, statement: String, values: &[SqlValue]) -> Result<Vec<String>, Error> {
        let (answer, answered) = oneshot::channel();
        let request = LentStatement { statement, parameters: values.iter().map(text).collect(), answer };
        self.requests.send(request).await.map_err(|_ended| ended())?;
        answered.await.map_err(|_ended| ended())?
    }
}

/// The statement with parameters that are texts, each cast to its type.
fn typed(statement: &str, values: &[SqlValue]) -> String {
    let mut parts = statement.split('?');
    let mut typed = parts.next().unwrap_or_default().to_owned();
    for ((part, value), number) in parts.zip(values).zip(1_usize..) {
        let kind = match value {
            SqlValue::Int(_) => "bigint",
            SqlValue::Text(_) => "text",
            SqlValue::Time(_) => "timestamp",
            SqlValue::Bool(_) => "boolean",
            SqlValue::Array(SqlArray::Ints(_)) => "bigint[]",
            SqlValue::Array(SqlArray::Texts(_)) => "text[]",
            SqlValue::Array(SqlArray::Times(_)) => "timestamp[]",
        };
        let _infallible = write!(typed, "CAST(${number}::text AS {kind}){part}");
    }
    typed
}

fn text(value: &SqlValue) -> Option<String> {
    match value {
        SqlValue::Int(number) => number.map(|number| number.to_string()),
        SqlValue::Text(text) => text.clone(),
        SqlValue::Time(time) => time.map(written_time),
        SqlValue::Bool(is) => Some(is.to_string()),
        SqlValue::Array(array) => Some(array_text(array)),
    }
}

/// An array in PostgreSQL's own form, `{"a",NULL}`.
fn array_text(array: &SqlArray) -> String {
    let quoted = |text: &String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let elements: Vec<String> = match array {
        SqlArray::Ints(numbers) => numbers.iter().map(i64::to_string).collect(),
        SqlArray::Texts(texts) => {
            texts.iter().map(|text| text.as_ref().map_or_else(|| "NULL".to_owned(), quoted)).collect()
        }
        SqlArray::Times(times) => times.iter().map(|time| quoted(&written_time(*time))).collect(),
    };
    format!("{{{}}}", elements.join(","))
}

fn row(list: &str) -> Result<SqlRow, Error> {
    let cells: Vec<Value> = serde_json::from_str(list).map_err(|cause| unreadable().with_source(cause))?;
    let cell = |value: Value| match value {
        Value::Null => Cell::Null,
        Value::Bool(is) => Cell::Int(is.into()),
        Value::String(text) => Cell::Text(text),
        other => other.as_i64().map_or_else(|| Cell::Text(other.to_string()), Cell::Int),
    };
    Ok(SqlRow(cells.into_iter().map(cell).collect()))
}

fn unreadable() -> Error {
    Error::corrupt("the answer of a statement in the lent transaction cannot be read")
}

fn ended() -> Error {
    Error::transient("the call in the lent transaction was dropped; roll the transaction back")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_texts_that_the_statement_casts() {
        let values = [SqlValue::from(7), SqlValue::from("a"), SqlValue::Bool(true)];
        let text = typed("SELECT ?, ?, ? {lock}", &values);
        assert_eq!(text, "SELECT CAST($1::text AS bigint), CAST($2::text AS text), CAST($3::text AS boolean) {lock}");
    }

    #[test]
    fn an_array_is_written_as_postgresql_reads_it() {
        let texts = SqlArray::Texts(vec![Some("a,\"b\\{}".to_owned()), None, Some(String::new())]);
        assert_eq!(array_text(&texts), r#"{"a,\"b\\{}",NULL,""}"#);
        assert_eq!(array_text(&SqlArray::Ints(vec![1, -2])), "{1,-2}");
        assert_eq!(text(&SqlArray::Ints(Vec::new()).into()).as_deref(), Some("{}"));
    }

    #[test]
    fn a_row_is_a_list_of_values() {
        let row = row(r#"[7, null, "a", true, "2026-01-02T02:00:00.5"]"#).unwrap();
        assert_eq!((row.int(0).unwrap(), row.cell(1), row.text(2).unwrap()), (7, &Cell::Null, "a"));
        assert_eq!((row.int(3).unwrap(), row.time(4).unwrap().as_micros()), (1, 1_767_319_200_500_000));
    }
}
