//! The job that enqueued a job, and the jobs that it enqueued itself.

use std::time::Duration;

use jobs_core::{Content, Error, Filter, JobId, JobRecord, Meta, Timestamp};
use maud::{Markup, html};

use crate::app_state::AppState;
use crate::pages::format::number;
use crate::request::context::RequestContext;

/// How many jobs are read to find those that the job enqueued, at first so many, until about so many bytes of arguments were read;
/// and how many of these are shown.
const READ: usize = 500;
const PAGE: usize = 50;
const BYTES: usize = 4 << 20;
const SHOWN: usize = 20;

/// What is known about where a job comes from and what came of it.
#[derive(Default)]
pub(super) struct Related {
    enqueued_by: Option<JobId>,
    tick: Option<Timestamp>,
    /// Jobs that it enqueued, with their names and states.
    enqueued: Vec<JobRecord>,
}

impl Related {
    pub(super) async fn read(app: &AppState, job: &JobRecord, now: Timestamp) -> Result<Self, Error> {
        let meta = Meta::parse(job.meta.as_deref()).unwrap_or_default();
        let enqueued = if job.attempts > 0 { enqueued(app, job, now).await? } else { Vec::new() };
        Ok(Self { enqueued_by: meta.enqueued_by, tick: meta.tick, enqueued })
    }

    pub(super) fn show(&self, ctx: &RequestContext) -> Markup {
        let link = |id: JobId| ctx.url(&format!("/jobs/{id}"));
        html! {
            @if let Some(job) = self.enqueued_by {
                dt { "Enqueued by" } dd { a href=(link(job)) { code { (job) } } }
            }
            @if let Some(tick) = self.tick { dt { "Tick" } dd { (tick) } }
            @if !self.enqueued.is_empty() {
                dt { "It enqueued" }
                dd {
                    ul.plain {
                        @for job in self.enqueued.iter().take(SHOWN) {
                            li { a href=(link(job.id)) { bdi { (job.name) } } " " span class={ "badge " (job.state) } { (job.state) } }
                        }
                        @if self.enqueued.len() > SHOWN { li { "and " (number((self.enqueued.len() - SHOWN) as u64)) " more" } }
                    }
                }
            }
        }
    }
}

/// The jobs that it enqueued, among the last that were enqueued before its last attempt ended.
async fn enqueued(app: &AppState, job: &JobRecord, now: Timestamp) -> Result<Vec<JobRecord>, Error> {
    let ended = job.done_at.or_else(|| job.errors.last().map(|error| error.at));
    let ended = ended.filter(|_| job.claimed_by.is_none()).unwrap_or(now);
    let filter = Filter { content: Content::SummaryWithArguments, limit: PAGE, window: PAGE, ..Filter::default() };
    let mut filter = match last_id_at(job, ended + CLOCKS) {
        Some(last) => Filter { before: Some(last.into()), ..filter }.newest_first(),
        None => Filter { after: Some(app.inspect()?.cursor_at(job)), ..filter },
    };
    let is_child =
        |other: &JobRecord| Meta::parse(other.meta.as_deref()).is_ok_and(|meta| meta.enqueued_by == Some(job.id));
    let (mut children, mut bytes, mut read) = (Vec::new(), 0, 0);
    loop {
        let page = app.inspect()?.page(&filter).await?;
        read += filter.limit;
        bytes += page.jobs.iter().map(|other| other.arguments.len()).sum::<usize>();
        children.extend(page.jobs.into_iter().filter(is_child));
        let Some(next) = page.next.filter(|_| bytes < BYTES && read < READ) else { return Ok(children) };
        // As many as the bytes allow, if the next ones are as large as those before. A page costs some stores a look at all jobs.
        let most = ((BYTES - bytes) / (bytes / read + 1)).clamp(PAGE, READ.saturating_sub(read).max(PAGE));
        filter = Filter { limit: most, window: most, ..filter }.going_on(next);
    }
}

/// How far the clocks of the store and of a process may differ.
const CLOCKS: Duration = Duration::from_secs(1);

/// The last id that a job can have that was enqueued until then; `None` if the id of this job does not begin with its time, as that
/// of a job of another system.
fn last_id_at(job: &JobRecord, time: Timestamp) -> Option<JobId> {
    let millis = |time: Timestamp| u64::try_from(time.as_micros() / 1000).ok();
    let mut own = [0; 8];
    own.iter_mut().skip(2).zip(job.id.as_bytes()).for_each(|(byte, value)| *byte = *value);
    let own = u64::from_be_bytes(own);
    millis(job.enqueued_at).filter(|enqueued| enqueued.abs_diff(own) < SAME_TIME)?;
    let mut bytes = [0xff; 16];
    let time = millis(time)?.to_be_bytes();
    bytes.iter_mut().zip(time.iter().skip(2)).for_each(|(byte, value)| *byte = *value);
    Some(JobId::from_bytes(bytes))
}

/// How far the time in an id may be from the time at which the store received the job, in milliseconds: an hour.
const SAME_TIME: u64 = 3_600_000;
