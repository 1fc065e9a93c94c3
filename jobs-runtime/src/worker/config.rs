//! A worker as a program describes it: its queues and how many jobs run at once.

use jobs_core::spelling::hint;
use jobs_core::{Error, QueueSelector};

use crate::enqueue::queue_naming::QueueNaming;
use crate::worker::selection::Selection;

/// Which queues to serve, and how many jobs run at once.
///
/// The default serves all queues and runs ten jobs at once, as Sidekiq did before version 7.
///
/// ```
/// # use jobs_runtime::Worker;
/// // `critical` first; then five jobs of `default` for each of `low`; what is left of the other queues last.
/// Worker::new(["critical"]).then_weighted([("default", 5), ("low", 1)]).then(["*"]).concurrency(20);
/// // Slow reports never hold more than two of the ten slots.
/// Worker::new(["mail", "reports"]).at_most("reports", 2);
/// ```
#[derive(Clone, Debug)]
pub struct Worker {
    /// In strict order; within one, by weight.
    groups: Vec<Vec<Queue>>,
    at_most: Vec<(String, usize)>,
    slots: usize,
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
        Self { groups: Vec::new(), at_most: Vec::new(), slots: 10 }.then(selectors)
    }

    /// A worker that shares its starts between queues by weight, as Sidekiq's `queue,weight`: with 3 and 1, three jobs of
    /// the first queue start for each of the second as long as both have jobs. An empty queue's share goes to the others.
    /// It runs ten jobs at once.
    ///
    /// A queue that several of the selectors select counts to the closest: `mail` before `mail*` before `*`. A weight of 0
    /// is read as 1.
    pub fn weighted<S: Into<String>>(selectors: impl IntoIterator<Item = (S, u32)>) -> Self {
        Self { groups: Vec::new(), at_most: Vec::new(), slots: 10 }.then_weighted(selectors)
    }

    /// Adds selectors that are served in their order while all before them are empty.
    pub fn then<S: Into<String>>(mut self, selectors: impl IntoIterator<Item = S>) -> Self {
        let queues = selectors.into_iter().map(|selector| vec![Queue { selector: selector.into(), weight: 1 }]);
        self.groups.extend(queues);
        self
    }

    /// Adds selectors that are served while all before them are empty, and share the starts by [weight](Self::weighted).
    pub fn then_weighted<S: Into<String>>(mut self, selectors: impl IntoIterator<Item = (S, u32)>) -> Self {
        let queues = selectors.into_iter();
        let queues = queues.map(|(selector, weight)| Queue { selector: selector.into(), weight: weight.max(1) });
        self.groups.push(queues.collect());
        self
    }

    /// How many jobs of a selector this worker holds at most, running ones and those that it has claimed ahead, so that
    /// slow jobs leave slots to others.
    ///
    /// The selector is one of the worker's, or means a part of the queues of one that has no weight, as `reports` of `*`.
    /// It is served just before that one then. `build()` refuses a limit of 0, a second limit for a selector, and a selector
    /// that the worker does not serve. The limit holds in this worker; other workers and processes have their own.
    pub fn at_most(mut self, selector: impl Into<String>, jobs: usize) -> Self {
        self.at_most.push((selector.into(), jobs));
        self
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

    /// Checks the selectors and their limits, as the build of a runtime does.
    ///
    /// # Errors
    /// There is no selector, one is not valid, or [a limit](Self::at_most) cannot hold.
    pub fn check(&self, naming: &QueueNaming) -> Result<(), Error> {
        self.selection(naming).map(drop)
    }

    /// The selectors, checked, with the names of the store.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(crate) fn selection(&self, naming: &QueueNaming) -> Result<Selection, Error> {
        if self.groups.iter().all(Vec::is_empty) {
            return Err(Error::invalid("a worker has no queues; give it at least one, or `*` for all"));
        }
        let group = |group: &Vec<Queue>| {
            group
                .iter()
                .map(|queue| Ok((stored(&queue.selector, naming)?, queue.weight)))
                .collect::<Result<Vec<_>, Error>>()
        };
        let mut selection = Selection::new(self.groups.iter().map(group).collect::<Result<_, _>>()?);
        for (position, (selector, at_most)) in self.at_most.iter().enumerate() {
            if self.at_most.iter().take(position).any(|(other, _)| other == selector) {
                return Err(Error::invalid(format!("`{selector}` has two limits; give it one `at_most`")));
            }
            self.limit(&mut selection, selector, *at_most, naming)?;
        }
        Ok(selection)
    }

    fn limit(
        &self,
        selection: &mut Selection,
        written: &str,
        at_most: usize,
        naming: &QueueNaming,
    ) -> Result<(), Error> {
        let refused =
            |why: String| Err(Error::invalid(format!("the limit `at_most` of `{written}` cannot hold: {why}")));
        let selector = stored(written, naming)?;
        if at_most == 0 {
            return refused("it is 0; write at least 1, or leave the queue out of the worker".to_owned());
        }
        let Some(covering) = selection.covering(&selector) else {
            let known: Vec<_> = self.groups.iter().flatten().map(|queue| queue.selector.as_str()).collect();
            let hint = hint(written, &known);
            return refused(format!("this worker serves only `{}`{hint}", known.join("`, `")));
        };
        if *covering != selector
            && let Some(part) = selection.part_of(&selector)
        {
            return refused(format!(
                "jobs of `{part}` would not count, because it comes first; give `{part}` a limit of its own"
            ));
        }
        let covering = covering.to_string();
        if selection.limit(&selector, at_most) {
            return Ok(());
        }
        refused(format!("it is a part of `{covering}`, which has a weight; give `{written}` a weight of its own"))
    }
}

/// A selector with the name that the store has.
fn stored(selector: &str, naming: &QueueNaming) -> Result<QueueSelector, Error> {
    if selector == "*" { Ok(QueueSelector::All) } else { naming.stored(selector).parse() }
}
