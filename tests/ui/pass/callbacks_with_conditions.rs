//! Conditions on all kinds of callbacks, of jobs and of bases, and skips of inherited callbacks.
#![deny(warnings)]

use jobs::prelude::*;
use jobs::callback::{JobDraft, Next, NextEnqueue};

mod checks {
    use super::{Context, JobDraft};

    pub fn is_first(ctx: &Context) -> bool {
        ctx.attempt() == 1
    }

    pub fn is_urgent(enqueue: &JobDraft) -> bool {
        enqueue.priority > 5
    }
}

#[jobs::base(
    jitter = 0.3,
    before_perform(before, if = checks::is_first),
    around_perform(around, unless = checks::is_first),
    after_perform(before, if = checks::is_first, unless = checks::is_first,),
    before_enqueue(enqueuing, if = checks::is_urgent),
    around_enqueue(storing, unless = checks::is_urgent),
    after_enqueue(enqueuing, if = checks::is_urgent),
)]
struct ApplicationJob;

fn before(_: &Context) {}

async fn around(_: &Context, next: Next<'_>) -> Result<(), Failure> {
    next.run().await
}

fn enqueuing(_: &mut JobDraft) {}

async fn storing(enqueue: &mut JobDraft, next: NextEnqueue<'_>) -> Result<(), Failure> {
    next.run(enqueue).await
}

fn live(_: &Context, job: &Deliver) -> bool {
    job.to > 0
}

fn sent(enqueue: &JobDraft, job: &Deliver) -> bool {
    enqueue.queue.is_empty() || job.to > 0
}

fn check(_: &Context, _: &Deliver) {}

fn check_too(_: &Context, _: &Deliver) -> Result<(), Halt> {
    Err(Halt)
}

async fn inside(_: &Context, _: &Deliver, next: Next<'_>) -> Result<(), Failure> {
    next.run().await
}

fn on_its_way(_: &mut JobDraft, _: &Deliver) {}

async fn timed(enqueue: &mut JobDraft, _: &Deliver, next: NextEnqueue<'_>) -> Result<(), Failure> {
    next.run(enqueue).await
}

const SHARE: f64 = 0.25;

#[job(
    base = ApplicationJob,
    jitter = SHARE,
    before_perform(check, check_too, if = live),
    around_perform(inside, unless = live),
    after_perform(if = live, check),
    before_enqueue(on_its_way, if = sent),
    around_enqueue(timed, if = sent, unless = sent),
    after_enqueue(on_its_way, unless = sent),
    skip(before_perform(before), around_enqueue(storing)),
    skip(after_enqueue(enqueuing)),
)]
async fn deliver(to: u64) -> Result<(), std::io::Error> {
    assert!(to > 0);
    Ok(())
}

fn main() {
    let kinds = |moment| Deliver::policy().callbacks(moment).map(|one| one.kind().to_string()).collect::<Vec<_>>();
    let performing = kinds(jobs::callback::Moment::Perform);
    let own = ["before_perform", "before_perform", "around_perform", "after_perform"];
    assert_eq!(performing, [["around_perform", "after_perform"].as_slice(), own.as_slice()].concat());
    let enqueuing = kinds(jobs::callback::Moment::Enqueue);
    assert_eq!(enqueuing, ["before_enqueue", "before_enqueue", "around_enqueue", "after_enqueue"]);
}
