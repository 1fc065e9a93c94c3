//! Which queues a selector of a claim may take jobs from.

use std::collections::HashSet;
use std::sync::Arc;

use jobs_core::QueueSelector;

/// The queues that are not paused and belong to no earlier selector of the claim.
pub(crate) struct Claimable<'c> {
    paused: Arc<HashSet<String>>,
    /// The earlier selectors: names, and the others.
    names: HashSet<&'c str>,
    patterns: Vec<&'c QueueSelector>,
}

impl<'c> Claimable<'c> {
    pub(crate) fn new(paused: Arc<HashSet<String>>) -> Self {
        Self { paused, names: HashSet::new(), patterns: Vec::new() }
    }

    pub(crate) fn contains(&self, queue: &str) -> bool {
        !self.paused.contains(queue)
            && !self.names.contains(queue)
            && !self.patterns.iter().any(|pattern| pattern.selects(queue))
    }

    /// The queues of this selector belong to no later one.
    pub(crate) fn exclude(&mut self, selector: &'c QueueSelector) {
        match selector {
            QueueSelector::Exact(name) => {
                self.names.insert(name);
            }
            pattern => self.patterns.push(pattern),
        }
    }
}
