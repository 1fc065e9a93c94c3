//! Finds the next ready jobs of a selector, in their order, across queues. Only the first jobs of each queue are read,
//! no matter how many jobs wait.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::sync::Arc;

use jobs_core::{Claim, QueueSelector};
use rusqlite::{OptionalExtension, params};

use super::claimable::Claimable;
use super::open_queues::{ReadyJob, ReadyKey};
use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::statements::{CLAIM_AFTER, CLAIM_HEAD, CLAIM_MORE};

/// From more open queues than this, and for a claim with more selectors than this, the open queues are remembered.
const MANY: usize = 32;

/// The first ready jobs of a queue.
struct QueueHead {
    queue: Arc<str>,
    /// The jobs that were read and not yet selected.
    read: VecDeque<ReadyKey>,
    /// How many jobs were read in all.
    seen: usize,
}

/// What a selector selects.
pub(crate) enum Selected {
    /// The first jobs of one queue.
    Queue(Arc<str>),
    /// These jobs, in this order.
    Jobs(Vec<ReadyJob>),
}

/// Selects the jobs of one claim.
pub(crate) struct JobSelection<'t, 'c> {
    tx: &'t WriteTx<'t>,
    queues: Claimable<'c>,
}

impl<'t, 'c> JobSelection<'t, 'c> {
    pub(crate) fn new(tx: &'t WriteTx<'t>, claim: &Claim) -> Result<Self> {
        let queues = Claimable::new(tx.memory.paused.read(tx.connection())?);
        let open = &tx.memory.open_queues;
        open.note_others(tx)?;
        open.read_again(tx, Vec::new())?;
        if claim.queues.len() > MANY {
            open.learn(tx)?;
        }
        Ok(Self { tx, queues })
    }

    /// The first `most` ready jobs of the selector.
    pub(crate) fn select(&self, selector: &QueueSelector, most: usize) -> Result<Selected> {
        let open = &self.tx.memory.open_queues;
        match selector {
            QueueSelector::Exact(queue) if !self.queues.contains(queue) => Ok(Selected::Jobs(Vec::new())),
            QueueSelector::Exact(queue) if open.are_known() => open.take_from(self.tx, queue, most).map(Selected::Jobs),
            QueueSelector::Exact(queue) => Ok(Selected::Queue(queue.as_str().into())),
            QueueSelector::Prefix(prefix) => self.of_prefix(prefix, most),
            _ => self.of_prefix("", most),
        }
    }

    /// The queues of this selector belong to no later one.
    pub(crate) fn pass(&mut self, selector: &'c QueueSelector) {
        self.queues.exclude(selector);
    }

    fn of_prefix(&self, prefix: &str, most: usize) -> Result<Selected> {
        let open = &self.tx.memory.open_queues;
        let admits = |queue: &str| queue.starts_with(prefix) && self.queues.contains(queue);
        // A search in the index is then cheaper than a walk over all that is remembered.
        if (!open.are_known() || !prefix.is_empty() && open.are_rare(admits))
            && let Some(few) = self.heads(prefix, MANY)?
        {
            return merge(self.tx, few, most);
        }
        if !open.learn(self.tx)? {
            return merge(self.tx, self.heads(prefix, usize::MAX)?.unwrap_or_default(), most);
        }
        open.take(self.tx, most, admits).map(Selected::Jobs)
    }

    /// The queues with ready jobs whose names begin with `prefix`, each with its first job. One index seek per queue;
    /// `None` if there are more than `most`.
    fn heads(&self, prefix: &str, most: usize) -> Result<Option<Vec<QueueHead>>> {
        let mut heads = Vec::new();
        let mut sought = 0;
        let mut found = head(self.tx, CLAIM_HEAD, prefix)?;
        while let Some((queue, key)) = found.take().filter(|(queue, _)| queue.starts_with(prefix)) {
            sought += 1;
            if sought > most {
                return Ok(None);
            }
            found = head(self.tx, CLAIM_AFTER, &queue)?;
            if self.queues.contains(&queue) {
                heads.push(QueueHead { queue, read: VecDeque::from([key]), seen: 1 });
            }
        }
        Ok(Some(heads))
    }
}

fn head(tx: &WriteTx<'_>, sql: &str, name: &str) -> Result<Option<(Arc<str>, ReadyKey)>> {
    let mut statement = tx.statement(sql)?;
    let row = statement.query_row([name], |row| Ok((row.get(0)?, (Reverse(row.get(1)?), row.get(2)?))));
    Ok(row.optional()?)
}

fn merge(tx: &WriteTx<'_>, mut heads: Vec<QueueHead>, limit: usize) -> Result<Selected> {
    if let [only] = heads.as_slice() {
        return Ok(Selected::Queue(Arc::clone(&only.queue)));
    }
    let mut selected = Vec::with_capacity(limit.min(1024));
    let mut candidates: BinaryHeap<Reverse<(ReadyKey, usize)>> = BinaryHeap::new();
    for (index, head) in heads.iter_mut().enumerate() {
        candidates.extend(head.read.pop_front().map(|key| Reverse((key, index))));
    }
    // Twice a queue's fair share: then few jobs are read without use, and few queues are read again.
    let stride = limit.saturating_mul(2) / heads.len().max(1) + 2;
    while selected.len() < limit {
        let Some(Reverse((key, index))) = candidates.pop() else { break };
        let Some(head) = heads.get_mut(index) else { continue };
        selected.push(ReadyJob { key, queue: Arc::clone(&head.queue) });
        if head.read.is_empty() {
            read_on(tx, head, stride.min(limit - selected.len()))?;
        }
        candidates.extend(head.read.pop_front().map(|key| Reverse((key, index))));
    }
    Ok(Selected::Jobs(selected))
}

fn read_on(tx: &WriteTx<'_>, head: &mut QueueHead, limit: usize) -> Result<()> {
    let mut statement = tx.statement(CLAIM_MORE)?;
    let values = params![head.queue, row_limit(limit), row_limit(head.seen)];
    for key in statement.query_map(values, |row| Ok((Reverse(row.get(0)?), row.get(1)?)))? {
        head.read.push_back(key?);
        head.seen += 1;
    }
    Ok(())
}
