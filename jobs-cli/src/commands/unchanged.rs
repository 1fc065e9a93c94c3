//! Tells why jobs were not changed.

use jobs::Error;
use jobs::store::JobRecord;
use jobs_core::counted;

use crate::commands::change::JobChange;
use crate::output::UnchangedJob;
use crate::store::OpenStore;

/// For how many jobs the reason is told.
const TOLD: usize = 10;

/// The reasons why some of these jobs were not changed, by their states before the change.
pub(crate) async fn reasons(
    store: &OpenStore,
    jobs: &[JobRecord],
    change: JobChange,
) -> Result<Vec<UnchangedJob>, Error> {
    let mut reasons = Vec::new();
    for job in jobs {
        if reasons.len() == TOLD {
            break;
        }
        let why = reason(store, job, change).await?;
        reasons.extend(why.map(|why| UnchangedJob { id: job.id.to_string(), why }));
    }
    Ok(reasons)
}

/// `None` if the job was changed, or if another program changed it in the meantime.
async fn reason(store: &OpenStore, job: &JobRecord, change: JobChange) -> Result<Option<String>, Error> {
    if !change.allowed_states().contains(&job.state) {
        return Ok(Some(format!("a job that is {} cannot be {}", job.state, change.participle())));
    }
    if !matches!(change, JobChange::Retry) || job.unique_key.is_none() {
        return Ok(None);
    }
    let holder = store.manage()?.key_holder(job.id).await?;
    Ok(holder.map(|holder| format!("another job, {holder}, holds its unique key")))
}

/// The error for jobs that were not changed.
pub(crate) fn error(unchanged: u64, matched: u64, change: JobChange, reasons: &[UnchangedJob]) -> Error {
    let was = if unchanged == 1 { "was" } else { "were" };
    let text = format!("{unchanged} of {} {was} not {}", counted(matched, "job"), change.participle());
    if reasons.is_empty() {
        return Error::invalid(format!("{text}: they changed in the meantime; see `show`"));
    }
    let rest = unchanged.saturating_sub(reasons.len() as u64);
    let rest = (rest > 0).then(|| format!("and {rest} more"));
    let reasons = reasons.iter().map(|UnchangedJob { id, why }| format!("{id}: {why}"));
    let lines: Vec<String> = [text].into_iter().chain(reasons).chain(rest).collect();
    Error::invalid(lines.join("\n  "))
}
