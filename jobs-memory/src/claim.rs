//! Claims: ready jobs are given to a process.

use jobs_core::lifecycle::Cause;
use jobs_core::{Claim, ClaimToken, Execution, JobId, ProcessId, QueueClaim, QueueSelector, State, Timestamp};

use crate::inner::Inner;
use crate::stored::Stored;

impl Inner {
    pub(crate) fn claim(&mut self, claim: &Claim, now: Timestamp) -> Vec<Execution> {
        let (mut claimed, mut earlier) = (Vec::new(), Vec::new());
        for QueueClaim { selector, limit, .. } in &claim.queues {
            let most = claimed.len().saturating_add(*limit).min(claim.limit);
            while claimed.len() < most {
                let is_open = |queue: &str| {
                    !self.paused.contains(queue) && !earlier.iter().any(|other: &&QueueSelector| other.selects(queue))
                };
                let Some(id) = self.indexes.next_ready(selector, is_open) else { break };
                self.take(id, claim.process, now);
                claimed.extend(self.jobs.get(&id).map(|job| execution(job, claim.process)));
            }
            earlier.push(selector);
        }
        claimed
    }

    fn take(&mut self, id: JobId, process: ProcessId, now: Timestamp) {
        self.transition(id, Cause::Claim, State::Claimed, now, |job| {
            job.claims += 1;
            job.record.attempts += 1;
            (job.record.claimed_by, job.record.claimed_at) = (Some(process), Some(now));
        });
    }

    /// Whether the token is that of the current claim.
    pub(crate) fn holds(&self, token: &ClaimToken) -> bool {
        self.jobs.get(&token.job).is_some_and(|job| {
            job.record.state == State::Claimed
                && job.record.claimed_by == Some(token.process)
                && job.claims == token.claim
        })
    }
}

fn execution(job: &Stored, process: ProcessId) -> Execution {
    let record = &job.record;
    let token = ClaimToken::new(record.id, process, job.claims);
    let mut execution = Execution::new(token, record.name.clone(), record.arguments.clone());
    execution.queue.clone_from(&record.queue);
    execution.priority = record.priority;
    execution.version = record.version;
    execution.meta.clone_from(&record.meta);
    execution.attempt = record.attempts;
    execution.crashes = record.crashes;
    execution.enqueued_at = record.enqueued_at;
    execution.due_at = record.due_at;
    execution.expires_at = record.expires_at;
    execution
}
