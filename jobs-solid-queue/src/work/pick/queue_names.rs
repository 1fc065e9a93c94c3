//! The names of the queues that have ready jobs, letter by letter.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs_core::{Error, LogText, Timestamp};
use jobs_sql::{Dialect, SqlRow, Transaction};

use crate::SolidQueueStore;

const NAMES: &str = include_str!("../../sql/claim/queue_names.sql");
const NAMES_MYSQL: &str = include_str!("../../sql/claim/queue_names.mysql.sql");
const EXACT_NAMES_MYSQL: &str = include_str!("../../sql/claim/exact_queue_names.mysql.sql");

/// How often names that MySQL takes for one are looked for: it has to read all ready rows for that.
const INTERVAL: Duration = Duration::from_secs(30);

/// The exact names that were found last, and when. Only MySQL needs them: its index has one name of those that differ in case
/// or accents alone.
#[derive(Debug, Default)]
pub(crate) struct ExactNames(Mutex<Option<(Timestamp, BTreeSet<String>)>>);

impl ExactNames {
    /// The names that are known; `None` if it is time to look again.
    fn known(&self, now: Timestamp) -> Option<BTreeSet<String>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(at, _)| *at <= now && now < *at + INTERVAL).map(|(_, names)| names.clone())
    }

    /// Keeps these names until it is time to look again; without any, those that were known before.
    fn learn(&self, now: Timestamp, names: Option<BTreeSet<String>>) -> BTreeSet<String> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = known.take().map(|(_, names)| names);
        known.insert((now, names.or(before).unwrap_or_default())).1.clone()
    }
}

impl SolidQueueStore {
    /// The names of the queues that have ready jobs. On MySQL also names that had some within the last 30 seconds; a name that
    /// differs from another one in case or accents alone may be missing for so long.
    pub(super) async fn queue_names(&self, transaction: &mut Transaction) -> Result<Vec<String>, Error> {
        if transaction.dialect() != Dialect::MySql {
            return Ok(texts(&transaction.query(NAMES, &[]).await?).collect());
        }
        let now = self.queue.now();
        let mut names = match self.exact_names.known(now) {
            Some(names) => names,
            None => self.exact_names.learn(now, exact_names(transaction).await?),
        };
        names.extend(texts(&transaction.query(NAMES_MYSQL, &[]).await?));
        Ok(names.into_iter().collect())
    }
}

/// The exact names; `None` if the table cannot be read in time, so that claims go on.
async fn exact_names(transaction: &mut Transaction) -> Result<Option<BTreeSet<String>>, Error> {
    match transaction.query(EXACT_NAMES_MYSQL, &[]).await {
        Ok(rows) => Ok(Some(texts(&rows).collect())),
        Err(error) if error.is_transient() => {
            tracing::warn!(
                error = %LogText::field(&error),
                "queues whose names differ in case or accents alone were not looked for"
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

pub(super) fn texts(rows: &[SqlRow]) -> impl Iterator<Item = String> + '_ {
    rows.iter().filter_map(|row| row.text_or_null(0).map(str::to_owned))
}
