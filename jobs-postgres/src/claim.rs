//! Which statement a claim is, and its rows as executions.

use jobs_core::{Claim, Execution, QueueSelector};
use tokio_postgres::Row;

use crate::bind::rows;
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
    pub(crate) from: From,
}

/// Where a claim looks.
pub(crate) enum From {
    /// Everywhere.
    Any,
    /// In these queues, one after the other.
    Queues(Vec<String>),
    /// By selectors: their names, and whether each is a prefix.
    Mixed(Vec<String>, Vec<bool>),
}

/// What a claim gave.
#[derive(Default)]
pub(crate) struct Taken {
    /// The places, counted from 1, of what was settled with it.
    pub(crate) written: Vec<i32>,
    /// How many queues are paused.
    pub(crate) paused: i64,
    /// Whether the process may hold jobs, by the ticket of this claim.
    pub(crate) is_holder: bool,
    pub(crate) executions: Vec<Execution>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Wish {
    /// `mixed` if a queue may be paused: only the statement for selectors of any kind passes it over at no cost.
    pub(crate) fn of(claim: &Claim, ticket: i64, mixed: bool) -> Self {
        let limit = if claim.queues.is_empty() { 0 } else { rows(claim.limit) };
        Self { process: claim.process.get(), ticket, limit, from: From::of(&claim.queues, mixed) }
    }

    /// The claim that passes over paused queues, if this one gives nothing while there are any.
    pub(crate) fn around_pauses(&self) -> Option<Self> {
        if !matches!(self.from, From::Any) || self.limit == 0 {
            return None;
        }
        let from = From::Mixed(vec![String::new()], vec![true]);
        Some(Self { from, ..*self })
    }

    /// Claims by itself.
    pub(crate) async fn claim(&self, session: &Session) -> Result<Vec<Row>> {
        let Self { process, ticket, limit, from } = self;
        match from {
            From::Any => session.query(Sql::ClaimAny, &[process, ticket, limit]).await,
            From::Queues(names) => session.query(Sql::ClaimQueues, &[process, ticket, limit, names]).await,
            From::Mixed(names, prefixes) => {
                session.query(Sql::ClaimMixed, &[process, ticket, limit, names, prefixes]).await
            }
        }
    }
}

impl From {
    fn of(selectors: &[QueueSelector], mixed: bool) -> Self {
        let is_all = |selector: &QueueSelector| match selector {
            QueueSelector::All => true,
            QueueSelector::Prefix(prefix) => prefix.is_empty(),
            _ => false,
        };
        match selectors {
            [only] if is_all(only) && !mixed => Self::Any,
            all => Self::exact(all).unwrap_or_else(|| Self::by_selectors(all)),
        }
    }

    fn exact(selectors: &[QueueSelector]) -> Option<Self> {
        let mut names = Vec::with_capacity(selectors.len());
        for selector in selectors {
            let QueueSelector::Exact(name) = selector else { return None };
            let name = stored(name).into_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Some(Self::Queues(names))
    }

    fn by_selectors(selectors: &[QueueSelector]) -> Self {
        let one = |selector: &QueueSelector| match selector {
            QueueSelector::Exact(name) => (stored(name).into_owned(), false),
            QueueSelector::Prefix(prefix) => (stored(prefix).into_owned(), true),
            _ => (String::new(), true),
        };
        let (names, prefixes) = selectors.iter().map(one).unzip();
        Self::Mixed(names, prefixes)
    }
}

impl Taken {
    /// Reads the rows of a claim: the head, then the jobs, which come in no order.
    pub(crate) fn read(rows: &[Row], claim: &Claim) -> Result<Self> {
        let Some((head, jobs)) = rows.split_first() else { return Ok(Self::default()) };
        let mut taken = Self {
            written: head.try_get(0)?,
            paused: head.try_get(1)?,
            is_holder: head.try_get::<_, i64>(3)? > 0,
            ..Self::default()
        };
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
    Claim { limit: claim.limit.saturating_sub(taken), ..claim.clone() }
}
