//! Finds the next ready jobs of a selector, in their order, across queues. Only the first jobs of each queue are read,
//! no matter how many jobs wait.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};

use jobs_core::QueueSelector;
use rusqlite::{OptionalExtension, params};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::statements::{CLAIM_AFTER, CLAIM_HEAD, CLAIM_MORE, PAUSED};

/// A job's position in the order: higher priority first, then the earlier arrival.
type ReadyKey = (Reverse<i64>, i64);

/// The first ready jobs of a queue.
struct QueueHead {
    queue: String,
    /// The jobs that were read and not yet selected.
    read: VecDeque<ReadyKey>,
    /// How many jobs were read in all.
    seen: usize,
}

/// The queues that are paused.
pub(crate) fn paused(tx: &WriteTx<'_>) -> Result<HashSet<String>> {
    let mut statement = tx.statement(PAUSED)?;
    let queues = statement.query_map([], |row| row.get(0))?;
    Ok(queues.collect::<rusqlite::Result<_>>()?)
}

/// What a selector selects.
pub(crate) enum Selected {
    /// One queue.
    Queue(String),
    /// Jobs of several queues, by their `seq`, in this order.
    Client(Vec<i64>),
}

/// The first `most` ready jobs of the selector, from the queues that are open.
pub(crate) fn select(
    tx: &WriteTx<'_>,
    selector: &QueueSelector,
    most: usize,
    is_open: &dyn Fn(&str) -> bool,
) -> Result<Selected> {
    let prefix = match selector {
        QueueSelector::Exact(queue) if !is_open(queue) => return Ok(Selected::Client(Vec::new())),
        QueueSelector::Exact(queue) => return Ok(Selected::Queue(queue.clone())),
        QueueSelector::Prefix(prefix) => prefix.as_str(),
        _ => "",
    };
    let mut heads = heads(tx, prefix, is_open)?;
    match heads.pop() {
        Some(only) if heads.is_empty() => Ok(Selected::Queue(only.queue)),
        Some(last) => {
            heads.push(last);
            merge(tx, heads, most).map(Selected::Client)
        }
        None => Ok(Selected::Client(Vec::new())),
    }
}

/// The queues with ready jobs whose names begin with `prefix`, each with its first job. One index seek per queue.
fn heads(tx: &WriteTx<'_>, prefix: &str, is_open: &dyn Fn(&str) -> bool) -> Result<Vec<QueueHead>> {
    let mut heads = Vec::new();
    let mut found = head(tx, CLAIM_HEAD, prefix)?;
    while let Some((queue, key)) = found.take().filter(|(queue, _)| queue.starts_with(prefix)) {
        found = head(tx, CLAIM_AFTER, &queue)?;
        if is_open(&queue) {
            heads.push(QueueHead { queue, read: VecDeque::from([key]), seen: 1 });
        }
    }
    Ok(heads)
}

fn head(tx: &WriteTx<'_>, sql: &str, name: &str) -> Result<Option<(String, ReadyKey)>> {
    let mut statement = tx.statement(sql)?;
    let row = statement.query_row([name], |row| Ok((row.get(0)?, (Reverse(row.get(1)?), row.get(2)?))));
    Ok(row.optional()?)
}

fn merge(tx: &WriteTx<'_>, mut heads: Vec<QueueHead>, limit: usize) -> Result<Vec<i64>> {
    let mut selected = Vec::with_capacity(limit.min(1024));
    let mut candidates: BinaryHeap<Reverse<(ReadyKey, usize)>> = BinaryHeap::new();
    for (index, head) in heads.iter_mut().enumerate() {
        candidates.extend(head.read.pop_front().map(|key| Reverse((key, index))));
    }
    // Twice a queue's fair share: then few jobs are read without use, and few queues are read again.
    let stride = limit.saturating_mul(2) / heads.len().max(1) + 2;
    while selected.len() < limit {
        let Some(Reverse(((_, seq), index))) = candidates.pop() else { break };
        selected.push(seq);
        let Some(head) = heads.get_mut(index) else { continue };
        if head.read.is_empty() {
            read_on(tx, head, stride.min(limit - selected.len()))?;
        }
        candidates.extend(head.read.pop_front().map(|key| Reverse((key, index))));
    }
    Ok(selected)
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
