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
    /// The store as people may see it: without user, password and options. Empty if it is not known.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Open(_) => String::new(),
            Self::Url(url) => shown(url),
            Self::Environment => std::env::var(URL_VARIABLE).map(|url| shown(&url)).unwrap_or_default(),
        }
    }

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

/// A URL without user, password and options; its scheme alone if it is not plain where the password ends.
fn shown(url: &str) -> String {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let place = rest.split(['?', '#']).next().unwrap_or_default();
    let place = match (place.strip_prefix("//"), rest.matches('@').count()) {
        (None, 0) => place.to_owned(),
        (Some(place), 0) => format!("//{place}"),
        (Some(place), 1) => match place.split_once('/').unwrap_or((place, "")) {
            (authority, path) if authority.contains('@') => {
                let host = authority.split('@').next_back().unwrap_or_default();
                format!("//{host}/{path}")
            }
            _ => "..".to_owned(),
        },
        _ => "..".to_owned(),
    };
    format!("{scheme}:{place}").escape_debug().to_string()
}

/// The environment variable that names the store if the program does not.
const URL_VARIABLE: &str = "JOBS_URL";

const NO_STORE: &str = "the runtime has no store: add `.connect(\"sqlite:jobs.db\")` or `.store(..)`, \
                        or set `JOBS_URL` in the environment";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_is_shown_without_user_password_and_options() {
        for (url, expected) in [
            ("sqlite:jobs.db", "sqlite:jobs.db"),
            ("sqlite:/var/lib/shop/jobs.db?busy_timeout=5s", "sqlite:/var/lib/shop/jobs.db"),
            ("memory:", "memory:"),
            ("postgres://db/shop", "postgres://db/shop"),
            ("postgres://db/shop?user=ada&password=secret", "postgres://db/shop"),
            ("postgres://ada:secret@db:5432/shop?schema=jobs", "postgres://db:5432/shop"),
            ("postgres://ada:secret@db", "postgres://db/"),
            ("postgres://ada:sec?ret@db/shop", "postgres:.."),
            ("postgres://ada:sec#ret@db/shop", "postgres:.."),
            ("postgres://ada:sec/ret@db/shop", "postgres:.."),
            ("postgres://ada:sec@ret@db/shop", "postgres:.."),
            ("postgres://db/shop?password=sec@ret", "postgres:.."),
            ("sqlite:a\nb.db", "sqlite:a\\nb.db"),
        ] {
            assert_eq!(shown(url), expected, "{url}");
        }
    }
}
