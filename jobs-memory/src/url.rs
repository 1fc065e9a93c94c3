//! The adapter for URLs that begin with `memory:`, or with `async:` as Active Job calls it.

use std::future::ready;
use std::sync::Arc;

use jobs_core::{Adapter, Error, Opening};

use crate::MemoryStore;

jobs_core::inventory::submit! {
    Adapter::new(&["memory", "async"], open)
}

/// A new, empty store. Two stores that are opened by the same URL share nothing.
fn open(url: &str) -> Opening {
    Box::pin(ready(parse(url).map(|()| Arc::new(MemoryStore::default()) as _)))
}

fn parse(url: &str) -> Result<(), Error> {
    match url.split_once(':') {
        Some((_, "" | "//")) => Ok(()),
        _ => Err(Error::invalid("the URL of a store in memory has nothing behind its colon; write `memory:`")),
    }
}
