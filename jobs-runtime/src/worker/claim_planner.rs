//! What a worker asks its store for, and the order in which the claimed jobs start.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use jobs_core::{Claim, Entropy, Execution, ProcessId, QueueClaim, QueueSelector, Settlement};

use crate::worker::queue_group::{QueueGroup, QueueRequest};
use crate::worker::selection::Selection;

/// Plans the claims of a worker by the order, the weights and the limits of its queues. All it knows of the queues is what
/// they gave to earlier claims.
#[derive(Debug)]
pub(crate) struct ClaimPlanner {
    process: ProcessId,
    /// The names of the jobs of the program, if it said which.
    names: Option<Arc<[String]>>,
    groups: Vec<QueueGroup>,
    has_limits: bool,
    /// The position of the last group whose queues share by weight.
    last_weighted: Option<usize>,
    /// What the last claim requested of each queue, with the group of the queue.
    requested: Vec<(usize, QueueRequest)>,
    /// Whether the last claim left out groups, because those before may have jobs enough: what a claim leaves to groups with
    /// weights has to be known, or their shares would be wrong.
    left_out: bool,
    /// Whether to ask queues that were empty. After a claim that they left short the others come first.
    asks_closed: bool,
}

impl ClaimPlanner {
    pub(crate) fn new(process: ProcessId, selection: Selection, entropy: &dyn Entropy) -> Self {
        let groups = selection.into_groups().into_iter();
        let groups: Vec<_> = groups.map(|queues| QueueGroup::new(queues, entropy)).collect();
        let has_limits = groups.iter().any(QueueGroup::has_limits);
        let last_weighted = groups.iter().rposition(|group| !group.is_single());
        let requested = Vec::new();
        Self { process, names: None, groups, has_limits, last_weighted, requested, left_out: false, asks_closed: true }
    }

    /// For a program that has jobs of these names.
    pub(crate) fn of_jobs(self, names: Arc<[String]>) -> Self {
        Self { names: Some(names), ..self }
    }

    /// The next claim, for up to `limit` jobs. Its own limit is smaller if the queues may not give as many.
    pub(crate) fn plan(&mut self, limit: usize) -> Claim {
        self.requested.clear();
        self.left_out = false;
        let mut expected = limit;
        for (index, group) in self.groups.iter().enumerate().filter(|_| limit > 0) {
            let requests = group.requests(limit, expected, self.asks_closed);
            let has_shares = requests.iter().any(|request| request.is_share);
            self.requested.extend(requests.into_iter().map(|request| (index, request)));
            let has_later = index + 1 < self.groups.len();
            self.left_out = has_later && group.is_open() && (has_shares || self.last_weighted > Some(index));
            if self.left_out {
                break;
            }
            // What follows a claim that came short follows at once: those that came short then have no more now.
            let more = if self.asks_closed { group.gave } else { 0 };
            expected = expected.saturating_sub(more).max(1);
        }
        let most = self.requested.iter().fold(0_usize, |sum, (_, request)| sum.saturating_add(request.limit));
        let mut claim = Claim::limited(self.process, self.queue_claims(), limit.min(most));
        claim.names.clone_from(&self.names);
        claim
    }

    fn queue_claims(&self) -> Vec<QueueClaim> {
        let selector = |(group, request): &(usize, QueueRequest)| {
            self.groups.get(*group).and_then(|group| group.selector(request.queue))
        };
        let (mut claims, mut later_names, mut later_others) = (Vec::new(), HashSet::new(), Vec::new());
        for request in self.requested.iter().rev() {
            let (Some(chosen), limit) = (selector(request), request.1.limit) else { continue };
            // A selector that may give nothing is only there to keep its names from a later one.
            let is_covered =
                later_names.contains(chosen) || later_others.iter().any(|later: &&QueueSelector| later.covers(chosen));
            if limit > 0 || is_covered {
                claims.push(QueueClaim::new(chosen.clone(), limit));
            }
            match chosen {
                QueueSelector::Exact(_) => drop(later_names.insert(chosen)),
                _ => later_others.push(chosen),
            }
        }
        claims.reverse();
        claims
    }

    /// Takes what the last claim gave, and returns it in the order in which it starts; and whether the store may have more
    /// jobs that the claim did not ask for, so that the next claim should follow at once.
    pub(crate) fn receive(&mut self, claim: &Claim, claimed: Vec<Execution>) -> (Vec<Execution>, bool) {
        if self.last_weighted.is_none() && !self.has_limits {
            return (claimed, false);
        }
        let is_short = claimed.len() < claim.limit;
        let claimed = self.by_queue(claimed);
        let was_cut = self.record(claim.limit, &claimed);
        let may_have_more = is_short && (was_cut || self.left_out);
        if claim.limit > 0 {
            self.asks_closed = !may_have_more;
        }
        let groups = self.groups.iter_mut().zip(claimed);
        (groups.flat_map(|(group, claimed)| group.arrange(claimed)).collect(), may_have_more)
    }

    /// The jobs of each queue of each group.
    fn by_queue(&mut self, claimed: Vec<Execution>) -> Vec<Vec<VecDeque<Execution>>> {
        let empty = |group: &QueueGroup| group.selectors().map(|_| VecDeque::new()).collect::<Vec<_>>();
        let mut by_queue: Vec<_> = self.groups.iter().map(empty).collect();
        for execution in claimed {
            let mut owners = self.groups.iter().enumerate();
            let owner = owners.find_map(|(index, group)| Some((index, group.owner(&execution.queue)?)));
            // A store that gives what no selector selects gives it to the last.
            let (group, queue) = owner.unwrap_or((self.groups.len().saturating_sub(1), 0));
            self.groups.get_mut(group).into_iter().for_each(|group| group.hold(queue, execution.token));
            if let Some(jobs) = by_queue.get_mut(group).and_then(|queues| queues.get_mut(queue)) {
                jobs.push_back(execution);
            }
        }
        by_queue
    }

    /// Records what each queue gave. Returns whether one gave all of its share, and may have more.
    fn record(&mut self, limit: usize, claimed: &[Vec<VecDeque<Execution>>]) -> bool {
        let (mut sum, mut was_cut) = (0, false);
        for (group, request) in &self.requested {
            let gave = claimed.get(*group).and_then(|queues| queues.get(request.queue)).map_or(0, VecDeque::len);
            sum += gave;
            was_cut |= request.is_share && gave >= request.limit;
            if let Some(group) = self.groups.get_mut(*group) {
                group.record(request.queue, gave, gave < request.limit && sum < limit);
            }
        }
        if limit > 0 {
            for (group, claimed) in self.groups.iter_mut().zip(claimed) {
                group.gave = claimed.iter().map(VecDeque::len).sum();
            }
        }
        was_cut
    }

    /// These jobs are held no more.
    pub(crate) fn ended(&mut self, settlements: &[Settlement]) {
        if self.has_limits {
            for settlement in settlements {
                self.groups.iter_mut().for_each(|group| group.release(&settlement.token));
            }
        }
    }
}

#[cfg(test)]
mod tests;
