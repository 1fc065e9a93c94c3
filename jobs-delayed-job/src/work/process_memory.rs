//! What this program knows of its own claims: which rows it holds, which answers were lost, and which rows it cannot perform.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Claim, ProcessId, QueueSelector, Timestamp};
use tokio::time::Instant;

use super::walk::Bookmark;

/// How many rows are left out of the claims of a process at most.
const LEFT_OUT_MAX: usize = 1000;

/// For how long a row is left out. Its handler does not change, unless a person repairs it.
const LEFT_OUT_FOR: Duration = Duration::from_secs(300);

/// For how long a selector is taken for one with jobs that the process does not know, after one was seen.
const MIXED_FOR: Duration = Duration::from_secs(60);

/// How often the locks of held rows are renewed, unless locks hold for less than four times as long.
const RENEWED_EVERY: Duration = Duration::from_secs(60);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The batches of claims whose answers were lost. No worker has their jobs.
#[derive(Debug, Default)]
pub(crate) struct LostClaims(Mutex<Vec<LostClaim>>);

#[derive(Debug)]
struct LostClaim {
    process: ProcessId,
    batch: u64,
    given_up_at: Instant,
    /// When its rows were last released.
    looked_at: Option<Instant>,
}

/// A server may still be committing a claim that was given up, as while it waits for a standby. So its rows are looked for this
/// long, and no more often than once in the time below: the lock has no index.
const LOOKED_FOR: Duration = Duration::from_secs(30 * 60);
const LOOKED_EVERY: Duration = Duration::from_secs(60);

impl LostClaims {
    /// A claim that begins now. It is lost unless [`UnansweredClaim::arrived`] is called.
    pub(crate) fn begin(&self, process: ProcessId, batch: u64) -> UnansweredClaim<'_> {
        UnansweredClaim { lost: self, claim: (process, batch), has_arrived: false, is_given_up: Arc::default() }
    }

    pub(crate) fn of(&self, process: ProcessId) -> Vec<u64> {
        let is_wanted = |claim: &&LostClaim| {
            claim.process == process && claim.looked_at.is_none_or(|at| at.elapsed() >= LOOKED_EVERY)
        };
        lock(&self.0).iter().filter(is_wanted).map(|claim| claim.batch).collect()
    }

    pub(crate) fn released(&self, process: ProcessId, batches: &[u64]) {
        lock(&self.0).retain_mut(|claim| {
            let is_released = claim.process == process && batches.contains(&claim.batch);
            if is_released {
                claim.looked_at = Some(Instant::now());
            }
            !is_released || claim.given_up_at.elapsed() < LOOKED_FOR
        });
    }
}

/// A claim whose answer has not arrived.
#[derive(Debug)]
pub(crate) struct UnansweredClaim<'l> {
    lost: &'l LostClaims,
    claim: (ProcessId, u64),
    has_arrived: bool,
    is_given_up: Arc<AtomicBool>,
}

impl UnansweredClaim<'_> {
    /// Whether the caller has given the claim up. A claim that has not begun by then need not begin.
    pub(crate) fn is_given_up(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.is_given_up)
    }

    pub(crate) fn arrived(mut self) {
        self.has_arrived = true;
    }
}

impl Drop for UnansweredClaim<'_> {
    fn drop(&mut self) {
        if !self.has_arrived {
            self.is_given_up.store(true, Ordering::SeqCst);
            let (process, batch) = self.claim;
            let claim = LostClaim { process, batch, given_up_at: Instant::now(), looked_at: None };
            lock(&self.lost.0).push(claim);
        }
    }
}

/// The rows that processes of this program hold, so that their locks can be renewed.
#[derive(Debug, Default)]
pub(crate) struct HeldRows(Mutex<HashMap<ProcessId, HeldByProcess>>);

#[derive(Debug, Default)]
struct HeldByProcess {
    /// Each row with the batch of its claim.
    rows: BTreeMap<i64, u64>,
    renewed_at: Option<Timestamp>,
}

impl HeldRows {
    pub(crate) fn add(&self, process: ProcessId, batch: u64, rows: impl Iterator<Item = i64>) {
        lock(&self.0).entry(process).or_default().rows.extend(rows.map(|row| (row, batch)));
    }

    /// Takes a row out that was claimed in this batch. A later claim of the row stays.
    pub(crate) fn remove(&self, process: ProcessId, row: i64, batch: u64) {
        if let Some(held) = lock(&self.0).get_mut(&process)
            && held.rows.get(&row) == Some(&batch)
        {
            held.rows.remove(&row);
        }
    }

    /// Takes the rows of these batches out.
    pub(crate) fn remove_batches(&self, process: ProcessId, batches: &[u64]) {
        if let Some(held) = lock(&self.0).get_mut(&process) {
            held.rows.retain(|_, batch| !batches.contains(batch));
        }
    }

    pub(crate) fn forget(&self, process: ProcessId) {
        lock(&self.0).remove(&process);
    }

    /// The rows whose locks are to be renewed now; none if that was done a moment ago. A lock holds for `max_run_time`.
    pub(crate) fn to_renew(&self, process: ProcessId, now: Timestamp, max_run_time: Duration) -> Vec<i64> {
        let every = RENEWED_EVERY.min(max_run_time / 4);
        let mut all = lock(&self.0);
        let Some(held) = all.get_mut(&process) else { return Vec::new() };
        let is_fresh = |at: Timestamp| at <= now && now.duration_since(at) < every;
        if held.rows.is_empty() || held.renewed_at.is_some_and(is_fresh) {
            return Vec::new();
        }
        held.renewed_at = Some(now);
        held.rows.keys().copied().collect()
    }
}

/// What claims of each process leave out for a while, and where they go on: handlers that cannot be read, or are of other jobs.
#[derive(Debug, Default)]
pub(crate) struct LeftOut(Mutex<HashMap<ProcessId, LeftOutByProcess>>);

#[derive(Debug, Default)]
struct LeftOutByProcess {
    /// The jobs that the process can perform.
    names: Option<Arc<[String]>>,
    /// The rows, and until when they are left out.
    rows: BTreeMap<i64, Timestamp>,
    bookmarks: HashMap<QueueSelector, Bookmark>,
    /// The selectors whose rows are not all of jobs that the process knows, and until when that is assumed.
    mixed: HashMap<QueueSelector, Timestamp>,
}

impl LeftOut {
    /// What was left out by a process that could perform other jobs is not left out any more.
    pub(crate) fn begin(&self, claim: &Claim) {
        let mut all = lock(&self.0);
        let process = all.entry(claim.process).or_default();
        if process.names != claim.names {
            *process = LeftOutByProcess { names: claim.names.clone(), ..LeftOutByProcess::default() };
        }
    }

    /// Leaves a row out. Of very many rows the first are left out, since each claim begins with these.
    pub(crate) fn add(&self, process: ProcessId, row: i64, now: Timestamp) {
        if let Some(process) = lock(&self.0).get_mut(&process)
            && process.rows.len() < LEFT_OUT_MAX
        {
            process.rows.insert(row, now + LEFT_OUT_FOR);
        }
    }

    /// The rows to leave out now.
    pub(crate) fn rows(&self, process: ProcessId, now: Timestamp) -> Vec<i64> {
        let mut all = lock(&self.0);
        let Some(process) = all.get_mut(&process) else { return Vec::new() };
        process.rows.retain(|_, until| now < *until);
        process.rows.keys().copied().collect()
    }

    /// Notes down that rows of this selector are of jobs that the process does not know.
    pub(crate) fn set_mixed(&self, process: ProcessId, selector: &QueueSelector, now: Timestamp) {
        if let Some(process) = lock(&self.0).get_mut(&process) {
            process.mixed.insert(selector.clone(), now + MIXED_FOR);
        }
    }

    /// Whether statements should select by class, which is slow: a server reads the handlers of all ready rows for it.
    pub(crate) fn is_mixed(&self, process: ProcessId, selector: &QueueSelector, now: Timestamp) -> bool {
        lock(&self.0).get(&process).and_then(|process| process.mixed.get(selector)).is_some_and(|until| now < *until)
    }

    /// Where claims of this selector go on.
    pub(crate) fn bookmark(&self, process: ProcessId, selector: &QueueSelector) -> Option<Bookmark> {
        lock(&self.0).get(&process)?.bookmarks.get(selector).cloned()
    }

    pub(crate) fn set_bookmark(&self, process: ProcessId, selector: &QueueSelector, bookmark: Option<Bookmark>) {
        let mut all = lock(&self.0);
        let Some(process) = all.get_mut(&process) else { return };
        match bookmark {
            Some(bookmark) => process.bookmarks.insert(selector.clone(), bookmark),
            None => process.bookmarks.remove(selector),
        };
    }

    pub(crate) fn forget(&self, process: ProcessId) {
        lock(&self.0).remove(&process);
    }
}
