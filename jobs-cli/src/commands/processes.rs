//! `processes`, `quiet` and `stop`.

use std::collections::BTreeMap;

use jobs::Error;
use jobs::store::{ProcessOrder, StoreExt};
use jobs_core::find_process;
use serde::Serialize;

use crate::args::ProcessArgs;
use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, ProcessRow};
use crate::store::{OpenStore, audit};

pub(crate) async fn processes(store: &OpenStore, printer: Printer) -> CommandResult {
    let (inspect, now) = (store.inspect()?, store.opened_at);
    let records = inspect.processes().await?;
    printer.many(&records.iter().map(|record| ProcessRow::new(record, now)).collect::<Vec<_>>())?;
    Ok(Exit::Success)
}

/// The names of the registered processes by their ids.
pub(crate) async fn names(store: &OpenStore) -> Result<BTreeMap<String, String>, Error> {
    let records = store.inspect()?.processes().await?;
    Ok(records.into_iter().map(|record| (record.process.id.to_string(), record.process.name)).collect())
}

pub(crate) async fn quiet(store: &OpenStore, args: &ProcessArgs, printer: Printer) -> CommandResult {
    order(store, args, ProcessOrder::Quiet, printer).await
}

pub(crate) async fn stop(store: &OpenStore, args: &ProcessArgs, printer: Printer) -> CommandResult {
    order(store, args, ProcessOrder::Stop, printer).await
}

#[derive(Serialize)]
struct OrderResult {
    process: String,
    name: String,
    asked: &'static str,
    /// Whether that is new.
    changed: bool,
}

/// Asks a process. One of the version before this overwrites the order with its next heartbeat and does not follow it.
async fn order(store: &OpenStore, args: &ProcessArgs, order: ProcessOrder, printer: Printer) -> CommandResult {
    let orders = store.handle.require_process_orders()?;
    let records = store.inspect()?.processes().await?;
    let process = &find_process(&records, &args.process)?.process;
    let changed = orders.order(process.id, order).await?;
    if changed {
        audit::log_process(order.as_str(), &process.name);
    }
    let text = match (order, changed) {
        (_, false) => "was asked already, or has ended",
        (ProcessOrder::Quiet, true) => "is asked to claim no more jobs: it does so with its next heartbeat",
        (ProcessOrder::Stop, true) => "is asked to stop: it does so with its next heartbeat, after its running jobs",
    };
    let (id, name) = (process.id.to_string(), process.name.clone());
    let result = OrderResult { process: id, name, asked: order.as_str(), changed };
    printer.one(&result, || format!("`{}` {text}", process.name))?;
    Ok(Exit::Success)
}
