//! A worker as a program describes it: its queues and how many jobs run at once.

use jobs_core::Error;

use crate::enqueue::queue_naming::QueueNaming;
use crate::worker::selection::{Order, Selection, Weighted};

/// Which queues to serve, and how many jobs run at once.
///
/// The default serves all queues and runs ten jobs at once, as Sidekiq did before version 7.
#[derive(Clone, Debug)]
pub struct Worker {
    queues: Vec<Queue>,
    slots: usize,
    order: Order,
}

#[derive(Clone, Debug)]
struct Queue {
    selector: String,
    weight: u32,
}

impl Default for Worker {
    fn default() -> Self {
        Self::new(["*"])
    }
}

impl Worker {
    /// A worker for these selectors (`mail`, `mail*`, `*`), the first before the second. It runs ten jobs at once.
    pub fn new<S: Into<String>>(selectors: impl IntoIterator<Item = S>) -> Self {
        let queues = selectors.into_iter().map(|selector| Queue { selector: selector.into(), weight: 1 });
        Self { queues: queues.collect(), slots: 10, order: Order::Strict }
    }

    /// A worker that draws the order of its queues by weight for each claim, as Sidekiq's `queue,weight`.
    pub fn weighted<S: Into<String>>(selectors: impl IntoIterator<Item = (S, u32)>) -> Self {
        let queues = selectors.into_iter();
        let queues = queues.map(|(selector, weight)| Queue { selector: selector.into(), weight: weight.max(1) });
        Self { queues: queues.collect(), slots: 10, order: Order::Weighted }
    }

    /// How many jobs run at once. 0 is read as 1, with a warning in the log.
    pub fn concurrency(mut self, jobs: usize) -> Self {
        self.slots = jobs;
        self
    }

    /// How many jobs run at once, at least 1.
    pub const fn slots(&self) -> usize {
        if self.slots == 0 { 1 } else { self.slots }
    }

    /// Whether the program asked for a concurrency of 0.
    pub(crate) const fn has_no_slots(&self) -> bool {
        self.slots == 0
    }

    /// The selectors, checked, with the names of the store.
    ///
    /// # Errors
    /// A selector is not valid, or there is none.
    pub(crate) fn selection(&self, naming: &QueueNaming) -> Result<Selection, Error> {
        if self.queues.is_empty() {
            return Err(Error::invalid("a worker has no queues; give it at least one, or `*` for all"));
        }
        let stored = |selector: &str| if selector == "*" { "*".to_owned() } else { naming.stored(selector) };
        let selectors: Result<Weighted, Error> =
            self.queues.iter().map(|queue| Ok((stored(&queue.selector).parse()?, queue.weight))).collect();
        Ok(Selection::new(selectors?, self.order))
    }
}
