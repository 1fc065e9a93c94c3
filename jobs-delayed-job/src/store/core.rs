//! What all calls of a store share: database, statements, clock, and what this process knows of its claims.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jobs_core::{Entropy, Error, StoreClock, SystemEntropy, Timestamp};
use jobs_sql::{Changes, Database, SqlRow, SqlValue, Transaction};
use tokio::sync::Mutex;

use super::check::{ColumnLimits, check_tables};
use super::statements::Statements;
use crate::DelayedJobOptions;
use crate::row::Row;
use crate::work::{BATCHES, HeldRows, KnownNames, LeftOut, LostClaims};

/// A value list is at most so long: PostgreSQL takes 65,535 parameters, SQLite 32,766.
const LIST_MAX: usize = 4096;

/// What all calls of a store share.
#[derive(Debug)]
pub(crate) struct StoreCore {
    pub(crate) options: DelayedJobOptions,
    pub(crate) database: Database,
    pub(crate) statements: Statements,
    pub(crate) limits: ColumnLimits,
    pub(crate) clock: StoreClock,
    pub(crate) host: String,
    /// The number of the next batch of claims.
    batches: AtomicU64,
    pub(crate) lost: LostClaims,
    pub(crate) held: HeldRows,
    pub(crate) left_out: LeftOut,
    pub(crate) known_names: KnownNames,
    /// Held by a call that writes, so that calls take effect in their order also if the caller does not wait for them.
    pub(crate) writing: Mutex<()>,
    pub(crate) changes: Arc<Changes>,
}

impl StoreCore {
    pub(crate) async fn open(options: DelayedJobOptions) -> Result<Self, Error> {
        let database = Database::open(&options.database).await?;
        let statements = Statements::new(database.dialect(), &options.table);
        let limits = check_tables(&database, &statements, &options).await?;
        let clock = StoreClock::new(options.clock.clone());
        clock.measured(database.server_time().await?);
        let newest = statements.fill(include_str!("../sql/newest.sql"));
        Ok(Self {
            changes: Changes::new(&database, newest, options.polling_interval),
            database,
            statements,
            limits,
            clock,
            host: whoami::hostname().unwrap_or_else(|_unknown| "unknown".to_owned()),
            batches: AtomicU64::new(SystemEntropy::new().next_u64() % BATCHES),
            lost: LostClaims::default(),
            held: HeldRows::default(),
            left_out: LeftOut::default(),
            known_names: KnownNames::default(),
            writing: Mutex::default(),
            options,
        })
    }

    pub(crate) fn next_batch(&self) -> u64 {
        self.batches.fetch_add(1, Ordering::Relaxed) % BATCHES
    }

    /// Runs a statement for a list of values, in parts if it is long: how many rows were changed. `before` are the values that
    /// stand before the list in the statement.
    pub(crate) async fn execute_for<T: Copy + Into<SqlValue> + Sync>(
        &self,
        transaction: &mut Transaction,
        statement: &str,
        before: &[SqlValue],
        list: &[T],
    ) -> Result<u64, Error> {
        let mut changed = 0;
        for part in list.chunks(LIST_MAX) {
            let (statement, values) = self.statements.with_list(statement, part);
            changed += transaction.execute(&statement, &[before, &values].concat()).await?;
        }
        Ok(changed)
    }

    /// Runs a query for a list of values in a transaction, in parts if it is long.
    pub(crate) async fn query_for<T: Copy + Into<SqlValue> + Sync>(
        &self,
        transaction: &mut Transaction,
        statement: &str,
        list: &[T],
    ) -> Result<Vec<SqlRow>, Error> {
        let mut rows = Vec::new();
        for part in list.chunks(LIST_MAX) {
            let (statement, values) = self.statements.with_list(statement, part);
            rows.extend(transaction.query(&statement, &values).await?);
        }
        Ok(rows)
    }

    /// The same without a transaction.
    pub(crate) async fn read_for<T: Copy + Into<SqlValue> + Sync>(
        &self,
        statement: &str,
        list: &[T],
        doing: &'static str,
    ) -> Result<Vec<SqlRow>, Error> {
        let mut rows = Vec::new();
        for part in list.chunks(LIST_MAX) {
            let (statement, values) = self.statements.with_list(statement, part);
            rows.extend(self.database.query(&statement, &values, doing).await?);
        }
        Ok(rows)
    }

    /// Runs a query without a transaction.
    pub(crate) async fn read(
        &self,
        statement: &str,
        values: &[SqlValue],
        doing: &'static str,
    ) -> Result<Vec<SqlRow>, Error> {
        self.database.query(&self.statements.fill(statement), values, doing).await
    }

    /// The mark of a job that is to be scheduled, for `updated_at`: now, or a moment before it is due.
    pub(crate) fn scheduled_mark(&self, due: Timestamp) -> Timestamp {
        let moment_before = Timestamp::from_micros(crate::row::storable(due).as_micros().saturating_sub(1));
        self.clock.now().min(moment_before)
    }
}

/// A row of a statement that selects `{columns}`.
pub(crate) fn read_row(row: &SqlRow) -> Result<Row, Error> {
    let text = |column| row.text_or_null(column).map(str::to_owned);
    let number = |column| row.int_or_null(column).unwrap_or(0);
    Ok(Row {
        id: row.int(0)?,
        priority: i32::try_from(number(1)).unwrap_or(if number(1) < 0 { i32::MIN } else { i32::MAX }),
        attempts: u32::try_from(number(2).max(0)).unwrap_or(u32::MAX),
        handler: text(3).unwrap_or_default(),
        last_error: text(4),
        run_at: row.time_or_null(5),
        locked_at: row.time_or_null(6),
        locked_by: text(7),
        failed_at: row.time_or_null(8),
        queue: text(9),
        created_at: row.time_or_null(10),
        updated_at: row.time_or_null(11),
    })
}
