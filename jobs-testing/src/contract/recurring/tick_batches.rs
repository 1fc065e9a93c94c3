//! Ticks of several tasks that are requested together. A store without `Recurring` skips these cases.

use std::collections::BTreeMap;

use jobs_core::{Enqueued, JobId, NewJob, Recurring, Tick, TickOutcome, Timestamp};

use crate::contract::Fixture;
use crate::contract::concurrency::runner::{SEEDS, race};
use crate::contract::fixture::{ids, secs};
use crate::contract::recurring_tasks::{agenda, declare, known, task};
use crate::contract::unique_keys::keys::DONE;

async fn request(recurring: &dyn Recurring, ticks: &[Tick]) -> Vec<TickOutcome> {
    let answers = recurring.ticks(ticks).await.expect("the store takes ticks");
    assert_eq!(answers.len(), ticks.len(), "each tick is answered");
    answers
}

/// A fixture whose tasks of these keys were declared a minute ago, at the tick that has just come.
async fn at_a_tick<'f>(fixture: &'f Fixture, keys: &[&str]) -> Option<(&'f dyn Recurring, Timestamp)> {
    let recurring = fixture.store().recurring()?;
    let tasks: Vec<_> = keys.iter().map(|key| task(key)).collect();
    declare(recurring, &tasks).await;
    fixture.advance(secs(60));
    Some((recurring, fixture.now()))
}

fn new(job: &NewJob) -> TickOutcome {
    TickOutcome::Enqueued(Enqueued::New(job.id))
}

/// Each tick is taken with its own job, and the answers are in the order of the requests.
pub async fn ticks_of_many_tasks_are_taken_together(fixture: Fixture) {
    let keys: Vec<String> = (0..300).map(|number| format!("task {}", (number * 7) % 300)).collect();
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let Some((recurring, at)) = at_a_tick(&fixture, &keys).await else { return };
    let jobs: Vec<NewJob> = keys.iter().map(|_| fixture.job()).collect();
    let ticks: Vec<_> = keys.iter().zip(&jobs).map(|(key, job)| Tick::new(*key, at, Some(job.clone()))).collect();
    assert_eq!(request(recurring, &ticks).await, jobs.iter().map(new).collect::<Vec<_>>());
    let stored = agenda(recurring).await;
    for (key, job) in keys.iter().zip(&jobs) {
        let record = stored.find(key).expect("the task is listed");
        assert_eq!((record.after, record.last_tick, record.last_job), (at, Some(at), Some(job.id)), "{key}");
    }
    assert_eq!(fixture.claim(400).await.len(), 300, "each job once");
    assert!(request(recurring, &ticks).await.iter().all(|answer| *answer == TickOutcome::Taken), "once");
    assert!(fixture.claim(400).await.is_empty());
}

/// A tick that is refused, by its task or its time, changes nothing for the others of the request.
pub async fn a_refused_tick_holds_up_no_other_of_its_request(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture, &["a", "b", "c", "d", "e"]).await else { return };
    assert!(recurring.pause_task("b").await.expect("the store pauses a task"), "it was not paused");
    let [first, last] = [fixture.job(), fixture.job()];
    let ticks = [
        Tick::new("a", at, Some(first.clone())),
        Tick::new("b", at, Some(fixture.job())),
        Tick::new("never declared", at, Some(fixture.job())),
        Tick::new("c", at + secs(60), Some(fixture.job())),
        Tick::new("d", at, None),
        Tick::new("e", at, Some(last.clone())),
    ];
    let expected =
        [new(&first), TickOutcome::Paused, TickOutcome::Unknown, TickOutcome::Early, TickOutcome::Skipped, new(&last)];
    assert_eq!(request(recurring, &ticks).await, expected);
    assert_eq!(ids(&fixture.claim(10).await), [first.id, last.id]);
    assert_eq!(known(recurring, "d").await.after, at, "left out");
    assert_eq!(agenda(recurring).await.tasks.len(), 5, "no task comes to be");
}

/// Several ticks of one task are decided in the order of the request, as if they had been requested one by one.
pub async fn ticks_of_one_task_are_taken_in_the_order_of_the_request(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture, &["a"]).await else { return };
    fixture.advance(secs(120));
    let [first, last] = [fixture.job(), fixture.job()];
    let ticks = [
        Tick::new("a", at, Some(first.clone())),
        Tick::new("a", at, Some(fixture.job())),
        Tick::new("a", at + secs(120), Some(last.clone())),
        Tick::new("a", at + secs(60), Some(fixture.job())),
    ];
    let expected = [new(&first), TickOutcome::Taken, new(&last), TickOutcome::Taken];
    assert_eq!(request(recurring, &ticks).await, expected);
    assert_eq!(ids(&fixture.claim(10).await), [first.id, last.id]);
    let record = known(recurring, "a").await;
    assert_eq!((record.after, record.last_job), (at + secs(120), Some(last.id)));
}

/// If one job cannot be stored, no tick of the request is taken, and all can be requested again without it.
pub async fn a_request_with_a_job_that_is_refused_takes_no_tick(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture, &["a", "b"]).await else { return };
    let before = agenda(recurring).await;
    let job = fixture.job();
    let refused = fixture.job_with(|job| job.name.clear());
    let good = Tick::new("a", at, Some(job.clone()));
    let error = recurring.ticks(&[good.clone(), Tick::new("b", at, Some(refused))]).await.expect_err("it has no name");
    assert!(!error.is_transient(), "it is refused for good: {error}");
    assert_eq!(agenda(recurring).await, before, "no tick is taken");
    assert!(fixture.claim(10).await.is_empty(), "no job is stored");
    assert_eq!(request(recurring, &[good]).await, [new(&job)]);
}

/// A unique key that is held makes the job of its tick a duplicate, also if it is held by a job of the same request.
pub async fn jobs_of_ticks_are_duplicates_within_their_request(fixture: Fixture) {
    let Some((recurring, at)) = at_a_tick(&fixture, &["a", "b", "c"]).await else { return };
    let [first, second] = [fixture.unique(DONE, "same"), fixture.unique(DONE, "same")];
    let plain = fixture.job();
    let ticks = [
        Tick::new("a", at, Some(first.clone())),
        Tick::new("b", at, Some(plain.clone())),
        Tick::new("c", at, Some(second)),
    ];
    let duplicate = TickOutcome::Enqueued(Enqueued::Duplicate { of: first.id });
    assert_eq!(request(recurring, &ticks).await, [new(&first), new(&plain), duplicate]);
    assert_eq!(known(recurring, "c").await.last_job, Some(first.id), "the job that is there stands for it");
    assert_eq!(ids(&fixture.claim(10).await), [first.id, plain.id]);
}

/// A request without ticks changes nothing.
pub async fn a_request_without_ticks_is_answered(fixture: Fixture) {
    let Some((recurring, _)) = at_a_tick(&fixture, &["a"]).await else { return };
    let before = agenda(recurring).await;
    assert_eq!(request(recurring, &[]).await, []);
    assert_eq!(agenda(recurring).await, before);
}

/// Schedulers that request the ticks of many tasks together, each in an order of its own, take each of them once.
pub async fn racing_requests_of_many_ticks_take_each_once(fixture: Fixture) {
    let keys: Vec<String> = (0..20).map(|number| format!("task {number}")).collect();
    let texts: Vec<&str> = keys.iter().map(String::as_str).collect();
    let Some((recurring, _)) = at_a_tick(&fixture, &texts).await else { return };
    for seed in SEEDS {
        fixture.advance(secs(60));
        let (at, raced) = (fixture.now(), keys.clone());
        let taken = race(&fixture, seed, move |runner| {
            let keys = runner.shuffled(&raced);
            async move {
                let recurring = runner.store.recurring().expect("both handles keep recurring tasks");
                let mut taken: Vec<(String, JobId)> = Vec::new();
                for part in keys.chunks(runner.some(10)) {
                    let ticks: Vec<_> = part.iter().map(|key| Tick::new(key, at, Some(runner.job()))).collect();
                    for (key, answer) in part.iter().zip(request(recurring, &ticks).await) {
                        match answer {
                            TickOutcome::Enqueued(Enqueued::New(id)) => taken.push((key.clone(), id)),
                            other => assert_eq!(other, TickOutcome::Taken, "it was another's (seed {seed})"),
                        }
                    }
                }
                taken
            }
        });
        let taken = taken.await.concat();
        let by_key: BTreeMap<_, _> = taken.iter().cloned().collect();
        assert_eq!((taken.len(), by_key.len()), (20, 20), "each tick once (seed {seed})");
        let stored = agenda(recurring).await;
        for (key, id) in by_key {
            assert_eq!(stored.find(&key).and_then(|record| record.last_job), Some(id), "{key} (seed {seed})");
        }
        assert_eq!(fixture.claim(100).await.len(), 20, "and each job (seed {seed})");
    }
}
