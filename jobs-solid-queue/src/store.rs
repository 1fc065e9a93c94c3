//! The store on Solid Queue's tables.

use std::fmt;

use jobs_core::{Error, Guarantees, Identity, Retention, Uniqueness};

use crate::queue_database::QueueDatabase;
use crate::{SolidQueueOptions, create_tables};

/// Keeps jobs in the tables of Solid Queue. See the [crate](crate) for what is where.
pub struct SolidQueueStore {
    pub(crate) queue: QueueDatabase,
}

impl SolidQueueStore {
    /// What this store promises of the contract of stores, while it keeps finished jobs.
    pub const GUARANTEES: Guarantees =
        Guarantees::ALL.with_identity(Identity::AtLeastOnce).with_uniqueness(Uniqueness::Unsupported);

    /// What it promises with its options: without [kept jobs](SolidQueueOptions::preserve_finished_jobs) less.
    pub(crate) const fn guarantees_of(options: &SolidQueueOptions) -> Guarantees {
        if options.preserves_finished_jobs {
            Self::GUARANTEES
        } else {
            Self::GUARANTEES.with_retention(Retention::FailedOnly)
        }
    }
}

impl SolidQueueOptions {
    /// Opens the store. Nothing is written, except the tables if [they are to be created](Self::create_tables).
    ///
    /// Cancel safe.
    ///
    /// # Errors
    /// The database cannot be reached, the error [is transient](Error::is_transient) then; or the tables cannot be created.
    pub async fn connect(self) -> Result<SolidQueueStore, Error> {
        let queue = QueueDatabase::open(self).await?;
        if queue.options.creates_tables {
            create_tables(&queue.database).await?;
        }
        Ok(SolidQueueStore { queue })
    }
}

impl fmt::Debug for SolidQueueStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SolidQueueStore").field("options", &self.queue.options).finish_non_exhaustive()
    }
}
