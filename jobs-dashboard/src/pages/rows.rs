//! The rows of a list of jobs, and what is done to those that are chosen.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jobs_core::{Error, JobId, JobRecord, State as JobState, Timestamp};
use maud::{Markup, html};

use super::{Shared, form};
use crate::action::Action;
use crate::deed::Deed;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::visit::Visit;
use crate::which::Which;
use crate::words::{number, short, time};

/// What can be done to some jobs of a list.
const CHOSEN: [Deed; 2] = [Deed::Retry, Deed::Discard];

/// The table, in a form by which some of its jobs are chosen if anything can be done to them.
pub(super) fn list(visit: &Visit, which: &Which, page: &[JobRecord], now: Timestamp) -> Markup {
    let suits = |deed: &Deed| which.state.is_none_or(|state| deed.suits(state));
    let deeds: Vec<_> = CHOSEN.into_iter().filter(|deed| !visit.read_only && suits(deed)).collect();
    let table = table(visit, which, page, now, !deeds.is_empty());
    if deeds.is_empty() {
        return table;
    }
    let label = |deed: Deed| deed.label(which.state.unwrap_or(JobState::Failed));
    form(
        visit,
        "/chosen",
        &which.fields(),
        &html! {
            (table)
            div.bulk {
                span { "Those that are chosen:" }
                @for deed in deeds { button name="verb" value=(deed.verb()) { (label(deed)) } }
            }
        },
    )
}

fn table(visit: &Visit, which: &Which, page: &[JobRecord], now: Timestamp, chooses: bool) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Jobs" {
            table {
                thead {
                    tr {
                        @if chooses { th scope="col" { span.unseen { "Choose" } } }
                        th scope="col" { "Job" }
                        th scope="col" { "Queue" }
                        @if which.state.is_none() { th scope="col" { "State" } }
                        th.number scope="col" { "Attempts" }
                        th scope="col" { "Enqueued" }
                        th scope="col" { (moment_name(which.state)) }
                        th scope="col" { "Last error" }
                    }
                }
                tbody { @for job in page { (row(visit, which, job, now, chooses)) } }
            }
        }
    }
}

fn row(visit: &Visit, which: &Which, job: &JobRecord, now: Timestamp, chooses: bool) -> Markup {
    html! {
        tr {
            @if chooses {
                td.choice {
                    input type="checkbox" name="id" value=(job.id) aria-label={ "Choose " (job.name) " " (tail(job)) };
                }
            }
            th scope="row" {
                a href=(visit.to(&format!("/jobs/{}", job.id))) { (job.name) }
                " " small title=(job.id) { code { (tail(job)) } }
            }
            td { (job.queue) }
            @if which.state.is_none() { td { span class={ "badge " (job.state) } { (job.state) } } }
            td.number { (number(job.attempts.into())) }
            td { (time(now, job.enqueued_at)) }
            td { @if let Some(moment) = moment(job) { (time(now, moment)) } }
            td.why { @if let Some(error) = job.errors.last() { (short(&error.class)) ": " (short(&error.message)) } }
        }
    }
}

/// The end of its id, which tells it apart from those that were enqueued with it.
fn tail(job: &JobRecord) -> String {
    job.id.to_string().chars().skip(24).collect()
}

/// What the time is called that matters in a state.
const fn moment_name(state: Option<JobState>) -> &'static str {
    match state {
        Some(JobState::Finished) => "Finished",
        Some(JobState::Discarded) => "Discarded",
        Some(JobState::Failed) => "Failed",
        Some(_) => "Due",
        None => "Due or done",
    }
}

fn moment(job: &JobRecord) -> Option<Timestamp> {
    match job.state {
        JobState::Finished | JobState::Discarded => job.done_at,
        JobState::Failed => job.errors.last().map(|error| error.at),
        _ => Some(job.due_at),
    }
}

/// Does it to the jobs that were chosen, and leads back to their list.
pub(crate) async fn chosen(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Result<Response, Failure> {
    let deed = Deed::named(fields.value("verb").unwrap_or_default())?;
    let ids: Result<Vec<JobId>, Error> = fields.values("id").map(str::parse).collect();
    let (ids, which) = (ids?, Which::read(&fields)?);
    if !CHOSEN.contains(&deed) || ids.is_empty() {
        return Err(Failure::invalid("Choose the jobs to which it is to be done."));
    }
    let touched = deed.run(board.manage()?, &ids).await?;
    let left = ids.len() as u64 - touched.min(ids.len() as u64);
    board.tell(&Action::on_some(&visit, deed.verb(), ids, touched));
    let done = format!("{} jobs {}", number(touched), deed.participle());
    let told = if left > 0 { format!("{done}; {} could not be.", number(left)) } else { format!("{done}.") };
    Ok(visit.on_to(&which.address(&visit.to("/jobs")), &told))
}
