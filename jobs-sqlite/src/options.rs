//! How a store is opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Clock, Error, SystemClock};

use crate::{SqliteStore, path, url};

/// What a power cut may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Synchronous {
    /// The last commits, never the file. A killed process loses nothing.
    #[default]
    Normal,
    /// Nothing. Each commit waits for the disk.
    Full,
}

impl Synchronous {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Full => "full",
        }
    }
}

/// How to open a [`SqliteStore`].
#[derive(Clone, Debug)]
#[must_use = "nothing is opened until `open` is called"]
pub struct SqliteOptions {
    pub(crate) path: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) synchronous: Synchronous,
    pub(crate) busy_timeout: Duration,
    pub(crate) max_size: Option<u64>,
    pub(crate) create: bool,
    pub(crate) migrate: bool,
}

impl SqliteOptions {
    /// The file at this path, which is created if it is not there; its folder is not.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            clock: Arc::new(SystemClock),
            synchronous: Synchronous::Normal,
            busy_timeout: Duration::from_secs(5),
            max_size: None,
            create: true,
            migrate: true,
        }
    }

    /// As a URL: `sqlite:jobs.db`, `sqlite:/var/lib/shop/jobs.db?synchronous=full&busy_timeout=10s`.
    ///
    /// Options: `synchronous` (`normal`, `full`), `busy_timeout` (as `500ms`, `10s`, `2m`), `max_size` (as
    /// `64MB`, `2GB`), `create` (`yes`, `no`). In the path `%20` stands for a space, `%3F` for `?`, `%25` for `%`.
    ///
    /// # Errors
    /// The URL is not of this form; says what is wrong and which words there are.
    pub fn from_url(text: &str) -> Result<Self, Error> {
        url::parse(text)
    }

    /// Where wall time comes from; the machine's clock if not set.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What a power cut may take; [`Synchronous::Normal`] if not set.
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// How long to wait for another process's transaction before the call fails as transient; 5 seconds if
    /// not set.
    pub fn busy_timeout(mut self, limit: Duration) -> Self {
        self.busy_timeout = limit;
        self
    }

    /// How many bytes of the file jobs may take up. An enqueue that would pass it fails as transient; all other
    /// calls go on, so that a full store can be worked off. Without a limit if not set.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// Whether a file that is not there is created; it is if not set. Whoever only looks wants a word about a wrong path.
    pub fn create(mut self, create: bool) -> Self {
        self.create = create;
        self
    }

    /// Whether an older schema is brought up to date; it is if not set. If not, an older one is an error, and a file that
    /// is not there is not created.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// Opens the file and brings its schema up to date. Blocks for as long as that takes, at most
    /// `busy_timeout` longer if another process does the same.
    ///
    /// # Errors
    /// The path is no place for a database, or there is no file and none is to be created; the file is none or one of
    /// another program; its schema is older and not to be changed, or so much newer that this library would do harm;
    /// another process held its lock for too long (transient).
    pub fn open(self) -> Result<SqliteStore, Error> {
        path::check(&self.path)?;
        if !(self.create && self.migrate) {
            path::check_there(&self.path)?;
        }
        SqliteStore::with(self)
    }
}
