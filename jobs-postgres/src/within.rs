//! Storing and settling in a transaction of the caller's, whatever its driver: the statements are those of this store,
//! with texts for parameters and one text for an answer.

use std::fmt::Write as _;

use jobs_core::{BoxError, Enqueued, Error, JobId, NewJob, Settled, Settlement, StoreFuture, Transaction, Within};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use tokio_postgres::error::SqlState;

use crate::PostgresStore;
use crate::columns::{NewJobs, Settlements};
use crate::error::{Make, by_code, lost};
use crate::parameter::texts;
use crate::statements::{Sql, Texts};
use crate::unique::{Answer, Asked, Question, Said, Taking, asked, sorted};

/// The product that this store is on.
const PRODUCT: &str = "PostgreSQL";

/// The error of a driver in the words of this store, for those who implement [`Transaction`] for another one.
///
/// `code` is the SQLSTATE, as `23505`, and `said` what the server said, if it was the server that refused; an empty code
/// if the driver does not tell it. Without a code the connection is taken to be lost.
pub fn refused(code: Option<&str>, said: &str, cause: impl Into<BoxError>) -> Error {
    let (make, words): (Make, String) = match code {
        Some("") => (Error::other, format!("the server says: {said}")),
        Some("42P01" | "3F000") => (Error::invalid, no_tables(said)),
        Some(code) => by_code(&SqlState::from_code(code), said),
        None => lost(),
    };
    make(format!("could not write to the jobs within the transaction: {words}")).with_source(cause)
}

fn no_tables(said: &str) -> String {
    format!(
        "its database has no tables of this handle's store ({said}): use a handle on the transaction's database, or gather \
         the jobs with `jobs.hold()` and enqueue them after the commit"
    )
}

/// The statements in the form in which any driver can run them, and which database they are for.
#[derive(Debug)]
pub(crate) struct Foreign {
    /// As `current_database()` gives it.
    database: String,
    enqueue: String,
    enqueue_again: String,
    settle: String,
    unique_take: String,
}

impl Foreign {
    pub(crate) fn new(texts: &Texts, database: String) -> Self {
        let of = |sql: Sql| in_texts(texts.of(sql), sql);
        Self {
            database,
            enqueue: answering(&of(Sql::Enqueue)),
            enqueue_again: of(Sql::EnqueueAgain),
            settle: answering(&of(Sql::Settle)),
            unique_take: answering(&of(Sql::UniqueTake)),
        }
    }

    /// Takes the unique keys that are free, for jobs that are to be stored.
    async fn take(
        &self,
        transaction: &mut dyn Transaction,
        asked: &[Asked],
        now: Option<i64>,
    ) -> Result<Vec<Answer>, Error> {
        let mut taking = Taking::new(asked);
        while let Some(Question { keys, jobs, untils, lasting }) = taking.question() {
            let parameters = texts(&[&now, &keys, &jobs, &untils, &lasting, &true]);
            let seen: Vec<Seen> = self.ask(transaction, &self.unique_take, &parameters).await?;
            let said: Vec<Said> = seen.into_iter().map(|seen| (seen.place, seen.became, seen.holder)).collect();
            taking.note(&keys, &said)?;
        }
        Ok(taking.answers())
    }

    /// Runs a statement that answers; gives its rows.
    async fn ask<T: DeserializeOwned>(
        &self,
        transaction: &mut dyn Transaction,
        statement: &str,
        parameters: &[Option<String>],
    ) -> Result<Vec<T>, Error> {
        let answers = transaction.run(statement, parameters).await?;
        let mut rows = Vec::with_capacity(answers.len());
        for answer in answers {
            let answer: Replied<T> = serde_json::from_str(&answer).map_err(unreadable)?;
            self.check(&answer.database)?;
            rows.extend(answer.row);
        }
        Ok(rows)
    }

    fn check(&self, database: &str) -> Result<(), Error> {
        if database == self.database {
            return Ok(());
        }
        Err(Error::invalid(format!(
            "the transaction is on the database `{database}` and the jobs of this handle are in `{}`: roll it back, and \
             use a handle on the transaction's database, or gather the jobs with `jobs.hold()` and enqueue them after \
             the commit",
            self.database
        )))
    }
}

/// One row of an answer, and from where it comes. The first comes even if the statement has no rows.
#[derive(Deserialize)]
struct Replied<T> {
    database: String,
    row: Option<T>,
}

/// A row of `unique_take`.
#[derive(Deserialize)]
struct Seen {
    place: i32,
    became: i32,
    holder: Option<JobId>,
}

/// A row of `settle`.
#[derive(Deserialize)]
struct Written {
    written: Vec<i32>,
}

impl Within for PostgresStore {
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            check_product(transaction.product())?;
            if jobs.is_empty() {
                return Ok(Vec::new());
            }
            let (columns, foreign, now) = (NewJobs::of(jobs.iter()), &self.foreign, self.now());
            let keys = asked(jobs.iter());
            let keyed: Vec<Asked> = keys.values().cloned().collect();
            let answers = foreign.take(transaction, &keyed, now).await?;
            let (ids, duplicates) = sorted(&columns.ids, &keys, &answers);
            let parameters = texts(&columns.parameters(&ids, &now));
            foreign.ask::<IgnoredAny>(transaction, &foreign.enqueue, &parameters).await?;
            transaction.run(&foreign.enqueue_again, &texts(&[&ids])).await?;
            let of = |place| duplicates.get(&place).map(|of| Enqueued::Duplicate { of: *of });
            Ok(jobs.iter().enumerate().map(|(place, job)| of(place).unwrap_or(Enqueued::New(job.id))).collect())
        })
    }

    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        Box::pin(async move {
            check_product(transaction.product())?;
            let mut columns = Settlements::default();
            columns.push(settlement).map_err(|trouble| trouble.into_error("settle"))?;
            let parameters = texts(&columns.parameters(&self.now()));
            let rows: Vec<Written> = self.foreign.ask(transaction, &self.foreign.settle, &parameters).await?;
            let is_written = rows.iter().any(|row| !row.written.is_empty());
            Ok(if is_written { Settled::Applied } else { Settled::Stale })
        })
    }
}

fn check_product(product: &str) -> Result<(), Error> {
    if product == PRODUCT {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the transaction is on {product} and the jobs of this handle are on {PRODUCT}: use a handle on the transaction's \
         database, or gather the jobs with `jobs.hold()` and enqueue them after the commit"
    )))
}

fn unreadable(cause: serde_json::Error) -> Error {
    Error::corrupt("the answer to a statement within the transaction cannot be read").with_source(cause)
}

/// A statement whose parameters are texts, each cast to its type.
fn in_texts(statement: &str, sql: Sql) -> String {
    let mut parts = statement.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(part.len());
        let (number, rest) = part.split_at(end);
        let typed = number.parse().ok().and_then(|number: usize| sql.types().get(number.checked_sub(1)?));
        let cast = typed.map(|kind| format!("::text::{}", kind.name())).unwrap_or_default();
        // Writing to a text does not fail.
        let _written = write!(text, "${number}{cast}{rest}");
    }
    text
}

/// A statement that ends in a SELECT, which answers with each row as JSON, and with the database it ran in.
fn answering(statement: &str) -> String {
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
    fn a_statement_for_other_drivers_casts_texts_and_answers_with_one() {
        let text = in_texts("WITH a AS (DELETE)\nSELECT $1, $2 FROM a", Sql::Settle);
        assert_eq!(text, "WITH a AS (DELETE)\nSELECT $1::text::int8, $2::text::_uuid FROM a");
        let text = answering(&text);
        assert!(text.starts_with("WITH a AS (DELETE)\nSELECT json_build_object("), "{text}");
        assert!(text.ends_with("LEFT JOIN (\nSELECT $1::text::int8, $2::text::_uuid FROM a\n) AS answer ON true"));
    }
}
