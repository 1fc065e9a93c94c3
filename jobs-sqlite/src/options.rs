//! The options of a store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Clock, SystemClock};

/// What a power cut may lose.
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

/// How to open a [`SqliteStore`](crate::SqliteStore).
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
    /// The file at this path, which is created if it does not exist; its folder is not created.
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

    /// Where wall time comes from; the machine's clock if not set.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// What a power cut may lose; [`Synchronous::Normal`] if not set.
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// How long to wait for another process's transaction before a call fails as transient; 5 seconds if not set.
    pub fn busy_timeout(mut self, limit: Duration) -> Self {
        self.busy_timeout = limit;
        self
    }

    /// How many bytes of the file may be in use. An enqueue that would exceed this fails as transient. All other calls
    /// still work, so that workers can empty a full store. No limit if not set.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.max_size = Some(bytes);
        self
    }

    /// Whether a missing file is created; it is if not set. A program that only reads wants an error for a wrong path.
    pub fn create(mut self, create: bool) -> Self {
        self.create = create;
        self
    }

    /// Whether an older schema is brought up to date; it is if not set. If not, an older schema is an error, and a
    /// missing file is not created.
    pub fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }
}
