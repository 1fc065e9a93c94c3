//! The queues of a worker, in groups: the next group is served when the first is empty, and within a group the weights decide.

use jobs_core::QueueSelector;

/// A selector as the store knows it, with its share.
#[derive(Clone, Debug)]
pub(crate) struct WorkerQueue {
    pub(crate) selector: QueueSelector,
    pub(crate) weight: u32,
    /// How many of its jobs the worker holds at most.
    pub(crate) at_most: Option<usize>,
}

/// The queues of a worker. No queue follows one that covers it, so each name belongs to the first selector that selects it.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    groups: Vec<Vec<WorkerQueue>>,
}

impl Selection {
    /// Groups of selectors with their weights. The weights of a selector that is repeated within a group add up. A selector
    /// whose queues all belong to an earlier group has nothing to give and is left out.
    pub(crate) fn new(groups: Vec<Vec<(QueueSelector, u32)>>) -> Self {
        let mut selection = Self { groups: Vec::new() };
        for group in groups {
            let mut queues: Vec<WorkerQueue> = Vec::new();
            for (selector, weight) in group {
                match queues.iter_mut().find(|queue| queue.selector == selector) {
                    Some(queue) => queue.weight = queue.weight.saturating_add(weight),
                    None if selection.covering(&selector).is_some() => {}
                    None => queues.push(WorkerQueue { selector, weight, at_most: None }),
                }
            }
            // Within a group a name belongs to the selector that is closest to it, wherever that stands.
            queues.sort_by_key(|queue| std::cmp::Reverse(closeness(&queue.selector)));
            selection.groups.push(queues);
        }
        selection.groups.retain(|group| !group.is_empty());
        selection
    }

    pub(crate) fn into_groups(self) -> Vec<Vec<WorkerQueue>> {
        self.groups
    }

    fn queues(&self) -> impl Iterator<Item = &WorkerQueue> {
        self.groups.iter().flatten()
    }

    /// The selectors as text, in their order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.queues().map(|queue| queue.selector.to_string()).collect()
    }

    /// The selectors that have a limit, with it.
    pub(crate) fn limits(&self) -> Vec<(String, usize)> {
        self.queues().filter_map(|queue| Some((queue.selector.to_string(), queue.at_most?))).collect()
    }

    /// Whether one of the selectors takes jobs from this queue.
    pub(crate) fn selects(&self, queue: &str) -> bool {
        self.queues().any(|served| served.selector.selects(queue))
    }

    /// The selector to which all queues of this one belong.
    pub(crate) fn covering(&self, selector: &QueueSelector) -> Option<&QueueSelector> {
        self.queues().map(|queue| &queue.selector).find(|served| served.covers(selector))
    }

    /// A selector that takes a part of the queues of this one before it.
    pub(crate) fn part_of(&self, selector: &QueueSelector) -> Option<&QueueSelector> {
        let before = self.queues().map(|queue| &queue.selector).take_while(|served| !served.covers(selector));
        before.into_iter().find(|served| selector.covers(served))
    }

    /// Sets the limit of a selector. One that is covered by another that stands alone is put before it. Returns whether there
    /// is such a selector.
    pub(crate) fn limit(&mut self, selector: &QueueSelector, at_most: usize) -> bool {
        if let Some(queue) = self.groups.iter_mut().flatten().find(|queue| queue.selector == *selector) {
            queue.at_most = Some(at_most);
            return true;
        }
        let stands_alone =
            |group: &Vec<WorkerQueue>| group.len() == 1 && group.iter().any(|queue| queue.selector.covers(selector));
        let Some(position) = self.groups.iter().position(stands_alone) else { return false };
        let queue = WorkerQueue { selector: selector.clone(), weight: 1, at_most: Some(at_most) };
        self.groups.insert(position, vec![queue]);
        true
    }
}

/// How exactly a selector says which queues are meant.
fn closeness(selector: &QueueSelector) -> usize {
    match selector {
        QueueSelector::Exact(_) => usize::MAX,
        QueueSelector::Prefix(prefix) => prefix.len(),
        _ => 0,
    }
}
