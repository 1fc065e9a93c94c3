//! Claims: chooses the statement, sends it, and reads its rows as executions.

use jobs_core::{Claim, Execution, ProcessId, QueueClaim, QueueSelector};
use tokio_postgres::Row;

use crate::codec::bind::{Id, row_limit};
use crate::codec::nul_escape::escape_nul;
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
    /// Names of queues, or names or prefixes of selectors.
    names: Vec<String>,
    /// For selectors: whether each name is a prefix.
    prefixes: Vec<bool>,
}

/// Which queues a claim reads.
enum Source {
    /// The queues of one prefix; most often of the empty one, which selects all queues.
    OnePrefix,
    /// Queues by name, one after the other.
    Queues,
    /// Queues by selectors of any kind, one selector after the other.
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
        let limit = if claim.queues.is_empty() { 0 } else { row_limit(claim.limit) };
        let (source, names, prefixes) = source(&claim.queues);
        Self { process: claim.process.get(), ticket, limit, source, names, prefixes }
    }

    /// A query that claims nothing, for a call that only settles.
    pub(crate) fn empty(process: ProcessId) -> Self {
        Self {
            process: process.get(),
            ticket: 0,
            limit: 0,
            source: Source::Queues,
            names: Vec::new(),
            prefixes: Vec::new(),
        }
    }

    /// The statement that only claims, and the one that finishes and claims. The merge of queues is only chosen where
    /// it is prepared: without that it is planned at each call, which takes twice as long as all the rest.
    fn statements(&self, session: &Session) -> (Sql, Sql) {
        match self.source {
            Source::OnePrefix if session.prepared(Sql::ClaimOne).is_some() => (Sql::ClaimOne, Sql::FinishAndClaimOne),
            Source::Queues => (Sql::ClaimQueues, Sql::FinishAndClaimQueues),
            Source::OnePrefix | Source::Selectors => (Sql::ClaimSelectors, Sql::FinishAndClaimSelectors),
        }
    }

    /// Only claims.
    pub(crate) async fn claim(&self, session: &Session) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, names, prefixes, .. } = self;
        let (claim, _) = self.statements(session);
        session.query(claim, &[process, ticket, limit, names, prefixes]).await
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
        let Self { process, ticket, limit, names, prefixes, .. } = self;
        let (_, finish_and_claim) = self.statements(session);
        session.query(finish_and_claim, &[process, ticket, limit, names, prefixes, ids, claims, &keep, &now]).await
    }
}

/// The cheapest source for these selectors.
fn source(selectors: &[QueueClaim]) -> (Source, Vec<String>, Vec<bool>) {
    if let Some(names) = exact_names(selectors) {
        return (Source::Queues, names, Vec::new());
    }
    let param = |queues: &QueueClaim| match &queues.selector {
        QueueSelector::Exact(name) => (escape_nul(name).into_owned(), false),
        QueueSelector::Prefix(prefix) => (escape_nul(prefix).into_owned(), true),
        _ => (String::new(), true),
    };
    let (names, prefixes) = selectors.iter().map(param).unzip();
    (if selectors.len() == 1 { Source::OnePrefix } else { Source::Selectors }, names, prefixes)
}

/// The queue names, each once, if all selectors are names.
fn exact_names(selectors: &[QueueClaim]) -> Option<Vec<String>> {
    let mut names = Vec::with_capacity(selectors.len());
    for selector in selectors {
        let QueueSelector::Exact(name) = &selector.selector else { return None };
        let name = escape_nul(name).into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
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
        executions.sort_by_key(|(seq, job)| {
            (selector_rank(&claim.queues, &job.queue), std::cmp::Reverse(job.priority), *seq)
        });
        result.executions = executions.into_iter().map(|(_, execution)| execution).collect();
        Ok(result)
    }
}

/// The index of the first selector that selects a queue.
fn selector_rank(selectors: &[QueueClaim], queue: &str) -> usize {
    if selectors.len() < 2 {
        return 0;
    }
    selectors.iter().position(|queues| queues.selector.selects(queue)).unwrap_or(usize::MAX)
}

/// A claim of the same process for the jobs that are still missing.
pub(crate) fn remaining(claim: &Claim, claimed: usize) -> Claim {
    Claim::limited(claim.process, claim.queues.clone(), claim.limit.saturating_sub(claimed))
}
