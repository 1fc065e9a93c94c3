//! Where the store of a runtime comes from: a URL, the environment, or the program.

use std::sync::Arc;

use jobs_core::{Error, Store, connect, connect_without_migrating};

use crate::perform::inline_store::Inline;

/// Where the store comes from.
pub(crate) enum Source {
    /// The environment variable `JOBS_URL`, since the program names none.
    Environment,
    Url(String),
    Open(Arc<dyn Store>),
}

/// A store, and the same store once more if it performs jobs with the runtime itself.
pub(crate) type Opened = (Arc<dyn Store>, Option<Arc<Inline>>);

impl Source {
    pub(crate) async fn open(self, migrate: bool) -> Result<Opened, Error> {
        match self {
            Self::Open(store) => Ok((store, None)),
            Self::Url(url) => open(&url, migrate).await,
            Self::Environment => match std::env::var(URL_VARIABLE) {
                Ok(url) if !url.is_empty() => open(&url, migrate).await,
                _ => Err(Error::invalid(NO_STORE)),
            },
        }
    }
}

async fn open(url: &str, migrate: bool) -> Result<Opened, Error> {
    match Inline::of(url) {
        Some(inline) => inline.map(|store| (Arc::clone(&store) as _, Some(store))),
        None if migrate => connect(url).await.map(|store| (store, None)),
        None => connect_without_migrating(url).await.map(|store| (store, None)),
    }
}

/// The environment variable that names the store if the program does not.
const URL_VARIABLE: &str = "JOBS_URL";

const NO_STORE: &str = "the runtime has no store: add `.connect(\"sqlite:jobs.db\")` or `.store(..)`, \
                        or set `JOBS_URL` in the environment";
