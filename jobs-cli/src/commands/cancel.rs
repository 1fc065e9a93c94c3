//! `cancel`: discards jobs that wait or have failed, and asks the processes of those that run.

use jobs::{Error, JobId};
use jobs_core::{CancelOutcome, ProcessId, cancel as cancel_job};
use serde::Serialize;

use crate::args::CancelArgs;
use crate::commands::processes::names;
use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
use crate::store::{OpenStore, audit, no_such_job};

#[derive(Serialize)]
struct CancelResult {
    id: String,
    /// Whether it is discarded.
    cancelled: bool,
    /// The process that runs it and is asked to cancel it.
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<String>,
    /// Why neither, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// What became of a job that was to be cancelled.
pub(crate) enum Cancelled {
    /// It is discarded.
    Discarded,
    /// The process of this name runs it and is asked.
    Asked(String),
    /// Neither, for this reason.
    Unchanged(String),
}

impl Cancelled {
    /// What became of the job, for people.
    pub(crate) fn describe(&self, id: JobId) -> String {
        match self {
            Self::Discarded => format!("the job {id} is cancelled"),
            Self::Asked(process) => {
                format!("`{process}` is asked to cancel the job {id}: it learns of it within its heartbeat interval")
            }
            Self::Unchanged(why) => why.clone(),
        }
    }
}

pub(crate) async fn cancel(store: &OpenStore, args: &CancelArgs, printer: Printer) -> CommandResult {
    let mut refused = Vec::new();
    for id in &args.ids {
        let cancelled = cancel_one(store, *id).await?;
        let text = cancelled.describe(*id);
        let mut result = CancelResult { id: id.to_string(), cancelled: false, asked: None, why: None };
        match cancelled {
            Cancelled::Discarded => result.cancelled = true,
            Cancelled::Asked(process) => result.asked = Some(process),
            Cancelled::Unchanged(why) => {
                result.why = Some(why);
                printer.only_json(&result)?;
                refused.push(text);
                continue;
            }
        }
        printer.one(&result, || text)?;
    }
    if refused.is_empty() { Ok(Exit::Success) } else { Err(Error::invalid(refused.join("\n  ")).into()) }
}

pub(crate) async fn cancel_one(store: &OpenStore, id: JobId) -> Result<Cancelled, Error> {
    Ok(match cancel_job(&*store.handle, store.manage()?, id).await? {
        CancelOutcome::Discarded => Cancelled::Discarded,
        CancelOutcome::Requested(process) => {
            audit::log_change("cancel", &format!("the job {id}"));
            Cancelled::Asked(name_of(store, process).await?)
        }
        CancelOutcome::Dead(process) => Cancelled::Unchanged(format!(
            "the job {id} is held by the process {process}, which has ended: the job becomes ready again, and can be cancelled then"
        )),
        CancelOutcome::OutOfReach(process) => Cancelled::Unchanged(out_of_reach(store, id, process).await?),
        CancelOutcome::NotFound => Cancelled::Unchanged(no_such_job(id)),
        CancelOutcome::Done(state) => {
            Cancelled::Unchanged(format!("the job {id} is {state}: there is nothing to cancel"))
        }
        other => Cancelled::Unchanged(format!("the job {id} is not cancelled: {other:?}")),
    })
}

async fn out_of_reach(store: &OpenStore, id: JobId, process: Option<ProcessId>) -> Result<String, Error> {
    let runs = match process {
        Some(process) => format!("the job {id} runs in `{}`", name_of(store, process).await?),
        None => format!("the job {id} runs in a process of other software"),
    };
    Ok(format!(
        "{runs}, which cannot be asked through this store: only that process can cancel it, by `client.cancel(id)`"
    ))
}

/// The name of a process, or its id if it is not registered.
async fn name_of(store: &OpenStore, process: ProcessId) -> Result<String, Error> {
    let process = process.to_string();
    Ok(names(store).await?.remove(&process).unwrap_or(process))
}
