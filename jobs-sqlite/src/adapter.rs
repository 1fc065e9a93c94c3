//! The store behind URLs that begin with `sqlite:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};
use tokio::sync::oneshot;

use crate::SqliteOptions;
use crate::error::gone;
use crate::reader::spawn;

jobs_core::inventory::submit! {
    Adapter::new(&["sqlite"], |url| open(url, true)).as_it_is(|url| open(url, false))
}

/// Opens on a thread of its own: it may wait for another process, and the caller's thread has other things to do.
fn open(url: &str, migrate: bool) -> Opening {
    let url = url.to_owned();
    Box::pin(async move {
        let (reply, answer) = oneshot::channel();
        let work = move || {
            // A caller that no longer waits does not need the store.
            let _unheard =
                reply.send(SqliteOptions::from_url(&url).and_then(|options| options.migrate(migrate).open()));
        };
        spawn("jobs-sqlite-open", work).map_err(|trouble| trouble.into_error("open the store"))?;
        let store = answer.await.unwrap_or_else(|_| Err(gone("open the store")))?;
        Ok(Arc::new(store) as Arc<dyn Store>)
    })
}
