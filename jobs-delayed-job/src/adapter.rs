//! The adapter for URLs that begin with `delayed_job+postgres:`, `delayed_job+mysql:` or `delayed_job+sqlite:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};

use crate::DelayedJobOptions;
use crate::url::SCHEMES;

jobs_core::inventory::submit! {
    Adapter::new(&SCHEMES, open).open_existing(open_existing)
}

fn open(url: &str) -> Opening {
    let options = DelayedJobOptions::from_url(url);
    Box::pin(async move { Ok(Arc::new(options?.connect().await?) as Arc<dyn Store>) })
}

fn open_existing(url: &str) -> Opening {
    let options = DelayedJobOptions::from_url(url);
    Box::pin(async move { Ok(Arc::new(options?.create_tables(false).connect().await?) as Arc<dyn Store>) })
}
