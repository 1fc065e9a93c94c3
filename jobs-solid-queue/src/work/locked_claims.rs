//! Claims as they are locked: which tokens hold them.

use std::collections::HashMap;

use jobs_core::{ClaimToken, Error, JobId};
use jobs_sql::{SqlRow, Transaction};

use super::process_row::name_of;
use crate::lists;
use crate::payload::id_of;

const LOCK: &str = include_str!("../sql/settle/lock_claims.sql");

/// A claim that is locked.
#[derive(Debug)]
pub(crate) struct LockedClaim {
    pub(crate) claim: i64,
    /// The row of the job.
    pub(crate) row: i64,
    /// The name of its process; `None` if a process is not there any more.
    process: Option<String>,
    job: JobId,
    /// A worker of an older Solid Queue has written that it failed.
    pub(crate) has_failed: bool,
    /// The job has a concurrency limit.
    pub(crate) is_limited: bool,
}

impl LockedClaim {
    fn read(row: &SqlRow) -> Result<Self, Error> {
        let job = id_of(row.text_or_null(3), row.int(1)?);
        let process = row.text_or_null(2).map(str::to_owned);
        let (has_failed, is_limited) = (row.int(4)? > 0, row.int(5)? > 0);
        Ok(Self { claim: row.int(0)?, row: row.int(1)?, process, job, has_failed, is_limited })
    }

    /// Whether this token is the right to settle it. Without its process row no other process has that right.
    fn is_held_by(&self, token: &ClaimToken) -> bool {
        let is_process = self.process.as_ref().is_none_or(|name| *name == name_of(token.process));
        is_process && self.job == token.job
    }
}

/// Claims that are locked, by their numbers.
#[derive(Debug)]
pub(crate) struct LockedClaims(HashMap<i64, LockedClaim>);

impl LockedClaims {
    /// Locks the claims of these tokens that are there.
    pub(crate) async fn lock(
        transaction: &mut Transaction,
        tokens: impl Iterator<Item = ClaimToken>,
    ) -> Result<Self, Error> {
        let numbers: Vec<i64> = tokens.map(|token| token.claim).collect();
        let rows = lists::query(transaction, LOCK, &numbers).await?;
        let held = rows.iter().map(|row| LockedClaim::read(row).map(|held| (held.claim, held)));
        Ok(Self(held.collect::<Result<_, _>>()?))
    }

    /// The claim of this token, once, if the token holds.
    pub(crate) fn take(&mut self, token: &ClaimToken) -> Option<LockedClaim> {
        if self.0.get(&token.claim)?.is_held_by(token) { self.0.remove(&token.claim) } else { None }
    }
}
