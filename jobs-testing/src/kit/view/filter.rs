//! The filter of a view: which jobs it sees.

use std::sync::Arc;

use jobs_core::Job;

use crate::kit::view::seen::{Seen, is_named};

/// The filter of a view. Two values of the same kind widen it: of one type or the other.
#[derive(Clone, Default)]
pub(crate) struct ViewFilter {
    only: Vec<Kind>,
    except: Vec<Kind>,
    queues: Vec<String>,
}

/// A condition on jobs, with its text for messages.
#[derive(Clone)]
struct Kind {
    words: String,
    has: Arc<dyn Fn(&Seen) -> bool + Send + Sync>,
}

impl Kind {
    fn of<J: Job>() -> Self {
        Self { words: J::SETTINGS.name.to_owned(), has: Arc::new(|seen| is_named::<J>(seen.name())) }
    }

    fn such(has: impl Fn(&Seen) -> bool + Send + Sync + 'static) -> Self {
        Self { words: "such that a function says yes".to_owned(), has: Arc::new(has) }
    }
}

impl ViewFilter {
    pub(crate) fn only<J: Job>(&mut self) {
        self.only.push(Kind::of::<J>());
    }

    pub(crate) fn only_if(&mut self, has: impl Fn(&Seen) -> bool + Send + Sync + 'static) {
        self.only.push(Kind::such(has));
    }

    pub(crate) fn except<J: Job>(&mut self) {
        self.except.push(Kind::of::<J>());
    }

    pub(crate) fn except_if(&mut self, has: impl Fn(&Seen) -> bool + Send + Sync + 'static) {
        self.except.push(Kind::such(has));
    }

    pub(crate) fn queue(&mut self, queue: String) {
        self.queues.push(queue);
    }

    pub(crate) fn has(&self, seen: &Seen) -> bool {
        let any = |kinds: &[Kind]| kinds.iter().any(|kind| (kind.has)(seen));
        (self.only.is_empty() || any(&self.only))
            && !any(&self.except)
            && (self.queues.is_empty() || self.queues.iter().any(|queue| queue == seen.queue()))
    }

    /// The filter as text, as ` (only send_mail, on queue mail)`; empty without a filter.
    pub(crate) fn words(&self) -> String {
        let kinds = |kinds: &[Kind]| kinds.iter().map(|kind| kind.words.clone()).collect::<Vec<_>>().join(" or ");
        let parts =
            [("only", kinds(&self.only)), ("except", kinds(&self.except)), ("on queue", self.queues.join(" or "))];
        let parts = parts.iter().filter(|(_, words)| !words.is_empty());
        let parts: Vec<_> = parts.map(|(what, words)| format!("{what} {words}")).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
    }
}
