//! Which ready jobs a selector means, in their order, across queues. However many jobs wait and however many
//! queues there are, only the first jobs of each queue are looked at.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet, VecDeque};

use jobs_core::QueueSelector;
use rusqlite::{OptionalExtension, params};

use crate::enqueue::rows;
use crate::error::Result;
use crate::statements::{CLAIM_AFTER, CLAIM_HEAD, CLAIM_MORE, PAUSED};
use crate::turn::Turn;

/// A job's place in the order: higher priority first, then the earlier arrival.
type Place = (Reverse<i64>, i64);

/// The beginning of a queue's ready jobs.
struct Front {
    queue: String,
    /// The places read and not yet given.
    read: VecDeque<Place>,
    /// How many were read in all.
    seen: usize,
}

/// The queues that are paused.
pub(crate) fn paused(turn: &Turn<'_>) -> Result<HashSet<String>> {
    let mut statement = turn.statement(PAUSED)?;
    let queues = statement.query_map([], |row| row.get(0))?;
    Ok(queues.collect::<rusqlite::Result<_>>()?)
}

/// What a selector comes down to at this moment.
pub(crate) enum Picked {
    /// One queue.
    Queue(String),
    /// These jobs, by their `seq`, in this order.
    Jobs(Vec<i64>),
}

/// The first `limit` ready jobs that the selector means.
pub(crate) fn pick(
    turn: &Turn<'_>,
    selector: &QueueSelector,
    limit: usize,
    paused: &HashSet<String>,
) -> Result<Picked> {
    let prefix = match selector {
        QueueSelector::Exact(queue) if paused.contains(queue) => return Ok(Picked::Jobs(Vec::new())),
        QueueSelector::Exact(queue) => return Ok(Picked::Queue(queue.clone())),
        QueueSelector::Prefix(prefix) => prefix.as_str(),
        _ => "",
    };
    let mut fronts = fronts(turn, prefix, paused)?;
    match fronts.pop() {
        Some(only) if fronts.is_empty() => Ok(Picked::Queue(only.queue)),
        Some(last) => {
            fronts.push(last);
            merge(turn, fronts, limit).map(Picked::Jobs)
        }
        None => Ok(Picked::Jobs(Vec::new())),
    }
}

/// The queues with ready jobs whose names begin with `prefix`, each with its first job: one seek a queue.
fn fronts(turn: &Turn<'_>, prefix: &str, paused: &HashSet<String>) -> Result<Vec<Front>> {
    let mut fronts = Vec::new();
    let mut found = head(turn, CLAIM_HEAD, prefix)?;
    while let Some((queue, place)) = found.take().filter(|(queue, _)| queue.starts_with(prefix)) {
        found = head(turn, CLAIM_AFTER, &queue)?;
        if !paused.contains(&queue) {
            fronts.push(Front { queue, read: VecDeque::from([place]), seen: 1 });
        }
    }
    Ok(fronts)
}

fn head(turn: &Turn<'_>, sql: &str, name: &str) -> Result<Option<(String, Place)>> {
    let mut statement = turn.statement(sql)?;
    let row = statement.query_row([name], |row| Ok((row.get(0)?, (Reverse(row.get(1)?), row.get(2)?))));
    Ok(row.optional()?)
}

fn merge(turn: &Turn<'_>, mut fronts: Vec<Front>, limit: usize) -> Result<Vec<i64>> {
    let mut picked = Vec::with_capacity(limit.min(1024));
    let mut heap: BinaryHeap<Reverse<(Place, usize)>> = BinaryHeap::new();
    for (index, front) in fronts.iter_mut().enumerate() {
        heap.extend(front.read.pop_front().map(|place| Reverse((place, index))));
    }
    // Twice a queue's fair share: few are read in vain, and few queues are asked again.
    let stride = limit.saturating_mul(2) / fronts.len().max(1) + 2;
    while picked.len() < limit {
        let Some(Reverse(((_, seq), index))) = heap.pop() else { break };
        picked.push(seq);
        let Some(front) = fronts.get_mut(index) else { continue };
        if front.read.is_empty() {
            read_on(turn, front, stride.min(limit - picked.len()))?;
        }
        heap.extend(front.read.pop_front().map(|place| Reverse((place, index))));
    }
    Ok(picked)
}

fn read_on(turn: &Turn<'_>, front: &mut Front, limit: usize) -> Result<()> {
    let mut statement = turn.statement(CLAIM_MORE)?;
    let values = params![front.queue, rows(limit), rows(front.seen)];
    for place in statement.query_map(values, |row| Ok((Reverse(row.get(0)?), row.get(1)?)))? {
        front.read.push_back(place?);
        front.seen += 1;
    }
    Ok(())
}
