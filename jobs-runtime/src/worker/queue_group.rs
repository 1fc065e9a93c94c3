//! Queues that share the starts of a worker by weight: how many jobs to ask of each, and in which order their jobs start.

use std::collections::{HashSet, VecDeque};

use jobs_core::{ClaimToken, Entropy, Execution, QueueSelector};

use crate::worker::rotation::Rotation;
use crate::worker::selection::WorkerQueue;

/// So many turns are passed at most at the start.
const MOST_PASSED: u64 = 1000;

/// One group of a worker's queues.
#[derive(Debug)]
pub(crate) struct QueueGroup {
    queues: Vec<GroupQueue>,
    rotation: Rotation,
    /// How many jobs it gave to the last claim.
    pub(crate) gave: usize,
}

#[derive(Debug)]
struct GroupQueue {
    selector: QueueSelector,
    at_most: Option<usize>,
    /// The jobs of a queue with a limit that run or wait in the worker.
    held: HashSet<ClaimToken>,
    /// Whether names of other queues of the group would belong to this selector, if they did not come before it.
    covers_others: bool,
}

/// How many jobs a claim requests of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QueueRequest {
    /// The position of the queue in its group.
    pub(crate) queue: usize,
    /// How many jobs.
    pub(crate) limit: usize,
    /// Whether the queue may have more jobs that the worker would take, had the others left them.
    pub(crate) is_share: bool,
}

impl QueueGroup {
    pub(crate) fn new(queues: Vec<WorkerQueue>, entropy: &dyn Entropy) -> Self {
        let total: u64 = queues.iter().map(|queue| u64::from(queue.weight)).sum();
        let first = if queues.len() > 1 { entropy.next_u64() % total.clamp(1, MOST_PASSED) } else { 0 };
        let rotation = Rotation::new(queues.iter().map(|queue| queue.weight)).begin_at(first);
        let covers_others = |queue: &WorkerQueue| {
            queues.iter().any(|other| other.selector != queue.selector && queue.selector.covers(&other.selector))
        };
        let covers: Vec<_> = queues.iter().map(covers_others).collect();
        let queue = |(queue, covers_others): (WorkerQueue, bool)| {
            let WorkerQueue { selector, at_most, .. } = queue;
            GroupQueue { selector, at_most, held: HashSet::new(), covers_others }
        };
        Self { queues: queues.into_iter().zip(covers).map(queue).collect(), rotation, gave: 0 }
    }

    pub(crate) fn is_single(&self) -> bool {
        self.queues.len() == 1
    }

    pub(crate) fn has_limits(&self) -> bool {
        self.queues.iter().any(|queue| queue.at_most.is_some())
    }

    pub(crate) fn selector(&self, queue: usize) -> Option<&QueueSelector> {
        self.queues.get(queue).map(|queue| &queue.selector)
    }

    pub(crate) fn selectors(&self) -> impl Iterator<Item = &QueueSelector> {
        self.queues.iter().map(|queue| &queue.selector)
    }

    /// Whether one of its queues may have jobs, as far as is known.
    pub(crate) fn is_open(&self) -> bool {
        (0..self.queues.len()).any(|queue| self.is_open_at(queue))
    }

    fn is_open_at(&self, queue: usize) -> bool {
        self.rotation.is_open(queue) && self.room(queue) > 0
    }

    /// How many more jobs of a queue the worker may hold.
    fn room(&self, queue: usize) -> usize {
        let Some(GroupQueue { at_most, held, .. }) = self.queues.get(queue) else { return 0 };
        at_most.map_or(usize::MAX, |at_most| at_most.saturating_sub(held.len()))
    }

    /// What to ask of the queues, in this order, if the group is expected to give `expected` of the `most` jobs of a claim.
    /// Queues that were empty are asked for their turns as well if `asks_closed`.
    ///
    /// They are asked first: what they do not have, the others may have in the same claim. After the last queue that has a
    /// turn no limit is needed, since the weights have been kept then. A selector that covers others comes after these,
    /// because the names belong to them.
    pub(crate) fn requests(&self, most: usize, expected: usize, asks_closed: bool) -> Vec<QueueRequest> {
        let shares = if self.is_single() { vec![most] } else { self.shares(expected, asks_closed) };
        let share = |queue: usize| shares.get(queue).copied().unwrap_or(0);
        let mut order: Vec<_> = (0..self.queues.len()).collect();
        order.sort_by_key(|&queue| match self.queues.get(queue) {
            Some(GroupQueue { covers_others: true, .. }) => (true, false, false, 0),
            _ => (false, share(queue) == 0, self.rotation.is_open(queue), share(queue)),
        });
        let last = order.iter().rposition(|queue| share(*queue) > 0).unwrap_or(0);
        let requests = order.into_iter().enumerate().map(|(position, queue)| {
            let (wanted, room) = (if position >= last { most } else { share(queue) }, self.room(queue));
            QueueRequest { queue, limit: wanted.min(room), is_share: wanted < most && wanted < room }
        });
        requests.collect()
    }

    /// The shares of the queues in the next starts.
    fn shares(&self, starts: usize, asks_closed: bool) -> Vec<usize> {
        if !self.is_open() {
            // Nothing is there, as far as is known. Each is asked, so that one claim is enough to find that out.
            let shares = self.rotation.all_open().next(starts, |queue| self.room(queue));
            return shares.into_iter().enumerate().map(|(queue, share)| share.max(1).min(self.room(queue))).collect();
        }
        let due_if_open = self.rotation.due_if_open(starts);
        let due = |queue: usize| {
            let is_asked = asks_closed && !self.rotation.is_open(queue);
            // What comes last can only be asked for what the others leave on purpose, so that is one job.
            let most = self.queues.get(queue).map_or(0, |queue| if queue.covers_others { 1 } else { usize::MAX });
            if is_asked { due_if_open(queue).min(most).min(self.room(queue)) } else { 0 }
        };
        let due: Vec<_> = (0..self.queues.len()).map(due).collect();
        let comes_last = |(queue, due): (&GroupQueue, &usize)| if queue.covers_others { *due } else { 0 };
        let left: usize = self.queues.iter().zip(&due).map(comes_last).sum();
        let open = |queue: usize| if self.rotation.is_open(queue) { self.room(queue) } else { 0 };
        let shares = self.rotation.next(starts.saturating_sub(left), open);
        shares.into_iter().zip(due).map(|(share, due)| share + due).collect()
    }

    /// Records what a queue gave, and whether it was asked for more than it had. One that has reached its limit counts as empty.
    pub(crate) fn record(&mut self, queue: usize, gave: usize, had_no_more: bool) {
        if had_no_more && gave == 0 {
            self.rotation.pass(queue);
        }
        if had_no_more || self.room(queue) == 0 {
            self.rotation.set_open(queue, false);
        } else if gave > 0 {
            self.rotation.set_open(queue, true);
        }
    }

    /// The position of the queue to which this name belongs.
    pub(crate) fn owner(&self, name: &str) -> Option<usize> {
        self.queues.iter().position(|queue| queue.selector.selects(name))
    }

    /// Takes claimed jobs by queue, and returns them in the order in which they start.
    pub(crate) fn arrange(&mut self, mut claimed: Vec<VecDeque<Execution>>) -> Vec<Execution> {
        let count = claimed.iter().map(VecDeque::len).sum();
        let mut arranged = Vec::with_capacity(count);
        for _ in 0..count {
            let has_job = |queue: usize| claimed.get(queue).is_some_and(|jobs| !jobs.is_empty());
            let next =
                self.rotation.turn(has_job).and_then(|queue| claimed.get_mut(queue)).and_then(VecDeque::pop_front);
            arranged.extend(next);
        }
        arranged
    }

    /// The worker holds this job of a queue now.
    pub(crate) fn hold(&mut self, queue: usize, token: ClaimToken) {
        if let Some(GroupQueue { at_most: Some(_), held, .. }) = self.queues.get_mut(queue) {
            held.insert(token);
        }
    }

    /// The worker holds this job no more.
    pub(crate) fn release(&mut self, token: &ClaimToken) {
        let _known = self.queues.iter_mut().any(|queue| queue.held.remove(token));
    }
}
