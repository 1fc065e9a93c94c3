//! The client that enqueues jobs and controls them.

pub(crate) mod ambient;
mod by_name;
pub(crate) mod control;
pub(crate) mod reported_manage;
pub(crate) mod shared;

use std::fmt;
use std::sync::Arc;

use jobs_core::{Error, Inspect, JobId, Manage, Store, StoreExt};

use crate::client::shared::Shared;

/// Enqueues jobs in one store and controls them. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
}

impl Client {
    /// The store that keeps the jobs.
    pub fn store(&self) -> &Arc<dyn Store> {
        self.shared.store.inner()
    }

    /// The store's capability to query stored jobs.
    ///
    /// ```
    /// # use jobs_core::{Error, JobId};
    /// # async fn example(client: jobs_runtime::Client, id: JobId) -> Result<(), Error> {
    /// if let Some(job) = client.inspect()?.find(id).await? {
    ///     println!("{} is {}", job.name, job.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The store does not have this capability; the error [is invalid](Error::is_invalid).
    pub fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.store().require_inspect()
    }

    /// The store's capability to manage jobs and queues manually. Each change is an event
    /// [`ManuallyChanged`](jobs_core::events::ManuallyChanged) and a log line under the target `jobs::audit`.
    ///
    /// # Errors
    /// The store does not have this capability; the error [is invalid](Error::is_invalid).
    pub fn manage(&self) -> Result<&dyn Manage, Error> {
        self.store().require_manage()?;
        Ok(&self.shared.manage)
    }

    /// Whether this program can perform jobs of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.shared.registry.get(name).is_some()
    }

    /// Arguments (JSON text of this version) of a job of this name as they may be shown: redacted or hidden as its
    /// settings say, and hidden if the name is not known here.
    pub fn shown_arguments(&self, name: &str, arguments: &str, version: u32) -> String {
        self.shared.shown(name, arguments, version)
    }

    /// Whether all loops of the runtime that this client belongs to make progress: workers, dispatcher, heartbeat and
    /// the others. Also true if that runtime was not started or has stopped.
    ///
    /// A watchdog asks this: a process whose loops stand still is to be restarted.
    pub fn is_responsive(&self) -> bool {
        self.stalled_loops().is_empty()
    }

    /// The names of the loops that make [no progress](Self::is_responsive), as `dispatcher`.
    pub fn stalled_loops(&self) -> Vec<&'static str> {
        self.shared.progress.stalled().into_iter().map(|(name, _)| name).collect()
    }

    /// An id that no other job has.
    pub(crate) fn next_id(&self) -> JobId {
        self.shared.next_id()
    }
}

/// The store that keeps the jobs.
impl From<&Client> for Arc<dyn Store> {
    fn from(jobs: &Client) -> Self {
        Self::clone(jobs.store())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jobs").field("store", self.store()).finish_non_exhaustive()
    }
}
