//! Asks a process to be quiet or to stop, and reports the action.

use jobs_core::{ProcessOrder, StoreExt, find_process};

use crate::actions::audit::Action;
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;

/// Asks the process that the fields name by its id or its name. Returns its name, and whether that is new.
pub(crate) async fn order_process(
    app: &AppState,
    ctx: &RequestContext,
    fields: &Fields,
    order: ProcessOrder,
) -> Result<(String, bool), HttpError> {
    let orders = app.store.require_process_orders()?;
    let text = fields.value("process").ok_or_else(|| HttpError::invalid("The field `process` is missing."))?;
    let processes = app.inspect()?.processes().await?;
    let process = &find_process(&processes, text)?.process;
    let changed = orders.order(process.id, order).await?;
    app.report(&Action::on_process(ctx.actor.clone(), order.as_str(), process, changed));
    Ok((process.name.clone(), changed))
}
