//! Chooses ready jobs for a claim and locks their rows, and no others.

mod conditions;
mod many_queues;
mod queue_names;
mod selection;

use std::collections::HashSet;

use jobs_core::{Claim, Error};
use jobs_sql::Transaction;

use self::conditions::ClaimConditions;
pub(crate) use self::queue_names::ExactNames;
use self::queue_names::texts;
use self::selection::{Queues, needs_names, picks};
use super::dropped_call::RunningCall;
use crate::SolidQueueStore;

const PAUSED: &str = include_str!("../../sql/claim/paused.sql");
const PICK: &str = include_str!("../../sql/claim/pick.sql");

impl SolidQueueStore {
    /// The ready rows that a claim gets, in the order in which their jobs start.
    pub(crate) async fn pick(
        &self,
        transaction: &mut Transaction,
        claim: &Claim,
        call: &RunningCall<'_>,
    ) -> Result<Vec<i64>, Error> {
        let statements = PickStatements { pick: call.locking(PICK), lock_ready: call.locking(many_queues::LOCK_READY) };
        let paused: HashSet<String> = texts(&transaction.query(PAUSED, &[]).await?).collect();
        let names = if needs_names(&claim.queues, !paused.is_empty()) {
            Some(self.queue_names(transaction).await?)
        } else {
            None
        };
        let classes = claim.names.as_ref().map(|names| self.classes_of(names));
        let mut picked = Vec::new();
        for pick in picks(&claim.queues, &paused, names.as_deref()) {
            let limit = pick.limit.min(claim.limit.saturating_sub(picked.len()));
            if limit > 0 {
                picked.extend(pick_from(transaction, &statements, &pick.queues, (classes.as_deref(), limit)).await?);
            }
        }
        Ok(picked)
    }

    /// The classes of Ruby that these jobs are.
    fn classes_of(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.queue.options.names.class_of(name).into_owned()).collect()
    }
}

/// The statements that lock ready rows.
struct PickStatements {
    pick: String,
    lock_ready: String,
}

async fn pick_from(
    transaction: &mut Transaction,
    statements: &PickStatements,
    queues: &Queues,
    (classes, limit): (Option<&[String]>, usize),
) -> Result<Vec<i64>, Error> {
    let queue = match queues {
        Queues::All => None,
        Queues::Named(names) => match &names[..] {
            [one] => Some(one.as_str()),
            many => return many_queues::pick(transaction, &statements.lock_ready, many, (classes, limit)).await,
        },
    };
    let mut conditions = ClaimConditions::new(queue, classes, transaction.dialect());
    conditions.values.push(limit.into());
    let rows = transaction.query(&conditions.fill(&statements.pick), &conditions.values).await?;
    rows.iter().map(|row| row.int(0)).collect()
}
