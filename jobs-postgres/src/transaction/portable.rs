//! The store's statements in a form that any driver can run: all parameters are texts, and each result row is one text.

use std::fmt::Write as _;

use jobs_core::{Error, JobId, Transaction};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::codec::parameter::texts;
use crate::enqueue::unique_keys::{KeyClaims, KeyOutcome, KeyQuery, KeyRequest, KeyRow};
use crate::statements::{Sql, Statements};

/// The portable statements, and the database that they are for.
#[derive(Debug)]
pub(crate) struct PortableStatements {
    /// The name that `current_database()` returns.
    database: String,
    pub(super) enqueue: String,
    pub(super) enqueue_undo_done: String,
    pub(super) settle: String,
    unique_take: String,
}

impl PortableStatements {
    pub(crate) fn new(statements: &Statements, database: String) -> Self {
        let text = |sql: Sql| with_text_params(statements.text(sql), sql);
        Self {
            database,
            enqueue: as_json_rows(&text(Sql::Enqueue)),
            enqueue_undo_done: text(Sql::EnqueueUndoDone),
            settle: as_json_rows(&text(Sql::Settle)),
            unique_take: as_json_rows(&text(Sql::UniqueTake)),
        }
    }

    /// Takes the unique keys that are free, for new jobs.
    pub(super) async fn take_keys(
        &self,
        transaction: &mut dyn Transaction,
        requests: &[KeyRequest],
        now: Option<i64>,
    ) -> Result<Vec<KeyOutcome>, Error> {
        let mut claims = KeyClaims::new(requests);
        while let Some(KeyQuery { keys, jobs, untils, durations }) = claims.next_query() {
            let parameters = texts(&[&now, &keys, &jobs, &untils, &durations, &true]);
            let found: Vec<UniqueTakeRow> = self.query(transaction, &self.unique_take, &parameters).await?;
            let found: Vec<KeyRow> = found.into_iter().map(|row| (row.number, row.outcome, row.holder)).collect();
            claims.record(&keys, &found)?;
        }
        Ok(claims.outcomes())
    }

    /// Runs a statement that was made by [`as_json_rows`], and returns its rows.
    pub(super) async fn query<T: DeserializeOwned>(
        &self,
        transaction: &mut dyn Transaction,
        statement: &str,
        parameters: &[Option<String>],
    ) -> Result<Vec<T>, Error> {
        let found = transaction.run(statement, parameters).await?;
        let mut rows = Vec::with_capacity(found.len());
        for json in found {
            let found: JsonRow<T> = serde_json::from_str(&json).map_err(unreadable)?;
            self.check_database(&found.database)?;
            rows.extend(found.row);
        }
        Ok(rows)
    }

    fn check_database(&self, database: &str) -> Result<(), Error> {
        if database == self.database {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the transaction is on the database `{database}` and the jobs of this client are in `{}`: roll it back, and \
             use a client on the transaction's database, or gather the jobs with `client.after_commit()` and enqueue them after \
             the commit",
            self.database
        )))
    }
}

/// A row of a portable statement, with the database that it comes from. There is at least one, so that the database is
/// checked even if the statement returns no rows.
#[derive(Deserialize)]
struct JsonRow<T> {
    database: String,
    row: Option<T>,
}

/// A row of `unique_take`.
#[derive(Deserialize)]
struct UniqueTakeRow {
    #[serde(rename = "place")]
    number: i32,
    #[serde(rename = "became")]
    outcome: i32,
    holder: Option<JobId>,
}

fn unreadable(cause: serde_json::Error) -> Error {
    Error::corrupt("the result of a statement within the transaction cannot be read").with_source(cause)
}

/// The statement with parameters that are texts, each cast to its type.
fn with_text_params(statement: &str, sql: Sql) -> String {
    let mut parts = statement.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|character: char| !character.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        let typed = number.parse().ok().and_then(|number: usize| sql.types().get(number.checked_sub(1)?));
        let cast = typed.map(|kind| format!("::text::{}", kind.name())).unwrap_or_default();
        // Writing to a `String` cannot fail.
        let _written = write!(text, "${number}{cast}{rest}");
    }
    text
}

/// The statement, which must end in a SELECT, with each result row as JSON beside the database it ran in.
fn as_json_rows(statement: &str) -> String {
    let last = statement.rfind("\nSELECT ").unwrap_or_default();
    let (before, select) = statement.split_at(last);
    format!(
        "{before}\nSELECT json_build_object('database', current_database(), 'row', to_json(answer))::text AS answer\n\
         FROM (VALUES (1)) AS always (n) LEFT JOIN ({select}\n) AS answer ON true"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portable_statement_casts_text_parameters_and_returns_one_text() {
        let text = with_text_params("WITH a AS (DELETE)\nSELECT $1, $2 FROM a", Sql::Settle);
        assert_eq!(text, "WITH a AS (DELETE)\nSELECT $1::text::int8, $2::text::_uuid FROM a");
        let text = as_json_rows(&text);
        assert!(text.starts_with("WITH a AS (DELETE)\nSELECT json_build_object("), "{text}");
        assert!(text.ends_with("LEFT JOIN (\nSELECT $1::text::int8, $2::text::_uuid FROM a\n) AS answer ON true"));
    }
}
