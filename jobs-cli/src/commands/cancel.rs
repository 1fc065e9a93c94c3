//! `cancel`: discards jobs that wait or have failed.

use jobs::{Error, JobId, State};
use serde::Serialize;

use crate::args::CancelArgs;
use crate::commands::processes::names;
use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
use crate::store::{OpenStore, no_such_job};

#[derive(Serialize)]
struct CancelResult {
    id: String,
    cancelled: bool,
    /// Why it was not, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

pub(crate) async fn cancel(store: &OpenStore, args: &CancelArgs, printer: Printer) -> CommandResult {
    let mut refused = Vec::new();
    for id in &args.ids {
        let why = cancel_one(store, *id).await?;
        let text = why.clone().unwrap_or_else(|| format!("the job {id} is cancelled"));
        let result = CancelResult { id: id.to_string(), cancelled: why.is_none(), why };
        if result.cancelled {
            printer.one(&result, || text)?;
        } else {
            printer.only_json(&result)?;
            refused.push(text);
        }
    }
    if refused.is_empty() { Ok(Exit::Success) } else { Err(Error::invalid(refused.join("\n  ")).into()) }
}

/// `None` if the job is discarded, otherwise the reason why it is not.
pub(crate) async fn cancel_one(store: &OpenStore, id: JobId) -> Result<Option<String>, Error> {
    if store.manage()?.discard(&[id]).await? > 0 {
        return Ok(None);
    }
    let Some(job) = store.inspect()?.find(id).await? else { return Ok(Some(no_such_job(id))) };
    let Some(process) = job.claimed_by.filter(|_| job.state == State::Claimed) else {
        return Ok(Some(format!("the job {id} is {}: there is nothing to cancel", job.state)));
    };
    let process = process.to_string();
    let name = names(store).await?.get(&process).cloned().unwrap_or(process);
    Ok(Some(format!(
        "the job {id} runs in `{name}`: only that process can cancel it, by `client.cancel(id)`; `jobsctl stop {name}` stops the \
         process"
    )))
}
