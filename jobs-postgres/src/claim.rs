//! Which statement a claim is, and its rows as executions.

use jobs_core::{Claim, Execution, ProcessId, QueueSelector};
use tokio_postgres::Row;

use crate::bind::{Id, rows};
use crate::error::Result;
use crate::record::{Unreadable, execution};
use crate::session::Session;
use crate::statements::Sql;
use crate::text::stored;

/// A claim as it is sent.
pub(crate) struct Wish {
    pub(crate) process: i64,
    pub(crate) ticket: i64,
    pub(crate) limit: i64,
    from: From,
    /// What `from` takes: names of queues, or of selectors and whether each is a prefix.
    names: Vec<String>,
    prefixes: Vec<bool>,
}

/// Where a claim looks.
enum From {
    /// By one selector that is no name, most often that of all.
    One,
    /// In queues, one after the other.
    Queues,
    /// By selectors of any kind.
    Selectors,
}

/// What a claim gave.
#[derive(Default)]
pub(crate) struct Taken {
    /// The places, counted from 1, of what was settled with it.
    pub(crate) written: Vec<i32>,
    /// Whether the process may hold jobs, by the ticket of this claim.
    pub(crate) is_holder: bool,
    pub(crate) executions: Vec<Execution>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Wish {
    pub(crate) fn of(claim: &Claim, ticket: i64) -> Self {
        let limit = if claim.queues.is_empty() { 0 } else { rows(claim.limit) };
        let (from, names, prefixes) = looks(&claim.queues);
        Self { process: claim.process.get(), ticket, limit, from, names, prefixes }
    }

    /// Claims nothing, for what is only to finish.
    pub(crate) fn for_nothing(process: ProcessId) -> Self {
        Self {
            process: process.get(),
            ticket: 0,
            limit: 0,
            from: From::Queues,
            names: Vec::new(),
            prefixes: Vec::new(),
        }
    }

    /// The statements that claim so: by itself, and with what is finished. What is prepared is planned once; what is not is
    /// planned at each call, and to merge queues takes twice as long to plan as all the rest.
    fn statements(&self, session: &Session) -> (Sql, Sql) {
        match self.from {
            From::One if session.prepared(Sql::ClaimOne).is_some() => (Sql::ClaimOne, Sql::WorkOne),
            From::Queues => (Sql::ClaimQueues, Sql::WorkQueues),
            From::One | From::Selectors => (Sql::ClaimSelectors, Sql::WorkSelectors),
        }
    }

    /// Claims by itself.
    pub(crate) async fn claim(&self, session: &Session) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, names, prefixes, .. } = self;
        let (claim, _) = self.statements(session);
        session.query(claim, &[process, ticket, limit, names, prefixes]).await
    }

    /// Finishes these and claims, in one statement.
    pub(crate) async fn work(
        &self,
        session: &Session,
        ids: &Vec<Id>,
        claims: &Vec<i64>,
        keep: bool,
        now: Option<i64>,
    ) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, names, prefixes, .. } = self;
        let (_, work) = self.statements(session);
        session.query(work, &[process, ticket, limit, names, prefixes, ids, claims, &keep, &now]).await
    }
}

/// What the selectors mean, in the least dear way.
fn looks(selectors: &[QueueSelector]) -> (From, Vec<String>, Vec<bool>) {
    if let Some(names) = exact(selectors) {
        return (From::Queues, names, Vec::new());
    }
    let one = |selector: &QueueSelector| match selector {
        QueueSelector::Exact(name) => (stored(name).into_owned(), false),
        QueueSelector::Prefix(prefix) => (stored(prefix).into_owned(), true),
        _ => (String::new(), true),
    };
    let (names, prefixes) = selectors.iter().map(one).unzip();
    (if selectors.len() == 1 { From::One } else { From::Selectors }, names, prefixes)
}

/// The names, each once, if all are names.
fn exact(selectors: &[QueueSelector]) -> Option<Vec<String>> {
    let mut names = Vec::with_capacity(selectors.len());
    for selector in selectors {
        let QueueSelector::Exact(name) = selector else { return None };
        let name = stored(name).into_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Some(names)
}

impl Taken {
    /// Reads the rows of a claim: the head, then the jobs, which come in no order.
    pub(crate) fn read(rows: &[Row], claim: &Claim) -> Result<Self> {
        let Some((head, jobs)) = rows.split_first() else { return Ok(Self::default()) };
        let mut taken =
            Self { written: head.try_get(0)?, is_holder: head.try_get::<_, i64>(1)? > 0, ..Self::default() };
        let mut executions = Vec::with_capacity(jobs.len());
        for row in jobs {
            match execution(row, claim.process)? {
                Ok(execution) => executions.push((row.try_get::<_, i64>(1)?, execution)),
                Err(unreadable) => taken.unreadable.push(unreadable),
            }
        }
        executions.sort_by_key(|(seq, it)| (turn(&claim.queues, &it.queue), std::cmp::Reverse(it.priority), *seq));
        taken.executions = executions.into_iter().map(|(_, execution)| execution).collect();
        Ok(taken)
    }
}

/// The place of the selector that means a queue.
fn turn(selectors: &[QueueSelector], queue: &str) -> usize {
    if selectors.len() < 2 {
        return 0;
    }
    selectors.iter().position(|selector| selector.selects(queue)).unwrap_or(usize::MAX)
}

/// A claim of the same process for what is left to fill.
pub(crate) fn rest(claim: &Claim, taken: usize) -> Claim {
    Claim::new(claim.process, claim.queues.clone(), claim.limit.saturating_sub(taken))
}
