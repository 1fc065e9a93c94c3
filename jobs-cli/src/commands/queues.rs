//! `queues`, `pause` and `resume`.

use jobs::Error;
use jobs::json::Queue;
use jobs::store::Filter;
use jobs_core::spelling::hint;
use jobs_core::url::masked;
use serde::Serialize;

use crate::args::QueueArgs;
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, print_warnings};
use crate::store::OpenStore;

pub(crate) async fn queues(store: &OpenStore, printer: Printer) -> CommandResult {
    let records = store.inspect()?.queues().await?;
    printer.many(&records.iter().map(Queue::from).collect::<Vec<_>>())?;
    Ok(Exit::Success)
}

#[derive(Serialize)]
struct PauseResult<'a> {
    queue: &'a str,
    paused: bool,
    /// Whether the command changed the queue.
    changed: bool,
}

pub(crate) async fn pause(store: &OpenStore, args: &QueueArgs, printer: Printer) -> CommandResult {
    let warning = unknown_queue(store, &args.queue).await?;
    let changed = store.manage()?.pause(&args.queue).await?;
    print_warnings(warning.as_slice());
    report(&PauseResult { queue: &args.queue, paused: true, changed }, printer)
}

pub(crate) async fn resume(store: &OpenStore, args: &QueueArgs, printer: Printer) -> CommandResult {
    let changed = store.manage()?.resume(&args.queue).await?;
    report(&PauseResult { queue: &args.queue, paused: false, changed }, printer)
}

/// A warning if no recent job is in the queue, which is paused all the same: its jobs may come later.
async fn unknown_queue(store: &OpenStore, queue: &str) -> Result<Option<String>, Error> {
    let inspect = store.inspect()?;
    let records = inspect.queues().await?;
    let known: Vec<&str> = records.iter().map(|record| record.name.as_str()).collect();
    // One page, so that it does not read a large store for a word.
    let filter = Filter { queue: Some(queue.to_owned()), limit: 1, ..Filter::default() }.newest_first();
    if known.contains(&queue) || !inspect.page(&filter).await?.jobs.is_empty() {
        return Ok(None);
    }
    let hint = hint(queue, &known);
    Ok(Some(format!("no recent job is in a queue `{queue}`; it is paused for jobs that come later{hint}")))
}

fn report(result: &PauseResult<'_>, printer: Printer) -> CommandResult {
    let text = match (result.paused, result.changed) {
        (true, true) => "is paused: running jobs continue, no more are claimed",
        (true, false) => "was paused already",
        (false, true) => "is resumed",
        (false, false) => "was not paused",
    };
    printer.one(result, || format!("`{}` {text}", masked(result.queue)))?;
    Ok(Exit::Success)
}
