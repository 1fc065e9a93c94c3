//! An open store, with what this program knows of the jobs in it.

use std::sync::Arc;

use jobs::definition::Registry;
use jobs::store::{
    Inspect, JobRecord, Manage, ReportedManage, SchemaStatus, Store, StoreExt, connect_without_migrating,
};
use jobs::time::{Clock, SystemClock};
use jobs::{Error, JobId, Timestamp};
use jobs_core::ArgumentView;

use crate::output::print_warnings;
use crate::store::audit;

/// The warning about tables that are newer than this program but compatible with it.
pub(crate) const NEWER_SCHEMA: &str =
    "the tables were migrated by a newer program; this one can use them and does not change them";

/// A store that was opened for a command.
pub(crate) struct OpenStore {
    pub(crate) handle: Arc<dyn Store>,
    /// What this program may show of the arguments of jobs.
    pub(crate) arguments: ArgumentView,
    manage: ReportedManage,
    /// The time of this machine when the store was opened.
    pub(crate) opened_at: Timestamp,
}

impl OpenStore {
    /// Opens the store without migrating it, so that an inspection never changes a schema, and a URL with a typing
    /// mistake never creates a file.
    pub(crate) async fn open(url: &str) -> Result<Self, Error> {
        let handle = connect_without_migrating(url).await?;
        if handle.schema_status() == SchemaStatus::NewerCompatible {
            print_warnings(&[NEWER_SCHEMA.to_owned()]);
        }
        let manage = ReportedManage::new(Arc::clone(&handle), audit::log);
        // A program whose jobs are invalid can still inspect the store; it only knows less about the stored jobs.
        let arguments = ArgumentView::new(Registry::collect().ok());
        Ok(Self { handle, manage, arguments, opened_at: SystemClock.now() })
    }

    pub(crate) fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.handle.require_inspect()
    }

    /// The capability to change jobs and queues. Each change is logged under the target `jobs::audit`, for programs that
    /// have a log of their own.
    pub(crate) fn manage(&self) -> Result<&dyn Manage, Error> {
        self.handle.require_manage()?;
        Ok(&self.manage)
    }

    /// Reads a job; a job that does not exist is an error.
    pub(crate) async fn find(&self, id: JobId) -> Result<JobRecord, Error> {
        let found = self.inspect()?.find(id).await?;
        found.ok_or_else(|| Error::invalid(no_such_job(id)))
    }

    /// The arguments without their secrets; `None` if this program does not know which of them are secret.
    pub(crate) fn shown_arguments(&self, job: &JobRecord) -> Option<String> {
        Some(self.arguments.settings(&job.name)?.of_version(job.version).shown_arguments(&job.arguments))
    }
}

/// What is told about an id that no job has.
pub(crate) fn no_such_job(id: JobId) -> String {
    format!("there is no job {id}: it never existed, or was deleted")
}
