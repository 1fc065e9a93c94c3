//! The store behind URLs that begin with `postgres:` or `postgresql:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};

use crate::PostgresStore;

jobs_core::inventory::submit! {
    Adapter::new(&["postgres", "postgresql"], open)
}

fn open(url: &str) -> Opening {
    let url = url.to_owned();
    Box::pin(async move { Ok(Arc::new(PostgresStore::connect(&url).await?) as Arc<dyn Store>) })
}
