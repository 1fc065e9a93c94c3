//! Makes `sqlite:` known to `jobs_core::connect`.

use std::future::ready;
use std::sync::Arc;

use jobs_core::{Adapter, Opening, inventory};

use crate::SqliteOptions;

inventory::submit! {
    Adapter::new(&["sqlite"], open)
}

fn open(url: &str) -> Opening {
    // Opening reads and perhaps migrates one local file: short enough for the calling thread.
    Box::pin(ready(SqliteOptions::from_url(url).and_then(SqliteOptions::open).map(|store| Arc::new(store) as _)))
}
