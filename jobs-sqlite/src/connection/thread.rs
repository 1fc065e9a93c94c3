//! Starts the threads of a store.

use std::thread::{self, JoinHandle};

use jobs_core::Error;

use crate::error::{Result, StoreError};

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map_err(|cause| {
        StoreError::Other(Error::transient("could not start a thread for the SQLite store").with_source(cause))
    })
}
