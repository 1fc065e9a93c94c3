//! The queues with ready jobs, each with its first jobs, as a store remembers them from claim to claim. So a claim from
//! thousands of queues does not search for the first job of each.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{NewJob, Timestamp};
use rusqlite::{Row, Statement};

use crate::connection::write_tx::WriteTx;
use crate::error::Result;
use crate::numbers::row_limit;
use crate::statements::{CLAIM_MORE, OPEN_AFTER, OPEN_NEXT};
use crate::work::open_changes::OpenChanges;

/// With more open queues nothing is remembered, so that the memory stays small: some 25 MB at this number.
const MOST: usize = 100_000;

/// All is read again after this time, for what was not told: programs of an older version do not count the jobs that they
/// give back.
const REST: Duration = Duration::from_secs(5);

/// How many rows one search reads: the first jobs of a queue, and of the queues after it.
const AHEAD: usize = 8;

/// How many queues tell whether those of a prefix are rare.
const LOOK: usize = 256;

/// A job's position in the order: higher priority first, then the earlier arrival.
pub(crate) type ReadyKey = (Reverse<i64>, i64);

/// A job that was ready when it was read.
pub(crate) struct ReadyJob {
    pub(crate) key: ReadyKey,
    pub(crate) queue: Arc<str>,
}

/// What is remembered, if anything. It is checked against the file at each claim, and each job again when it is read.
#[derive(Debug, Default)]
pub(crate) struct OpenQueues {
    known: RefCell<Option<Known>>,
    /// When there were too many.
    too_many: Cell<Option<Timestamp>>,
}

#[derive(Debug)]
struct Known {
    queues: HashMap<Arc<str>, FirstJobs>,
    /// The first job of each queue, in the order of claims.
    order: BTreeMap<ReadyKey, Arc<str>>,
    /// The queues whose first jobs must be read again.
    outdated: HashSet<Arc<str>>,
    changes: OpenChanges,
    read_at: Timestamp,
}

/// The first ready jobs of a queue. There is at least one.
#[derive(Debug)]
struct FirstJobs {
    keys: VecDeque<ReadyKey>,
    /// Whether these are all.
    is_complete: bool,
}

impl ReadyJob {
    /// Whether it is the job in a row of `claim_rows`.
    pub(crate) fn is_in(&self, row: &Row<'_>) -> rusqlite::Result<bool> {
        Ok((Reverse(row.get(4)?), row.get(0)?) == self.key && row.get_ref(8)?.as_str() == Ok(&*self.queue))
    }
}

impl OpenQueues {
    pub(crate) fn forget(&self) {
        *self.known.borrow_mut() = None;
    }

    pub(crate) fn are_known(&self) -> bool {
        self.known.borrow().is_some()
    }

    /// Takes note of what other processes have committed. If that is not all known, everything is forgotten. Every
    /// transaction that uses or changes what is remembered begins with it.
    pub(crate) fn note_others(&self, tx: &WriteTx<'_>) -> Result<()> {
        let mut slot = self.known.borrow_mut();
        let Some(mut known) = slot.take().filter(|known| known.is_fresh(tx.now)) else { return Ok(()) };
        let mut changes = known.changes;
        if changes.others_enqueued(tx, |queue, priority| known.stored(queue, priority))? {
            known.changes = changes;
            *slot = Some(known);
        }
        Ok(())
    }

    /// Reads all open queues, if they are not known. Returns `false` if there are too many.
    pub(crate) fn learn(&self, tx: &WriteTx<'_>) -> Result<bool> {
        let mut slot = self.known.borrow_mut();
        if slot.is_none() && self.too_many.get().is_none_or(|at| !is_recent(at, tx.now)) {
            *slot = Known::read(tx)?;
            self.too_many.set(slot.is_none().then_some(tx.now));
        }
        Ok(slot.is_some())
    }

    /// Reads the queues again whose first jobs have changed, and these.
    pub(crate) fn read_again(&self, tx: &WriteTx<'_>, queues: Vec<Arc<str>>) -> Result<()> {
        let mut slot = self.known.borrow_mut();
        let Some(known) = slot.as_mut() else { return Ok(()) };
        known.outdated.extend(queues);
        known.read_outdated(tx)
    }

    /// This store has stored these jobs, the last of them in the row `last`.
    pub(crate) fn enqueued(&self, jobs: &[NewJob], stored: usize, last: i64) {
        let mut slot = self.known.borrow_mut();
        let Some(known) = slot.as_mut() else { return };
        known.changes.enqueued(stored, last);
        for job in jobs {
            known.stored(&job.queue, job.priority.into());
        }
    }

    /// Whether hardly one of the first queues is admitted, so that `take` would pass by many others.
    pub(crate) fn are_rare(&self, admits: impl Fn(&str) -> bool) -> bool {
        let slot = self.known.borrow();
        let Some(known) = slot.as_ref() else { return false };
        known.queues.len() > LOOK && known.order.values().take(LOOK).filter(|queue| admits(queue)).count() < LOOK / 32
    }

    /// Takes the first `most` jobs of all queues that `admits` admits.
    pub(crate) fn take(&self, tx: &WriteTx<'_>, most: usize, admits: impl Fn(&str) -> bool) -> Result<Vec<ReadyJob>> {
        let mut slot = self.known.borrow_mut();
        let Some(known) = slot.as_mut() else { return Ok(Vec::new()) };
        // Twice a queue's fair share: then few jobs are read without use, and few queues are read again.
        let ahead = most.saturating_mul(2) / known.queues.len().max(1) + AHEAD;
        let mut taken: Vec<ReadyJob> = Vec::with_capacity(most.min(1024));
        while taken.len() < most {
            let rest = (taken.last().map_or(Unbounded, |job| Excluded(job.key)), Unbounded);
            let next = known.order.range(rest).find(|(_, queue)| admits(queue));
            let Some((key, queue)) = next.map(|(key, queue)| (*key, Arc::clone(queue))) else { break };
            known.pass(tx, &queue, ahead)?;
            taken.push(ReadyJob { key, queue });
        }
        Ok(taken)
    }

    /// Takes the first `most` jobs of a queue.
    pub(crate) fn take_from(&self, tx: &WriteTx<'_>, queue: &str, most: usize) -> Result<Vec<ReadyJob>> {
        let mut slot = self.known.borrow_mut();
        let Some(known) = slot.as_mut() else { return Ok(Vec::new()) };
        let mut taken = Vec::new();
        while taken.len() < most {
            let Some((queue, first)) = known.queues.get_key_value(queue) else { break };
            let (Some(key), queue) = (first.keys.front().copied(), Arc::clone(queue)) else { break };
            known.pass(tx, &queue, most - taken.len() + AHEAD)?;
            taken.push(ReadyJob { key, queue });
        }
        Ok(taken)
    }
}

impl Known {
    /// Reads all open queues; `None` if there are too many.
    fn read(tx: &WriteTx<'_>) -> Result<Option<Self>> {
        let (queues, order, outdated) = (HashMap::new(), BTreeMap::new(), HashSet::new());
        let mut known = Self { queues, order, outdated, changes: OpenChanges::read(tx)?, read_at: tx.now };
        let mut statement = tx.statement(OPEN_AFTER)?;
        let mut after: Arc<str> = "".into();
        while known.queues.len() < MOST {
            let mut rows = statement.query((&*after, row_limit(AHEAD)))?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                let name = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
                if name != &*after {
                    after = name.into();
                }
                let first = known.queues.entry(Arc::clone(&after)).or_insert_with(FirstJobs::complete);
                first.keys.push_back((Reverse(row.get(1)?), row.get(2)?));
                read += 1;
            }
            if read < AHEAD {
                known.order =
                    known.queues.iter().filter_map(|(queue, first)| Some((first.key()?, Arc::clone(queue)))).collect();
                return Ok(Some(known));
            }
            // The last queue may have been cut.
            known.queues.entry(Arc::clone(&after)).and_modify(|first| first.is_complete = false);
        }
        Ok(None)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        is_recent(self.read_at, now) && self.outdated.len() < MOST
    }

    /// A job was stored, after all others.
    fn stored(&mut self, queue: &str, priority: i64) {
        match self.queues.get_mut(queue) {
            // It comes after the jobs that are known.
            Some(first) if first.keys.back().is_some_and(|(Reverse(last), _)| *last >= priority) => {
                first.is_complete = false;
            }
            Some(_) | None if self.outdated.contains(queue) => {}
            Some(_) | None => {
                self.outdated.insert(queue.into());
            }
        }
    }

    /// Reads the first jobs of the outdated queues again.
    fn read_outdated(&mut self, tx: &WriteTx<'_>) -> Result<()> {
        if self.outdated.is_empty() {
            return Ok(());
        }
        let mut statement = tx.statement(CLAIM_MORE)?;
        // A queue that is read may take the row of another one, which is read in the next round.
        while !self.outdated.is_empty() {
            for queue in std::mem::take(&mut self.outdated) {
                self.read_first(&mut statement, queue)?;
            }
        }
        Ok(())
    }

    fn read_first(&mut self, statement: &mut Statement<'_>, queue: Arc<str>) -> Result<()> {
        if let Some(key) = self.queues.remove(&queue).and_then(|first| first.key()) {
            self.leave(key, &queue);
        }
        let rows =
            statement.query_map((&*queue, row_limit(AHEAD), 0), |row| Ok((Reverse(row.get(0)?), row.get(1)?)))?;
        let keys: VecDeque<ReadyKey> = rows.collect::<rusqlite::Result<_>>()?;
        let first = FirstJobs { is_complete: keys.len() < AHEAD, keys };
        if let Some(key) = first.key() {
            self.stand(key, &queue);
            self.queues.insert(queue, first);
        }
        Ok(())
    }

    /// Goes on to the next job of a queue.
    fn pass(&mut self, tx: &WriteTx<'_>, queue: &Arc<str>, ahead: usize) -> Result<()> {
        let Some(first) = self.queues.get_mut(queue) else { return Ok(()) };
        let Some(key) = first.keys.pop_front() else { return Ok(()) };
        if first.keys.is_empty() && !first.is_complete {
            first.read_after(tx, queue, key, ahead)?;
        }
        let next = first.key();
        self.leave(key, queue);
        match next {
            Some(next) => self.stand(next, queue),
            None => drop(self.queues.remove(queue)),
        }
        Ok(())
    }

    /// Puts the first job of a queue into the order. Another queue with a job in this row is read again: SQLite uses the
    /// row of a removed job again, so its job is gone.
    fn stand(&mut self, key: ReadyKey, queue: &Arc<str>) {
        if let Some(other) = self.order.insert(key, Arc::clone(queue)).filter(|other| other != queue) {
            self.outdated.insert(other);
        }
    }

    /// Removes the first job of a queue from the order, unless another queue has a job in this row by now.
    fn leave(&mut self, key: ReadyKey, queue: &Arc<str>) {
        if self.order.get(&key) == Some(queue) {
            self.order.remove(&key);
        }
    }
}

/// A clock that was set back makes nothing recent.
fn is_recent(at: Timestamp, now: Timestamp) -> bool {
    now >= at && now.duration_since(at) < REST
}

impl FirstJobs {
    const fn complete() -> Self {
        Self { keys: VecDeque::new(), is_complete: true }
    }

    fn key(&self) -> Option<ReadyKey> {
        self.keys.front().copied()
    }

    /// Reads the next jobs after one of them.
    fn read_after(
        &mut self,
        tx: &WriteTx<'_>,
        queue: &str,
        (Reverse(priority), seq): ReadyKey,
        most: usize,
    ) -> Result<()> {
        let mut statement = tx.statement(OPEN_NEXT)?;
        let mut rows = statement.query((queue, priority, seq, row_limit(most)))?;
        while let Some(row) = rows.next()? {
            self.keys.push_back((Reverse(row.get(0)?), row.get(1)?));
        }
        self.is_complete = self.keys.len() < most;
        Ok(())
    }
}
