//! The ticks of recurring tasks, each of which is given away once. A store without the power skips these cases.

use std::time::Duration;

use jobs_core::{Enqueued, Filter, JobId, NewJob, Recurring, Tick, Ticked, Timestamp};

use crate::contract::Stage;
use crate::contract::declaring::{agenda, declare, known, task};
use crate::contract::dropping::{POLLS, drop_after};
use crate::contract::keys::DONE;
use crate::contract::race::{SEEDS, race};
use crate::contract::stage::{ids, secs};

fn tick(at: Timestamp, job: Option<NewJob>) -> Tick {
    Tick::new("a", at, job)
}

async fn ask(recurring: &dyn Recurring, at: Timestamp, job: Option<NewJob>) -> Ticked {
    recurring.tick(&tick(at, job)).await.expect("the store gives ticks away")
}

/// Asks for a tick that has to be there; its job.
async fn take(stage: &Stage, at: Timestamp) -> JobId {
    let recurring = stage.store().recurring().expect("the case has asked for the power");
    let job = stage.job();
    let id = job.id;
    assert_eq!(ask(recurring, at, Some(job)).await, Ticked::Enqueued(Enqueued::New(id)), "the tick is to be had");
    id
}

/// A stage whose task `a` was declared a minute ago, at the tick that has just come.
async fn at_a_tick(stage: &Stage) -> Option<(&dyn Recurring, Timestamp)> {
    let recurring = stage.store().recurring()?;
    declare(recurring, &[task("a")]).await;
    stage.advance(secs(60));
    Some((recurring, stage.now()))
}

/// A tick that is taken stores its job, and is noted with it. Cancel safe.
pub async fn a_tick_stores_its_job(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let mut job = stage.job_with(|job| "nightly".clone_into(&mut job.queue));
    job.meta = Some(r#"{"tags":["x"]}"#.to_owned());
    let id = job.id;
    assert_eq!(ask(recurring, at, Some(job)).await, Ticked::Enqueued(Enqueued::New(id)));
    let record = known(recurring, "a").await;
    assert_eq!((record.after, record.last_tick, record.last_job), (at, Some(at), Some(id)));
    let execution = stage.claim_one().await;
    assert_eq!((execution.id(), execution.queue.as_str()), (id, "nightly"));
    assert_eq!(execution.meta.as_deref(), Some(r#"{"tags":["x"]}"#), "it is stored as any other job");
}

/// A tick that was taken is not given to another job. Cancel safe.
pub async fn a_tick_is_given_once(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let first = take(&stage, at).await;
    stage.advance(secs(1));
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Taken);
    assert_eq!(ids(&stage.claim(10).await), [first], "no job came of asking again");
    assert_eq!(known(recurring, "a").await.last_job, Some(first));
}

/// The same question asked twice, as after an answer that was lost, stores nothing twice. Cancel safe.
pub async fn a_repeated_tick_stores_nothing_twice(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let asked = tick(at, Some(stage.job()));
    let first = recurring.tick(&asked).await.expect("the store gives ticks away");
    assert!(matches!(first, Ticked::Enqueued(Enqueued::New(_))), "{first:?}");
    assert_eq!(recurring.tick(&asked).await.expect("the store gives ticks away"), Ticked::Taken);
    assert_eq!(stage.claim(10).await.len(), 1);
}

/// The next tick is another one. Cancel safe.
pub async fn the_next_tick_is_another_one(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let mut taken = vec![take(&stage, at).await];
    for _ in 0..3 {
        stage.advance(secs(60));
        taken.push(take(&stage, stage.now()).await);
    }
    assert_eq!(ids(&stage.claim(10).await), taken);
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Taken, "an old one stays taken");
}

/// Several ticks that are late are taken in their order. Cancel safe.
pub async fn late_ticks_are_taken_in_their_order(stage: Stage) {
    let Some((_, at)) = at_a_tick(&stage).await else { return };
    stage.advance(secs(120));
    let taken = [take(&stage, at).await, take(&stage, at.after(secs(60))).await, take(&stage, stage.now()).await];
    assert_eq!(ids(&stage.claim(10).await), taken);
}

/// A tick that is still to come by the store's clock is refused, however late it is elsewhere. Cancel safe.
pub async fn a_tick_to_come_is_refused(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let to_come = at.after(Duration::from_micros(1));
    assert_eq!(ask(recurring, to_come, Some(stage.job())).await, Ticked::Early);
    assert!(stage.claim(10).await.is_empty(), "nothing is stored");
    stage.advance(Duration::from_micros(1));
    take(&stage, to_come).await;
}

/// A tick from before the task was declared is none of it. Cancel safe.
pub async fn a_tick_before_the_declaration_is_none(stage: Stage) {
    let Some(recurring) = stage.store().recurring() else { return };
    declare(recurring, &[task("a")]).await;
    for at in [stage.now(), stage.now().before(secs(60))] {
        assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Taken);
    }
    assert!(stage.claim(10).await.is_empty(), "nothing is stored");
}

/// A task that was never declared, or is forgotten, has no ticks. Cancel safe.
pub async fn a_task_that_is_not_known_has_no_ticks(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    assert!(recurring.forget_task("a").await.expect("the store forgets a task"), "it was there");
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Unknown);
    assert!(stage.claim(10).await.is_empty(), "nothing is stored");
}

/// Ticks that are left out are gone, and the last tick that was taken is still told. Cancel safe.
pub async fn ticks_that_are_left_out_are_gone(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let taken = take(&stage, at).await;
    stage.advance(secs(180));
    let until = stage.now().before(secs(60));
    assert_eq!(ask(recurring, until, None).await, Ticked::Skipped);
    assert_eq!(ask(recurring, until, None).await, Ticked::Taken, "they are left out once");
    assert_eq!(ask(recurring, at.after(secs(60)), Some(stage.job())).await, Ticked::Taken);
    let record = known(recurring, "a").await;
    assert_eq!((record.after, record.last_tick, record.last_job), (until, Some(at), Some(taken)));
    take(&stage, stage.now()).await;
}

/// A paused task has no ticks, and none is made up for after the pause. Cancel safe.
pub async fn a_paused_task_has_no_ticks(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    assert!(recurring.pause_task("a").await.expect("the store pauses a task"), "it was not paused");
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Paused);
    assert_eq!(ask(recurring, at, None).await, Ticked::Paused);
    assert!(known(recurring, "a").await.paused);
    stage.advance(secs(60));
    assert!(recurring.resume_task("a").await.expect("the store resumes a task"), "it was paused");
    for missed in [at, stage.now()] {
        assert_eq!(ask(recurring, missed, Some(stage.job())).await, Ticked::Taken, "a pause is not made up for");
    }
    stage.advance(secs(60));
    let id = take(&stage, stage.now()).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "it goes on with the next one");
}

/// A pause, and its end, say whether they changed anything. Cancel safe.
pub async fn a_pause_of_a_task_says_whether_it_changed_anything(stage: Stage) {
    let Some((recurring, _)) = at_a_tick(&stage).await else { return };
    let pause = async |key| recurring.pause_task(key).await.expect("the store pauses a task");
    let resume = async |key| recurring.resume_task(key).await.expect("the store resumes a task");
    assert!(!resume("a").await, "there is no pause to end");
    let before = known(recurring, "a").await;
    assert!(pause("a").await, "it was not paused before");
    assert!(!pause("a").await, "it was paused before");
    assert!(resume("a").await, "there was a pause");
    assert!(!resume("a").await, "it is over");
    assert!(!pause("b").await && !resume("b").await, "there is no such task");
    assert_eq!(agenda(recurring).await.tasks.len(), 1, "nor does it come to be");
    assert!(before.after < known(recurring, "a").await.after, "only a pause that was moves the ticks");
}

/// A job that is a duplicate is not stored, and its tick is taken all the same. Cancel safe.
pub async fn a_tick_whose_job_is_a_duplicate_is_taken(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let of = stage.put_unique(DONE).await;
    let asked = tick(at, Some(stage.unique(DONE, "a")));
    let answer = recurring.tick(&asked).await.expect("the store gives ticks away");
    assert_eq!(answer, Ticked::Enqueued(Enqueued::Duplicate { of }));
    assert_eq!(known(recurring, "a").await.last_job, Some(of), "the job that is there stands for it");
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Taken);
    assert_eq!(ids(&stage.claim(10).await), [of]);
}

/// A job that is stored already is left as it is. Cancel safe.
pub async fn a_tick_whose_job_is_stored_already_leaves_it(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    let job = stage.job();
    let id = stage.put(job.clone()).await;
    assert_eq!(ask(recurring, at, Some(job)).await, Ticked::Enqueued(Enqueued::New(id)));
    assert_eq!(ids(&stage.claim(10).await), [id]);
}

/// Tasks do not stand in each other's way. Cancel safe.
pub async fn each_task_has_its_own_ticks(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    declare(recurring, &[task("b")]).await;
    stage.advance(secs(60));
    let first = take(&stage, stage.now()).await;
    let mut other = tick(stage.now(), Some(stage.job()));
    "b".clone_into(&mut other.key);
    let answer = recurring.tick(&other).await.expect("the store gives ticks away");
    assert!(matches!(answer, Ticked::Enqueued(Enqueued::New(_))), "{answer:?}");
    other.at = at;
    assert_eq!(recurring.tick(&other).await.expect("the store gives ticks away"), Ticked::Taken);
    assert_eq!(known(recurring, "a").await.last_job, Some(first));
}

/// A clock that is set back gives no tick away twice. Cancel safe.
pub async fn a_clock_set_back_gives_no_tick_twice(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    take(&stage, at).await;
    stage.set_back(secs(30));
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Early);
    stage.advance(secs(31));
    assert_eq!(ask(recurring, at, Some(stage.job())).await, Ticked::Taken);
}

/// After a clock that was far ahead is set right, ticks go on. Cancel safe.
pub async fn a_clock_that_was_far_ahead_stops_nothing(stage: Stage) {
    let Some((recurring, at)) = at_a_tick(&stage).await else { return };
    stage.advance(secs(10 * 365 * 86_400));
    take(&stage, stage.now()).await;
    stage.set_back(secs(10 * 365 * 86_400 - 60));
    take(&stage, at.after(secs(60))).await;
    assert_eq!(ask(recurring, at.after(secs(60)), Some(stage.job())).await, Ticked::Taken, "as ever, once");
}

/// A tick that is dropped is taken with its job or not at all, and can be asked for again. Cancel safe.
pub async fn a_dropped_tick_is_taken_with_its_job_or_not_at_all(stage: Stage) {
    let Some((recurring, _)) = at_a_tick(&stage).await else { return };
    for polls in POLLS {
        stage.advance(secs(60));
        let asked = tick(stage.now(), Some(stage.job()));
        let _answer = drop_after(polls, recurring.tick(&asked));
        let _again = recurring.tick(&asked).await.expect("the store gives ticks away");
        assert_eq!(stage.claim(10).await.len(), 1, "the tick has one job, dropped after {polls} polls");
    }
}

/// Schedulers that race for the same ticks take each of them once, with its job. Cancel safe.
pub async fn racing_schedulers_take_each_tick_once(stage: Stage) {
    let Some((recurring, _)) = at_a_tick(&stage).await else { return };
    for seed in SEEDS {
        let first = known(recurring, "a").await.after;
        stage.advance(secs(600));
        let ticks: Vec<_> = (1..=10).map(|number| first.after(secs(60 * number))).collect();
        let raced = ticks.clone();
        let taken = race(&stage, seed, move |runner| {
            let ticks = raced.clone();
            async move {
                let recurring = runner.store.recurring().expect("both handles have the power");
                let mut taken = Vec::new();
                for at in ticks {
                    match ask(recurring, at, Some(runner.job())).await {
                        Ticked::Enqueued(Enqueued::New(id)) => taken.push((at, id)),
                        other => assert_eq!(other, Ticked::Taken, "it was another's (seed {seed})"),
                    }
                }
                taken
            }
        });
        let mut taken = taken.await.concat();
        taken.sort_unstable();
        assert_eq!(taken.iter().map(|(at, _)| *at).collect::<Vec<_>>(), ticks, "each tick once (seed {seed})");
        let mut expected: Vec<_> = taken.into_iter().map(|(_, id)| id).collect();
        let mut stored = ids(&stage.claim(100).await);
        expected.sort_unstable();
        stored.sort_unstable();
        assert_eq!(stored, expected, "and each job (seed {seed})");
    }
}

/// A pause that races schedulers lets a tick through as a whole or not at all. Cancel safe.
pub async fn a_pause_racing_schedulers_loses_no_job(stage: Stage) {
    let Some((recurring, _)) = at_a_tick(&stage).await else { return };
    for seed in SEEDS {
        stage.advance(secs(60));
        let at = stage.now();
        let taken = race(&stage, seed, move |runner| async move {
            let recurring = runner.store.recurring().expect("both handles have the power");
            if runner.pick(4) == 0 {
                let _changed = recurring.pause_task("a").await.expect("the store pauses a task");
            }
            matches!(ask(recurring, at, Some(runner.job())).await, Ticked::Enqueued(Enqueued::New(_)))
        });
        let taken = taken.await.into_iter().filter(|taken| *taken).count();
        assert!(taken <= 1, "it is taken once at most (seed {seed})");
        assert_eq!(stage.claim(100).await.len(), taken, "with its job (seed {seed})");
        assert_eq!(known(recurring, "a").await.last_tick == Some(at), taken == 1, "and noted so (seed {seed})");
        let _resumed = recurring.resume_task("a").await.expect("the store resumes a task");
    }
}

/// What came of ticks is in the list of jobs, as any other job. Cancel safe.
pub async fn the_job_of_a_tick_is_listed(stage: Stage) {
    let Some((_, at)) = at_a_tick(&stage).await else { return };
    let id = take(&stage, at).await;
    if let Some(listed) = stage.list(&Filter::default()).await {
        assert_eq!(listed.iter().map(|record| record.id).collect::<Vec<_>>(), [id]);
    }
}
