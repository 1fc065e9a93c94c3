//! Opens a store by its URL.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::{Error, Store, url};

/// A kind of store that can be opened by URL. Each adapter registers one with `inventory::submit!`.
#[derive(Debug)]
pub struct Adapter {
    schemes: &'static [&'static str],
    open: OpenFn,
    open_existing: Option<OpenFn>,
}

type OpenFn = fn(&str) -> Opening;

/// The future of a store that is being opened. It does not borrow the URL.
pub type Opening = Pin<Box<dyn Future<Output = Result<Arc<dyn Store>, Error>> + Send>>;

inventory::collect!(Adapter);

impl Adapter {
    /// Opens URLs of these schemes (the part before the first `:`, in lower case). The function receives the whole URL.
    pub const fn new(schemes: &'static [&'static str], open: OpenFn) -> Self {
        Self { schemes, open, open_existing: None }
    }

    /// How to open a store that has a schema without changing it: an outdated schema is an error (see
    /// [`Schema::is_outdated`](crate::Schema::is_outdated)), and nothing is created. Adapters whose stores have no schema
    /// need no such function.
    pub const fn open_existing(mut self, open: OpenFn) -> Self {
        self.open_existing = Some(open);
        self
    }
}

/// Opens the store that the URL names, as `sqlite:jobs.db` or `memory:`, and brings its schema up to date. The scheme may
/// have capital letters; white space around the URL is left out.
///
/// Cancel safe: a dropped future leaves at most a store that was created empty.
///
/// # Errors
/// This program has no adapter for such URLs, or the adapter cannot open the store. The error shows nothing of a URL that
/// was not understood, except a known scheme.
pub async fn connect(url: &str) -> Result<Arc<dyn Store>, Error> {
    let (adapter, url) = adapter(url)?;
    (adapter.open)(&url).await
}

/// As [`connect`], without migrating: nothing is created, and a schema that is not up to date is an error. For programs
/// that only read, and for those that must not change a schema when they start.
///
/// Cancel safe.
///
/// # Errors
/// As [`connect`]; and if the store does not exist, or its schema is older than this program.
pub async fn connect_without_migrating(url: &str) -> Result<Arc<dyn Store>, Error> {
    let (adapter, url) = adapter(url)?;
    (adapter.open_existing.unwrap_or(adapter.open))(&url).await
}

/// The adapter for this URL, and the URL with its scheme in lower case.
fn adapter(url: &str) -> Result<(&'static Adapter, String), Error> {
    let adapters = || inventory::iter::<Adapter>.into_iter();
    let found = url::split(url).and_then(|(scheme, rest)| {
        let adapter = adapters().find(|adapter| adapter.schemes.contains(&scheme.as_str()))?;
        Some((adapter, format!("{scheme}:{rest}")))
    });
    found.ok_or_else(|| {
        let known: Vec<&str> = adapters().flat_map(|adapter| adapter.schemes).copied().collect();
        url::no_adapter(url, &known)
    })
}

/// The name of an adapter whose store has this type: `Postgres` for `jobs_postgres::store::PostgresStore`.
pub(super) fn name_of(store_type: &'static str) -> &'static str {
    let plain = store_type.split('<').next().unwrap_or(store_type);
    let name = plain.rsplit("::").next().unwrap_or(plain);
    name.strip_suffix("Store").filter(|short| !short.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adapter_is_named_by_the_type_of_its_store() {
        assert_eq!(name_of("jobs_postgres::store::PostgresStore"), "Postgres");
        assert_eq!(name_of("shop::Mirrored<jobs_sqlite::SqliteStore>"), "Mirrored");
        assert_eq!((name_of("shop::Store"), name_of("shop::Inline")), ("Store", "Inline"));
    }
}
