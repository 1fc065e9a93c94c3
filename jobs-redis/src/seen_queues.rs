//! The queues that a process claims from, as the pages of Ruby show them.

use std::collections::HashSet;

use jobs_core::{Claim, QueueSelector};

/// The selectors of all claims of a process. A claim may name them in another order than the one before, or only some of them.
#[derive(Debug, Default)]
pub struct SeenQueues {
    seen: HashSet<QueueSelector>,
    names: Vec<String>,
}

impl SeenQueues {
    /// Adds those of a claim, up to `most` in all.
    pub fn add(&mut self, claim: &Claim, most: usize) {
        for queues in &claim.queues {
            if self.names.len() < most && !self.seen.contains(&queues.selector) {
                self.seen.insert(queues.selector.clone());
                self.names.push(queues.selector.to_string());
            }
        }
    }

    /// The selectors as texts, in the order in which they were first named.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}
