//! The wrapper of Active Job: one key with the job of Rails.

use jobs_active_job::SerializedJob;
use jobs_core::Error;

use crate::yaml::{self, Document, Node, json_of, node_of};

/// The class of the wrapper, in Rails' adapter and in that of Delayed Job 4.2.
const WRAPPER: &str = "ActiveJob::QueueAdapters::DelayedJobAdapter::JobWrapper";

const JOB_DATA: &str = "job_data";

pub(super) fn is_wrapper(class: &str) -> bool {
    class == WRAPPER
}

/// The job in the wrapper.
pub(super) fn read(root: &Node) -> Result<SerializedJob, String> {
    let data = root.get(JOB_DATA).filter(|data| matches!(data, Node::Map(_) | Node::Tagged(..)));
    let job = data.and_then(|data| SerializedJob::parse(&json_of(data)).ok());
    let job = job.filter(|job| job.class().is_some_and(|class| !class.is_empty()));
    job.ok_or_else(|| "its class is the wrapper of Active Job, and it has no `job_data` with a `job_class`".to_owned())
}

/// Whether a job that is read and [written](write) again has all values that this text has for Ruby. JSON has no binary texts, symbols,
/// times, decimals and infinite numbers, and no keys but texts.
pub(super) fn is_written_alike(text: &str) -> bool {
    let Ok(Node::Tagged(_, root)) = yaml::read(text) else { return false };
    let Node::Map(entries) = *root else { return false };
    let [(Node::Text(key), data)] = &entries[..] else { return false };
    key == JOB_DATA && node_of(&json_of(data)).is_ok_and(|again| again == *data)
}

pub(super) fn write(job: &SerializedJob) -> Result<String, Error> {
    let data = node_of(&job.to_string())
        .map_err(|cause| Error::invalid("the job of Active Job is not JSON").with_source(cause))?;
    let root = Node::Map(vec![(Node::Text(JOB_DATA.to_owned()), data)]);
    Ok(Document::tagged(&format!("!ruby/object:{WRAPPER}"), &root))
}
