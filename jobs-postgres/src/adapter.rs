//! The adapter for URLs that begin with `postgres:` or `postgresql:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};

use crate::PostgresOptions;

jobs_core::inventory::submit! {
    Adapter::new(&["postgres", "postgresql"], |url| open(url, true)).open_existing(|url| open(url, false))
}

fn open(url: &str, migrate: bool) -> Opening {
    let options = PostgresOptions::from_url(url);
    Box::pin(async move { Ok(Arc::new(options?.migrate(migrate).connect().await?) as Arc<dyn Store>) })
}
