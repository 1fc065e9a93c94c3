//! The adapter for URLs that begin with `sqlite:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};
use tokio::sync::oneshot;

use crate::SqliteOptions;
use crate::connection::thread::spawn;
use crate::error::thread_ended;

jobs_core::inventory::submit! {
    Adapter::new(&["sqlite"], |url| open(url, true)).open_existing(|url| open(url, false))
}

/// Opens on a thread of its own: opening may wait for another process, and must not block the async runtime meanwhile.
fn open(url: &str, migrate: bool) -> Opening {
    let url = url.to_owned();
    Box::pin(async move {
        let (reply, opened) = oneshot::channel();
        let work = move || {
            // If the caller has stopped waiting, the store is dropped.
            let _unreceived =
                reply.send(SqliteOptions::from_url(&url).and_then(|options| options.migrate(migrate).open()));
        };
        spawn("jobs-sqlite-open", work).map_err(|error| error.into_error("open the store"))?;
        let store = opened.await.unwrap_or_else(|_| Err(thread_ended("open the store")))?;
        Ok(Arc::new(store) as Arc<dyn Store>)
    })
}
