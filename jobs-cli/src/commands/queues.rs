//! `queues`, `pause` and `resume`.

use jobs::json::Queue;
use serde::Serialize;

use crate::args::QueueArgs;
use crate::exit::{CommandResult, Exit};
use crate::output::Printer;
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
    let changed = store.manage()?.pause(&args.queue).await?;
    report(&PauseResult { queue: &args.queue, paused: true, changed }, printer)
}

pub(crate) async fn resume(store: &OpenStore, args: &QueueArgs, printer: Printer) -> CommandResult {
    let changed = store.manage()?.resume(&args.queue).await?;
    report(&PauseResult { queue: &args.queue, paused: false, changed }, printer)
}

fn report(result: &PauseResult<'_>, printer: Printer) -> CommandResult {
    let text = match (result.paused, result.changed) {
        (true, true) => "is paused: running jobs continue, no more are claimed",
        (true, false) => "was paused already",
        (false, true) => "is resumed",
        (false, false) => "was not paused",
    };
    printer.one(result, || format!("`{}` {text}", result.queue))?;
    Ok(Exit::Success)
}
