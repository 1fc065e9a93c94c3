//! The pages, a file for each.

mod bulk;
mod change;
mod job;
mod jobs;
mod overview;
mod processes;
mod queues;
mod recurring;
mod rows;

use std::sync::Arc;

use axum::extract::State;
use maud::{Markup, html};

pub(crate) use bulk::{ask, begin, stop, sweep};
pub(crate) use change::{discard, reschedule, retry};
pub(crate) use job::job;
pub(crate) use jobs::jobs;
pub(crate) use overview::overview;
pub(crate) use processes::processes;
pub(crate) use queues::{pause, queues, resume};
pub(crate) use recurring::{pause_task, recurring, resume_task, run_task};
pub(crate) use rows::chosen;

use crate::board::Board;
use crate::failure::Failure;
use crate::token;
use crate::visit::Visit;

/// What all of them share.
type Shared = State<Arc<Board>>;

/// A page, or why there is none.
type Answer = Result<Markup, Failure>;

/// A form that changes something, with fields that are not seen.
fn form(visit: &Visit, path: &str, fields: &[(&str, &str)], body: &Markup) -> Markup {
    html! {
        form method="post" action=(visit.to(path)) {
            input type="hidden" name=(token::FIELD) value=(visit.token.as_str());
            @for (name, value) in fields { input type="hidden" name=(name) value=(value); }
            (body)
        }
    }
}
