//! The adapter for URLs that begin with `solid_queue+`.

use std::sync::Arc;

use jobs_core::{Adapter, Opening, Store};

use crate::SolidQueueOptions;
use crate::url::SCHEMES;

jobs_core::inventory::submit! {
    Adapter::new(&SCHEMES, open)
}

fn open(url: &str) -> Opening {
    let options = SolidQueueOptions::from_url(url);
    Box::pin(async move { Ok(Arc::new(options?.connect().await?) as Arc<dyn Store>) })
}
