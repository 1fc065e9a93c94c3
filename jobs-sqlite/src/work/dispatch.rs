//! Makes scheduled jobs ready when they are due.

use std::time::Duration;

use jobs_core::{Dispatched, Timestamp};
use rusqlite::params;

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::statements::{DISPATCH, NEXT_DUE};

pub(crate) fn dispatch(tx: &WriteTx<'_>, most: usize) -> Result<Dispatched> {
    let ready = tx.execute(DISPATCH, params![tx.now.as_micros(), row_limit(most)])?;
    if ready > 0 {
        tx.jobs_came_back();
    }
    let next: Option<i64> = tx.statement(NEXT_DUE)?.query_row([], |row| row.get(0))?;
    let next_in: Option<Duration> = next.map(|at| Timestamp::from_micros(at).duration_since(tx.now));
    Ok(Dispatched::new(ready, next_in))
}
