//! The store under test, with what must live as long as it.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::Store;

use crate::skip;

/// What the function given to [`store_contract!`](crate::store_contract) opens: a store that is empty and
/// goes by the clock it was given.
pub struct Subject {
    /// Nothing if the cases are skipped.
    store: Option<Arc<dyn Store>>,
    kept: Vec<Box<dyn Any + Send + Sync>>,
    reopen: Option<Reopen>,
    hears_others: bool,
}

type Opening = Pin<Box<dyn Future<Output = Arc<dyn Store>> + Send>>;
type Reopen = Box<dyn Fn() -> Opening + Send + Sync>;

impl Subject {
    /// This store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store: Some(store), kept: Vec::new(), reopen: None, hears_others: true }
    }

    /// No store, since what it needs is not here: the case is skipped, and [`skip`](crate::skip) says so with this
    /// reason. Never hand in another store instead; the case would pass and prove nothing.
    pub fn skipped(why: &str) -> Self {
        skip(why);
        Self { store: None, kept: Vec::new(), reopen: None, hears_others: false }
    }

    /// Keeps something, as a temporary directory, until the case is over.
    pub fn keeping(mut self, value: impl Any + Send + Sync) -> Self {
        self.kept.push(Box::new(value));
        self
    }

    /// How to open a second handle on the same data by the same clock, as another process would. Without it
    /// the cases about two processes share one handle.
    pub fn reopen<F>(mut self, open: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Arc<dyn Store>> + Send + 'static,
    {
        self.reopen = Some(Box::new(move || Box::pin(open())));
        self
    }

    /// Hints come from the handle's own calls alone, as behind a pooler that lets nobody listen; what other processes
    /// do is found by polling.
    pub fn hears_only_itself(mut self) -> Self {
        self.hears_others = false;
        self
    }

    pub(crate) fn hears_others(&self) -> bool {
        self.hears_others
    }

    pub(crate) fn store(&self) -> Option<Arc<dyn Store>> {
        self.store.clone()
    }

    /// Another handle on the same data, if there can be one.
    pub(crate) async fn another(&self) -> Option<Arc<dyn Store>> {
        match &self.reopen {
            Some(open) => Some(open().await),
            None => None,
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("store", &self.store).field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}
