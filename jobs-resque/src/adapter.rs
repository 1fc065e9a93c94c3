//! The adapter for URLs that begin with `resque+redis:` or `resque+rediss:`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};

use crate::ResqueOptions;
use crate::url::{SCHEME, TLS_SCHEME};

jobs_core::inventory::submit! {
    Adapter::new(&[SCHEME, TLS_SCHEME], open)
}

fn open(url: &str) -> Opening {
    let options = ResqueOptions::from_url(url);
    Box::pin(async move { Ok(Arc::new(options?.connect().await?) as Arc<dyn Store>) })
}
