//! The queues of a worker in the order of each claim.

use jobs_core::{Entropy, QueueSelector};

/// Selectors as the store knows them, with their weights.
pub(crate) type Weighted = Vec<(QueueSelector, u32)>;

/// The order of the queues in a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// The next queue is served when the first is empty.
    Strict,
    /// The order is drawn anew for each claim. A queue of weight 3 comes first three times as often as one of weight 1.
    Weighted,
}

/// The queues of a worker.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    selectors: Weighted,
    order: Order,
}

impl Selection {
    pub(crate) fn new(selectors: Weighted, order: Order) -> Self {
        Self { selectors, order }
    }

    /// The selectors as text, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.selectors.iter().map(|(selector, _)| selector.to_string()).collect()
    }

    /// Whether one of the selectors takes jobs from this queue.
    pub(crate) fn selects(&self, queue: &str) -> bool {
        self.selectors.iter().any(|(selector, _)| selector.selects(queue))
    }

    /// The selectors in the order of this claim.
    pub(crate) fn draw(&self, entropy: &dyn Entropy) -> Vec<QueueSelector> {
        if self.order == Order::Strict {
            return self.selectors.iter().map(|(selector, _)| selector.clone()).collect();
        }
        let mut left: Vec<_> = self.selectors.iter().collect();
        let mut drawn = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let total: u64 = left.iter().map(|(_, weight)| u64::from(*weight)).sum();
            let mut mark = entropy.next_u64() % total.max(1);
            let hit = left.iter().position(|(_, weight)| {
                let here = mark < u64::from(*weight);
                mark = mark.saturating_sub(u64::from(*weight));
                here
            });
            drawn.push(left.remove(hit.unwrap_or(0)).0.clone());
        }
        drawn
    }
}
