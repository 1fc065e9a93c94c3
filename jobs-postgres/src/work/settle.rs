//! Settles executions. Each statement changes a row only if the claim token is still valid.

use std::collections::HashSet;

use jobs_core::{ClaimToken, Decision, ProcessId, Settled, Settlement};

use super::claim::ClaimQuery;
use super::settlement_columns::SettlementColumns;
use crate::codec::bind::Id;
use crate::codec::encoding::Encoding;
use crate::codec::parameter::typed;
use crate::codec::record::Unreadable;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// A batch as it is sent. If a token occurs twice, only its first settlement is sent, because only that one can be
/// applied.
pub(crate) struct Batch {
    pub(crate) write: BatchWrite,
    /// For each settlement its index among those sent; `None` if it is not sent.
    indexes: Vec<Option<usize>>,
}

/// What a batch writes.
pub(crate) enum BatchWrite {
    /// The usual case: finishes of one process without logs, where all the jobs are kept or all are removed.
    Finish { process: ProcessId, keep: bool, ids: Vec<Id>, claims: Vec<i64> },
    /// Settlements of any kind.
    Mixed(SettlementColumns),
}

impl Batch {
    pub(crate) fn of(settlements: &[Settlement], encoding: Encoding) -> Result<Self> {
        let mut seen: HashSet<ClaimToken> = HashSet::with_capacity(settlements.len());
        let mut sent: Vec<&Settlement> = Vec::with_capacity(settlements.len());
        let mut indexes = Vec::with_capacity(settlements.len());
        for settlement in settlements {
            let is_first = seen.insert(settlement.token);
            indexes.push(is_first.then_some(sent.len()));
            sent.extend(is_first.then_some(settlement));
        }
        Ok(Self { write: batch_write(&sent, encoding)?, indexes })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.indexes.is_empty()
    }

    /// The result for each settlement, if those with these numbers, counted from 1, were applied.
    pub(crate) fn settled(&self, applied: &[i32]) -> Vec<Settled> {
        let mut is_applied = vec![false; self.indexes.len()];
        for number in applied {
            if let Some(slot) = usize::try_from(number - 1).ok().and_then(|index| is_applied.get_mut(index)) {
                *slot = true;
            }
        }
        let settled = |index: &Option<usize>| match index.and_then(|index| is_applied.get(index)) {
            Some(true) => Settled::Applied,
            _ => Settled::Stale,
        };
        self.indexes.iter().map(settled).collect()
    }
}

fn batch_write(sent: &[&Settlement], encoding: Encoding) -> Result<BatchWrite> {
    if let Some(finish) = finish(sent) {
        return Ok(finish);
    }
    let mut columns = SettlementColumns::new(encoding);
    for settlement in sent {
        columns.push(settlement)?;
    }
    Ok(BatchWrite::Mixed(columns))
}

fn finish(sent: &[&Settlement]) -> Option<BatchWrite> {
    let first = sent.first()?;
    let Decision::Finish { keep } = first.decision else { return None };
    let process = first.token.process;
    let is_same = |one: &&Settlement| {
        one.decision == first.decision && one.token.process == process && one.finish_log().is_none()
    };
    let tokens = || sent.iter().map(|settlement| settlement.token);
    sent.iter().all(is_same).then(|| BatchWrite::Finish {
        process,
        keep,
        ids: tokens().map(|token| Id(token.job)).collect(),
        claims: tokens().map(|token| token.claim).collect(),
    })
}

/// Writes a batch without a claim. Returns the numbers, counted from 1, of the settlements that were applied.
pub(crate) async fn settle(session: &Session, batch: &Batch, now: Option<i64>) -> Result<Vec<i32>> {
    match &batch.write {
        BatchWrite::Finish { process, keep, ids, claims } => {
            let head = ClaimQuery::empty(*process).finish_and_claim(session, ids, claims, *keep, now).await?;
            Ok(head.first().map_or(Ok(Vec::new()), |row| row.try_get(0))?)
        }
        BatchWrite::Mixed(columns) => write(session, columns, now).await,
    }
}

/// Writes settlements of any kind.
pub(crate) async fn write(session: &Session, columns: &SettlementColumns, now: Option<i64>) -> Result<Vec<i32>> {
    let sql = if columns.has_finish_logs { Sql::SettleWithLogs } else { Sql::Settle };
    let row = session.query_one(sql, &typed(&columns.parameters(&now))).await?;
    Ok(row.try_get(0)?)
}

/// Fails jobs that were claimed and cannot be read, so that they do not block other jobs.
pub(crate) async fn fail_unreadable(
    session: &Session,
    unreadable: &[Unreadable],
    encoding: Encoding,
    now: Option<i64>,
) -> Result<()> {
    let mut columns = SettlementColumns::new(encoding);
    for one in unreadable {
        columns.push_unreadable(one);
    }
    write(session, &columns, now).await?;
    Ok(())
}
