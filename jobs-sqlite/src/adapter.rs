//! Makes `sqlite:` known to `jobs_core::connect`.

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use jobs_core::{Adapter, Error, Store, inventory};

use crate::SqliteOptions;

inventory::submit! {
    Adapter::new(&["sqlite"], open)
}

fn open(url: String) -> Pin<Box<dyn Future<Output = Result<Arc<dyn Store>, Error>> + Send>> {
    // Opening reads and perhaps migrates one local file: short enough for the calling thread.
    Box::pin(ready(SqliteOptions::from_url(&url).and_then(SqliteOptions::open).map(|store| Arc::new(store) as _)))
}
