//! Tells that jobs which were retried have expired, so that they will not run.

use jobs::store::JobRecord;
use jobs::time::{Clock, SystemClock};

/// How many of them are named.
const NAMED: usize = 3;

/// A warning about those of these jobs that have expired.
pub(crate) fn warning(jobs: &[JobRecord]) -> Option<String> {
    let now = SystemClock.now();
    let expired: Vec<&JobRecord> = jobs.iter().filter(|job| job.expires_at.is_some_and(|at| at <= now)).collect();
    let first = expired.first()?.expires_at?;
    let named: Vec<String> = expired.iter().take(NAMED).map(|job| job.id.to_string()).collect();
    let more = if expired.len() > NAMED { ", .." } else { "" };
    Some(format!(
        "{} of these jobs have expired, the first at {first}: they are discarded instead of being run; enqueue them anew \
         ({}{more})",
        expired.len(),
        named.join(", ")
    ))
}
