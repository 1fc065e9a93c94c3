//! Pauses and resumes queues, and reports the action.

use crate::actions::audit::Action;
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::Fields;

/// Pauses or resumes the queue that the fields name. Returns its name, and whether its state changed.
pub(crate) async fn set_queue_paused<'a>(
    app: &AppState,
    ctx: &RequestContext,
    fields: &'a Fields,
    paused: bool,
) -> Result<(&'a str, bool), HttpError> {
    let queue = fields.value("queue").ok_or_else(|| HttpError::invalid("The field `queue` is missing."))?;
    let manage = app.manage()?;
    let changed = if paused { manage.pause(queue).await? } else { manage.resume(queue).await? };
    let verb = if paused { "pause" } else { "resume" };
    app.report(&Action::on_queue(ctx.actor.clone(), verb, queue, changed));
    Ok((queue, changed))
}
