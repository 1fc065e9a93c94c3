//! `list`, `show` and `processes`.

use jobs::json::{Job, Process};
use jobs::store::ProcessRecord;

use crate::args::{ListArgs, ShowArgs};
use crate::exit::{CommandResult, Exit};
use crate::output::{JobWithArguments, Printer, WithAge, job_details};
use crate::store::{JobPages, OpenStore};

pub(crate) async fn list(store: &OpenStore, args: ListArgs, printer: Printer) -> CommandResult {
    let now = store.opened_at;
    let pages = JobPages::new(store, &args.filter);
    let mut pages = if args.newest { pages.newest_first() } else { pages }.after(args.after);
    let mut jobs = Vec::new();
    while jobs.len() < args.limit {
        let Some(page) = pages.next().await? else { break };
        let missing = args.limit - jobs.len();
        jobs.extend(page.iter().take(missing).map(|job| WithAge::<Job>::new(job, job.enqueued_at, now)));
    }
    printer.many(&jobs)?;
    Ok(Exit::Success)
}

pub(crate) async fn show(store: &OpenStore, args: &ShowArgs, printer: Printer) -> CommandResult {
    let job = store.find(args.id).await?;
    let shown = JobWithArguments::new(&job, store.shown_arguments(&job), args.arguments);
    printer.one(&shown, || job_details(&shown.details))?;
    Ok(Exit::Success)
}

pub(crate) async fn processes(store: &OpenStore, printer: Printer) -> CommandResult {
    let now = store.opened_at;
    let records = store.inspect()?.processes().await?;
    let row = |record: &ProcessRecord| WithAge::<Process>::new(record, record.heartbeat_at, now);
    printer.many(&records.iter().map(row).collect::<Vec<_>>())?;
    Ok(Exit::Success)
}
