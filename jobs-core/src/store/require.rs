//! The optional capabilities of a store, with an error for each that is missing.

use super::{BlockingTransactional, FigureStore, Manage, ProcessOrders, Recurring, Store, Transactional};
use crate::{Error, Inspect};

/// Methods that every store has. Not to be implemented.
pub trait StoreExt: Store {
    /// The capability to read what is stored.
    ///
    /// # Errors
    /// The store does not have it; the error [is unsupported](Error::is_unsupported).
    fn require_inspect(&self) -> Result<&dyn Inspect, Error> {
        self.inspect().ok_or_else(|| Error::unsupported("this store cannot show what it holds"))
    }

    /// The capability to change stored jobs and queues manually.
    ///
    /// # Errors
    /// The store does not have it; the error [is unsupported](Error::is_unsupported).
    fn require_manage(&self) -> Result<&dyn Manage, Error> {
        self.manage().ok_or_else(|| Error::unsupported("the jobs of this store cannot be changed manually"))
    }

    /// The capability to keep recurring tasks.
    ///
    /// # Errors
    /// The store does not have it; the error [is unsupported](Error::is_unsupported).
    fn require_recurring(&self) -> Result<&dyn Recurring, Error> {
        self.recurring().ok_or_else(|| Error::unsupported("this store keeps no recurring tasks"))
    }

    /// The capability to keep figures of attempts.
    ///
    /// # Errors
    /// The store does not have it; the error [is unsupported](Error::is_unsupported).
    fn require_figures(&self) -> Result<&dyn FigureStore, Error> {
        self.figures().ok_or_else(|| Error::unsupported("this store keeps no figures of jobs and queues"))
    }

    /// The capability to ask processes to be quiet or to stop.
    ///
    /// # Errors
    /// The store does not have it; the error [is unsupported](Error::is_unsupported).
    fn require_process_orders(&self) -> Result<&dyn ProcessOrders, Error> {
        let missing = "this store cannot reach its processes: send SIGTSTP to a process on its own machine to make it quiet, \
                       and SIGTERM to stop it";
        self.process_orders().ok_or_else(|| Error::unsupported(missing))
    }
}

impl<S: Store + ?Sized> StoreExt for S {}

/// The capability of a store to take part in a transaction.
///
/// # Errors
/// The store does not have it; the error [is unsupported](Error::is_unsupported) and says what to do instead.
pub fn within(store: &dyn Store) -> Result<&dyn Transactional, Error> {
    store.transactional().ok_or_else(|| refused(store, store.blocking_transactional().is_some(), "_blocking"))
}

/// The capability of a store to take part in a transaction whose driver is synchronous.
///
/// # Errors
/// The store does not have it; the error [is unsupported](Error::is_unsupported) and says what to do instead.
pub fn within_blocking(store: &dyn Store) -> Result<&dyn BlockingTransactional, Error> {
    store.blocking_transactional().ok_or_else(|| refused(store, store.transactional().is_some(), ""))
}

fn refused(store: &dyn Store, has_other_form: bool, form: &str) -> Error {
    let what = "the jobs of this client are not kept in the database of that transaction";
    if has_other_form {
        return Error::unsupported(format!(
            "{what}: {store:?} takes transactions of its own database, by `.within{form}(..)`. For one on another \
             database gather the jobs with `client.after_commit()` and enqueue them after the commit"
        ));
    }
    Error::unsupported(format!(
        "{what} but in {store:?}: connect to a store in that database (`postgres://..`, `sqlite:..`), or gather the \
         jobs with `client.after_commit()` and enqueue them after the commit"
    ))
}
