//! The store under test, with what must live as long as it.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::Store;

/// What the function given to [`store_contract!`](crate::store_contract) opens: a store that is empty and
/// goes by the clock it was given.
pub struct Subject {
    pub(crate) store: Arc<dyn Store>,
    kept: Vec<Box<dyn Any + Send + Sync>>,
    reopen: Option<Reopen>,
}

type Opening = Pin<Box<dyn Future<Output = Arc<dyn Store>> + Send>>;
type Reopen = Box<dyn Fn() -> Opening + Send + Sync>;

impl Subject {
    /// This store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, kept: Vec::new(), reopen: None }
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

    /// Another handle on the same data, or the same one.
    pub(crate) async fn another(&self) -> Arc<dyn Store> {
        match &self.reopen {
            Some(open) => open().await,
            None => self.store.clone(),
        }
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject").field("store", &self.store).field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}
