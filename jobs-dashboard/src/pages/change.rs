//! One job is changed by hand.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use jobs_core::Due;

use super::Shared;
use crate::acts;
use crate::board::Board;
use crate::deed::Deed;
use crate::due::due;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visit::Visit;

pub(crate) async fn retry(State(board): Shared, visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    change(&board, &visit, &id, Deed::Retry).await
}

pub(crate) async fn discard(State(board): Shared, visit: Visit, Path(id): Path<String>) -> Result<Response, Failure> {
    change(&board, &visit, &id, Deed::Discard).await
}

pub(crate) async fn reschedule(
    State(board): Shared,
    visit: Visit,
    Path(id): Path<String>,
    fields: Extension<Fields>,
) -> Result<Response, Failure> {
    change(&board, &visit, &id, Deed::Reschedule(due(&fields)?)).await
}

async fn change(board: &Board, visit: &Visit, id: &str, deed: Deed) -> Result<Response, Failure> {
    let (job, is_touched) = acts::change(board, visit, id, deed).await?;
    let told = match deed {
        _ if !is_touched => acts::untouched(&job, deed),
        Deed::Reschedule(Due::At(at)) => format!("The job is due at {at}."),
        Deed::Retry => "The job is ready to run.".to_owned(),
        _ => format!("The job is {}.", deed.participle()),
    };
    Ok(visit.on_to(&visit.to(&format!("/jobs/{}", job.id)), &told))
}
