//! Links from lists to the figures of a job or of a queue.

use jobs_core::TimeRange;
use maud::{Markup, html};

use super::of;
use crate::request::context::RequestContext;

/// A link to the figures of a job, to stand after its name; nothing if the store keeps none.
pub(crate) fn job_figures(ctx: &RequestContext, job: &str) -> Markup {
    link(ctx, &of(ctx, TimeRange::Hour, Some(job), None), "job", job)
}

/// A link to the figures of a queue, to stand after its name; nothing if the store keeps none.
pub(crate) fn queue_figures(ctx: &RequestContext, queue: &str) -> Markup {
    link(ctx, &of(ctx, TimeRange::Hour, None, Some(queue)), "queue", queue)
}

fn link(ctx: &RequestContext, to: &str, kind: &str, name: &str) -> Markup {
    html! {
        @if ctx.has_figures && !name.is_empty() {
            " " a.to-figures href=(to) aria-label={ "Figures of the " (kind) " " (name) } title={ "Figures of the " (kind) } { "figures" }
        }
    }
}
