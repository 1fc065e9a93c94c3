//! The ticks of recurring tasks, each of which is taken once. A store without `Recurring` skips these cases.

use std::time::Duration;

use jobs_core::{Enqueued, Filter, JobId, NewJob, Recurring, Tick, TickOutcome, Timestamp};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{SEEDS, race};
use crate::contract::dropped_calls::{POLLS, drop_after};
use crate::contract::fixture::{ids, secs};
use crate::contract::recurring_tasks::{agenda, declare, known, task};
use crate::contract::unique_keys::keys::DONE;

fn tick(at: Timestamp, job: Option<NewJob>) -> Tick {
    Tick::new("a".to_owned(), at, job)
}

async fn ask(recurring: &dyn Recurring, at: Timestamp, job: Option<NewJob>) -> TickOutcome {
    recurring.tick(&tick(at, job)).await.expect("the store takes ticks")
}

/// Asks for a tick that has to be there; its job.
async fn take(fixture: &Fixture, at: Timestamp) -> JobId {
    let recurring = fixture.store().recurring().expect("the case has checked for the capability");
    let job = fixture.job();
    let id = job.id;
    assert_eq!(ask(recurring, at, Some(job)).await, TickOutcome::Enqueued(Enqueued::New(id)), "the tick is to be had");
    id
}

/// A fixture whose task `a` was declared a minute ago, at the tick that has just come.
async fn at_a_tick(fixture: &Fixture) -> Option<(&dyn Recurring, Timestamp)> {
    let recurring = fixture.store().recurring()?;
    declare(recurring, &[task("a")]).await;
    fixture.advance(secs(60));
    Some((recurring, fixture.now()))
}

/// A tick that is taken stores its job, and is noted with it.
pub async fn a_tick_stores_its_job(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let mut job = fixture.job_with(|job| "nightly".clone_into(&mut job.queue));
    job.meta = Some(r#"{"tags":["x"]}"#.to_owned());
    let id = job.id;
    assert_eq!(ask(recurring, at, Some(job)).await, TickOutcome::Enqueued(Enqueued::New(id)));
    let record = known(recurring, "a").await;
    assert_eq!((record.after, record.last_tick, record.last_job), (at, Some(at), Some(id)));
    let execution = fixture.claim_one().await;
    assert_eq!((execution.id(), execution.queue.as_str()), (id, "nightly"));
    assert_eq!(execution.meta.as_deref(), Some(r#"{"tags":["x"]}"#), "it is stored as any other job");
}

/// A tick that was taken is not given to another job.
pub async fn a_tick_is_taken_once(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let first = take(&fixture, at).await;
    fixture.advance(secs(1));
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Taken);
    assert_eq!(ids(&fixture.claim(10).await), [first], "no job came of asking again");
    assert_eq!(known(recurring, "a").await.last_job, Some(first));
}

/// The same tick taken twice, as after a lost answer, stores nothing twice.
pub async fn a_repeated_tick_stores_nothing_twice(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let asked = tick(at, Some(fixture.job()));
    let first = recurring.tick(&asked).await.expect("the store takes ticks");
    assert!(matches!(first, TickOutcome::Enqueued(Enqueued::New(_))), "{first:?}");
    assert_eq!(recurring.tick(&asked).await.expect("the store takes ticks"), TickOutcome::Taken);
    assert_eq!(fixture.claim(10).await.len(), 1);
}

/// The next tick is another one.
pub async fn the_next_tick_is_a_new_tick(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let mut taken = vec![take(&fixture, at).await];
    for _ in 0..3 {
        fixture.advance(secs(60));
        taken.push(take(&fixture, fixture.now()).await);
    }
    assert_eq!(ids(&fixture.claim(10).await), taken);
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Taken, "an old one stays taken");
}

/// Several ticks that are late are taken in their order.
pub async fn late_ticks_are_taken_in_their_order(fixture: Fixture) {
    let Some((_, at)) = at_a_tick(&fixture).await else { return };
    fixture.advance(secs(120));
    let taken = [take(&fixture, at).await, take(&fixture, at + secs(60)).await, take(&fixture, fixture.now()).await];
    assert_eq!(ids(&fixture.claim(10).await), taken);
}

/// A tick that is still to come by the store's clock is refused, however late it is elsewhere.
pub async fn a_future_tick_is_refused(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let to_come = at + Duration::from_micros(1);
    assert_eq!(ask(recurring, to_come, Some(fixture.job())).await, TickOutcome::Early);
    assert!(fixture.claim(10).await.is_empty(), "nothing is stored");
    fixture.advance(Duration::from_micros(1));
    take(&fixture, to_come).await;
}

/// A tick from before the task was declared is none of it.
pub async fn a_tick_before_the_declaration_is_refused(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &[task("a")]).await;
    for at in [fixture.now(), fixture.now() - secs(60)] {
        assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Taken);
    }
    assert!(fixture.claim(10).await.is_empty(), "nothing is stored");
}

/// A task that was never declared, or is forgotten, has no ticks.
pub async fn an_unknown_task_has_no_ticks(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    assert!(recurring.forget_task("a").await.expect("the store forgets a task"), "it was there");
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Unknown);
    assert!(fixture.claim(10).await.is_empty(), "nothing is stored");
}

/// Skipped ticks are gone, and the last tick that was taken is still shown.
pub async fn skipped_ticks_are_gone(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let taken = take(&fixture, at).await;
    fixture.advance(secs(180));
    let until = fixture.now() - secs(60);
    assert_eq!(ask(recurring, until, None).await, TickOutcome::Skipped);
    assert_eq!(ask(recurring, until, None).await, TickOutcome::Taken, "they are left out once");
    assert_eq!(ask(recurring, at + secs(60), Some(fixture.job())).await, TickOutcome::Taken);
    let record = known(recurring, "a").await;
    assert_eq!((record.after, record.last_tick, record.last_job), (until, Some(at), Some(taken)));
    take(&fixture, fixture.now()).await;
}

/// A paused task has no ticks, and none is made up for after the pause.
pub async fn a_paused_task_has_no_ticks(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    assert!(recurring.pause_task("a").await.expect("the store pauses a task"), "it was not paused");
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Paused);
    assert_eq!(ask(recurring, at, None).await, TickOutcome::Paused);
    assert!(known(recurring, "a").await.paused);
    fixture.advance(secs(60));
    assert!(recurring.resume_task("a").await.expect("the store resumes a task"), "it was paused");
    for missed in [at, fixture.now()] {
        assert_eq!(ask(recurring, missed, Some(fixture.job())).await, TickOutcome::Taken, "a pause is not made up for");
    }
    fixture.advance(secs(60));
    let id = take(&fixture, fixture.now()).await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "it goes on with the next one");
}

/// A pause, and its end, say whether they changed anything.
pub async fn a_pause_of_a_task_says_whether_it_changed_anything(fixture: Fixture) {
    let Some((recurring, _)) = at_a_tick(&fixture).await else { return };
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

/// A job that is a duplicate is not stored, and its tick is taken all the same.
pub async fn a_tick_whose_job_is_a_duplicate_is_taken(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let of = fixture.put_unique(DONE).await;
    let asked = tick(at, Some(fixture.unique(DONE, "a")));
    let answer = recurring.tick(&asked).await.expect("the store takes ticks");
    assert_eq!(answer, TickOutcome::Enqueued(Enqueued::Duplicate { of }));
    assert_eq!(known(recurring, "a").await.last_job, Some(of), "the job that is there stands for it");
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Taken);
    assert_eq!(ids(&fixture.claim(10).await), [of]);
}

/// A job that is stored already is left as it is.
pub async fn a_tick_leaves_a_job_that_is_already_stored(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    let job = fixture.job();
    let id = fixture.put(job.clone()).await;
    assert_eq!(ask(recurring, at, Some(job)).await, TickOutcome::Enqueued(Enqueued::New(id)));
    assert_eq!(ids(&fixture.claim(10).await), [id]);
}

/// Tasks do not stand in each other's way.
pub async fn each_task_has_its_own_ticks(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    declare(recurring, &[task("b")]).await;
    fixture.advance(secs(60));
    let first = take(&fixture, fixture.now()).await;
    let mut other = tick(fixture.now(), Some(fixture.job()));
    "b".clone_into(&mut other.key);
    let answer = recurring.tick(&other).await.expect("the store takes ticks");
    assert!(matches!(answer, TickOutcome::Enqueued(Enqueued::New(_))), "{answer:?}");
    other.at = at;
    assert_eq!(recurring.tick(&other).await.expect("the store takes ticks"), TickOutcome::Taken);
    assert_eq!(known(recurring, "a").await.last_job, Some(first));
}

/// A clock that is set back gives no tick away twice.
pub async fn a_clock_set_back_repeats_no_tick_of_a_task(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    take(&fixture, at).await;
    fixture.set_back(secs(30));
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Early);
    fixture.advance(secs(31));
    assert_eq!(ask(recurring, at, Some(fixture.job())).await, TickOutcome::Taken);
}

/// After a clock that was far ahead is set right, ticks go on.
pub async fn a_clock_that_was_far_ahead_stops_no_task(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture).await else { return };
    fixture.advance(secs(10 * 365 * 86_400));
    take(&fixture, fixture.now()).await;
    fixture.set_back(secs(10 * 365 * 86_400 - 60));
    take(&fixture, at + secs(60)).await;
    assert_eq!(ask(recurring, at + secs(60), Some(fixture.job())).await, TickOutcome::Taken, "as ever, once");
}

/// A tick that is dropped is taken with its job or not at all, and can be asked for again.
pub async fn a_dropped_tick_is_taken_with_its_job_or_not_at_all(fixture: Fixture) {
    let Some((recurring, _)) = at_a_tick(&fixture).await else { return };
    for polls in POLLS {
        fixture.advance(secs(60));
        let asked = tick(fixture.now(), Some(fixture.job()));
        let _answer = drop_after(polls, recurring.tick(&asked));
        let _again = recurring.tick(&asked).await.expect("the store takes ticks");
        assert_eq!(fixture.claim(10).await.len(), 1, "the tick has one job, dropped after {polls} polls");
    }
}

/// Schedulers that race for the same ticks take each of them once, with its job.
pub async fn racing_schedulers_take_each_tick_once(fixture: Fixture) {
    let Some((recurring, _)) = at_a_tick(&fixture).await else { return };
    for seed in SEEDS {
        let first = known(recurring, "a").await.after;
        fixture.advance(secs(600));
        let ticks: Vec<_> = (1..=10).map(|number| first + secs(60 * number)).collect();
        let raced = ticks.clone();
        let taken = race(&fixture, seed, move |runner| {
            let ticks = raced.clone();
            async move {
                let recurring = runner.store.recurring().expect("both handles keep recurring tasks");
                let mut taken = Vec::new();
                for at in ticks {
                    match ask(recurring, at, Some(runner.job())).await {
                        TickOutcome::Enqueued(Enqueued::New(id)) => taken.push((at, id)),
                        other => assert_eq!(other, TickOutcome::Taken, "it was another's (seed {seed})"),
                    }
                }
                taken
            }
        });
        let mut taken = taken.await.concat();
        taken.sort_unstable();
        assert_eq!(taken.iter().map(|(at, _)| *at).collect::<Vec<_>>(), ticks, "each tick once (seed {seed})");
        let mut expected: Vec<_> = taken.into_iter().map(|(_, id)| id).collect();
        let mut stored = ids(&fixture.claim(100).await);
        expected.sort_unstable();
        stored.sort_unstable();
        assert_eq!(stored, expected, "and each job (seed {seed})");
    }
}

/// A pause that races schedulers lets a tick through as a whole or not at all.
pub async fn a_pause_racing_schedulers_loses_no_job(fixture: Fixture) {
    let Some((recurring, _)) = at_a_tick(&fixture).await else { return };
    for seed in SEEDS {
        fixture.advance(secs(60));
        let at = fixture.now();
        let taken = race(&fixture, seed, move |runner| async move {
            let recurring = runner.store.recurring().expect("both handles keep recurring tasks");
            if runner.pick(4) == 0 {
                let _changed = recurring.pause_task("a").await.expect("the store pauses a task");
            }
            matches!(ask(recurring, at, Some(runner.job())).await, TickOutcome::Enqueued(Enqueued::New(_)))
        });
        let taken = taken.await.into_iter().filter(|taken| *taken).count();
        assert!(taken <= 1, "it is taken once at most (seed {seed})");
        assert_eq!(fixture.claim(100).await.len(), taken, "with its job (seed {seed})");
        assert_eq!(known(recurring, "a").await.last_tick == Some(at), taken == 1, "and noted so (seed {seed})");
        let _resumed = recurring.resume_task("a").await.expect("the store resumes a task");
    }
}

/// The job of a tick is listed like any other job.
pub async fn the_job_of_a_tick_is_listed(fixture: Fixture) {
    let Some((_, at)) = at_a_tick(&fixture).await else { return };
    let id = take(&fixture, at).await;
    if let Some(listed) = fixture.list(&Filter::default()).await {
        assert_eq!(listed.iter().map(|record| record.id).collect::<Vec<_>>(), [id]);
    }
}
