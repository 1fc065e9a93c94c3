//! Claims: chooses the statement, sends it, and reads its rows as executions.

use jobs_core::{Claim, Execution, ProcessId};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::selectors::{SelectorColumns, SelectorRanks};
use crate::codec::bind::{Id, row_limit};
use crate::codec::record::{Unreadable, execution};
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// A claim as it is sent.
pub(crate) struct ClaimQuery {
    pub(crate) process: i64,
    pub(crate) ticket: i64,
    pub(crate) limit: i64,
    source: Source,
    selectors: SelectorColumns,
}

/// How many names a claim seeks one by one. With more, it may be cheaper to find out first which queues are open.
const FEW_NAMES: usize = 32;

/// Which queues a claim reads.
enum Source {
    /// All queues, by priority and age.
    All,
    /// A few queues by name, one after the other.
    Queues,
    /// Queues by selectors of any kind, and any number of them, one selector after the other.
    Selectors,
}

/// The result of a claim.
#[derive(Default)]
pub(crate) struct ClaimResult {
    /// The numbers, counted from 1, of the settlements that were applied in the same statement.
    pub(crate) applied: Vec<i32>,
    /// Whether the process is registered as a holder for the ticket of this claim. If not, nothing was claimed.
    pub(crate) is_holder: bool,
    pub(crate) executions: Vec<Execution>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl ClaimQuery {
    pub(crate) fn of(claim: &Claim, ticket: i64) -> Self {
        let selectors = SelectorColumns::of(claim);
        let (source, most) = match (selectors.names.as_slice(), selectors.prefixes.as_slice()) {
            ([], _) => (Source::Queues, 0),
            ([name], [true]) if name.is_empty() => (Source::All, selectors.limits.first().copied().unwrap_or_default()),
            (names, prefixes) if names.len() > FEW_NAMES || prefixes.contains(&true) => (Source::Selectors, i64::MAX),
            _ => (Source::Queues, i64::MAX),
        };
        let limit = row_limit(claim.limit).min(most);
        Self { process: claim.process.get(), ticket, limit, source, selectors }
    }

    /// A query that claims nothing, for a call that only settles.
    pub(crate) fn empty(process: ProcessId) -> Self {
        let selectors = SelectorColumns::default();
        Self { process: process.get(), ticket: 0, limit: 0, source: Source::Queues, selectors }
    }

    /// The statement that only claims, and the one that finishes and claims.
    ///
    /// The jobs of paused queues stand at the front of all others. While they are many, the claim goes by the open queues.
    fn statements(&self, session: &Session) -> (Sql, Sql) {
        match self.source {
            Source::All if session.is_paused_backlog_long() => (Sql::ClaimSelectors, Sql::FinishAndClaimSelectors),
            Source::All => (Sql::ClaimAll, Sql::FinishAndClaimAll),
            Source::Queues => (Sql::ClaimQueues, Sql::FinishAndClaimQueues),
            Source::Selectors => (Sql::ClaimSelectors, Sql::FinishAndClaimSelectors),
        }
    }

    /// Only claims.
    pub(crate) async fn claim(&self, session: &Session, now: Option<i64>) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, selectors: SelectorColumns { names, prefixes, limits }, .. } = self;
        let (claim, _) = self.statements(session);
        let rows = session.query(claim, &[process, ticket, limit, names, prefixes, limits, &now]).await?;
        self.note_paused(session, &rows)?;
        Ok(rows)
    }

    /// Finishes these jobs and claims others, in one statement.
    pub(crate) async fn finish_and_claim(
        &self,
        session: &Session,
        ids: &Vec<Id>,
        claims: &Vec<i64>,
        keep: bool,
        now: Option<i64>,
    ) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, selectors: SelectorColumns { names, prefixes, limits }, .. } = self;
        let (_, finish_and_claim) = self.statements(session);
        let parameters: [&(dyn ToSql + Sync); 10] =
            [process, ticket, limit, names, prefixes, limits, &now, ids, claims, &keep];
        let rows = session.query(finish_and_claim, &parameters).await?;
        self.note_paused(session, &rows)?;
        Ok(rows)
    }

    /// Notes down what the first row says of paused queues. Only a claim from all queues counts their jobs.
    fn note_paused(&self, session: &Session, rows: &[Row]) -> Result<()> {
        if let (Source::All, Some(head)) = (&self.source, rows.first()) {
            session.set_paused_backlog_long(head.try_get::<_, Option<i64>>(3)? > Some(0));
        }
        Ok(())
    }
}

impl ClaimResult {
    /// Reads the rows of a claim. The first row is about the claim; the jobs follow, in no order.
    pub(crate) fn read(rows: &[Row], claim: &Claim) -> Result<Self> {
        let Some((head, jobs)) = rows.split_first() else { return Ok(Self::default()) };
        let mut result =
            Self { applied: head.try_get(0)?, is_holder: head.try_get::<_, i64>(1)? > 0, ..Self::default() };
        let mut executions = Vec::with_capacity(jobs.len());
        for row in jobs {
            match execution(row, claim.process)? {
                Ok(execution) => executions.push((row.try_get::<_, i64>(1)?, execution)),
                Err(unreadable) => result.unreadable.push(unreadable),
            }
        }
        let ranks = SelectorRanks::of(&claim.queues);
        executions.sort_by_key(|(seq, job)| (ranks.rank(&job.queue), std::cmp::Reverse(job.priority), *seq));
        result.executions = executions.into_iter().map(|(_, execution)| execution).collect();
        Ok(result)
    }
}

/// A claim of the same process for the jobs that are still missing.
pub(crate) fn remaining(claim: &Claim, claimed: &[Execution]) -> Claim {
    let ranks = SelectorRanks::of(&claim.queues);
    let mut queues = claim.queues.clone();
    for job in claimed {
        if let Some(of) = ranks.rank(&job.queue).and_then(|rank| queues.get_mut(rank)) {
            of.limit = of.limit.saturating_sub(1);
        }
    }
    Claim::limited(claim.process, queues, claim.limit.saturating_sub(claimed.len()))
}
