//! The figures of a store, and what it keeps count of.

use jobs_core::{Decision, JobStats, LateTick, State, Tick, Totals};

use crate::contract::Fixture;
use crate::contract::fixture::states::JobsInAllStates;
use crate::contract::fixture::{FINISH, KEEP, ONE, SILENCE, fail, failure, retry_in, secs};
use crate::contract::recurring_tasks::{declare, task};

async fn stats(fixture: &Fixture) -> Option<JobStats> {
    Some(fixture.inspect()?.stats().await.expect("the store gives figures"))
}

/// What the store has counted; `None` if it does not keep count.
async fn totals(fixture: &Fixture) -> Option<Totals> {
    stats(fixture).await?.totals
}

/// Runs `work`; what was counted meanwhile is what was expected, or a little more of what may be.
async fn counts(fixture: &Fixture, work: impl AsyncFnOnce(), expected: impl Fn(&mut Totals), promise: &str) {
    let before = totals(fixture).await;
    work().await;
    let Some((before, after)) = before.zip(totals(fixture).await) else { return };
    let mut wanted = before;
    expected(&mut wanted);
    assert_eq!(after, wanted, "{promise}");
}

/// The statistics are the same as the answers of the single queries.
pub async fn statistics_match_the_single_queries(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    JobsInAllStates::new(&fixture).await;
    fixture.put_into("mail").await;
    let _pulse = fixture.beat(ONE).await;
    if let Some(manage) = fixture.manage() {
        manage.pause("mail").await.expect("the store pauses");
    }
    fixture.advance(secs(7));
    let stats = inspect.stats().await.expect("the store gives figures");
    assert_eq!(stats.counts, inspect.counts().await.expect("the store counts"), "jobs of each state");
    assert_eq!(stats.queues, inspect.queues().await.expect("the store shows queues"), "queues");
    assert_eq!(stats.processes, inspect.processes().await.expect("the store shows processes"), "processes");
    assert_eq!((stats.latency(), stats.counts.of(State::Ready)), (secs(7), 2), "and what follows from them");
    // A store that uses the default of `stats` reports the time of the machine.
    let living = stats.totals.map(|_| stats.living(SILENCE).count());
    assert!(living.is_none_or(|living| living == 1), "one process lives");
}

/// The statistics carry the time of the store's clock.
pub async fn statistics_show_the_time_of_the_store(fixture: Fixture) {
    let Some(stats) = stats(&fixture).await.filter(|stats| stats.totals.is_some()) else { return };
    assert_eq!(stats.at, fixture.now(), "by the store's clock");
}

/// A scheduled job that is due shows for how long it has been, until a dispatch makes it ready.
pub async fn a_due_job_is_shown_as_late_until_it_is_dispatched(fixture: Fixture) {
    fixture.put_later(secs(60)).await;
    fixture.put_later(secs(90)).await;
    let late = async || Some(stats(&fixture).await.filter(|stats| stats.totals.is_some())?.dispatch_latency);
    assert!(late().await.is_none_or(|late| late.is_zero()), "no job is due");
    fixture.advance(secs(100));
    assert!(late().await.is_none_or(|late| late == secs(40)), "the job that was due first counts");
    assert_eq!(fixture.dispatch(1).await.ready, 1, "one is dispatched");
    assert!(late().await.is_none_or(|late| late == secs(10)), "the other one is late");
    assert_eq!(fixture.dispatch(9).await.ready, 1, "the other one too");
    assert!(late().await.is_none_or(|late| late.is_zero()), "no job is late");
}

/// A tick that is due shows for how long it has been, until it is taken.
pub async fn a_due_tick_is_shown_as_late_until_it_is_taken(fixture: Fixture) {
    let Some(recurring) = fixture.store().recurring() else { return };
    declare(recurring, &[task("a")]).await;
    let late = async || stats(&fixture).await.filter(|stats| stats.totals.is_some()).map(|stats| stats.late_tick);
    assert!(late().await.is_none_or(|late| late.is_none()), "no tick is due");
    let at = fixture.now() + secs(60);
    fixture.advance(secs(100));
    let is_late = |tick: &LateTick| tick.key == "a" && tick.late == secs(40);
    assert!(late().await.is_none_or(|late| late.is_some_and(|tick| is_late(&tick))), "its time and its task are shown");
    let tick = Tick::new("a".to_owned(), at, None);
    let _left_out = recurring.tick(&tick).await.expect("the store takes ticks");
    assert!(late().await.is_none_or(|late| late.is_none()), "the tick is over");
}

/// Nothing has happened in a new store.
pub async fn totals_begin_at_zero(fixture: Fixture) {
    assert!(totals(&fixture).await.is_none_or(|totals| totals == Totals::default()), "nothing was counted");
}

/// A job is enqueued once, however often it is tried.
pub async fn each_job_is_counted_once_as_enqueued(fixture: Fixture) {
    let work = async || {
        let _stored = fixture.enqueue(&fixture.jobs(20)).await;
        fixture.put_later(secs(60)).await;
        for execution in fixture.claim(3).await {
            fixture.applied(execution, Decision::Release).await;
        }
    };
    counts(&fixture, work, |totals| totals.enqueued += 21, "as many as were stored").await;
}

/// A discarded job that is made ready again is no new job. It is discarded again, and counts as often.
pub async fn a_discarded_job_that_is_retried_was_enqueued_once(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let jobs = [fixture.put_one().await, fixture.put_one().await];
    let work = async || {
        for _ in 0..2 {
            manage.discard(&jobs).await.expect("the store discards");
            manage.retry(&jobs[..1]).await.expect("the store retries");
        }
    };
    counts(&fixture, work, |totals| totals.discarded += 3, "no job is new").await;
    let finish = async || {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, FINISH).await;
    };
    counts(&fixture, finish, |totals| totals.finished += 1, "nor when it is finished").await;
}

/// A finished job counts, kept or not.
pub async fn finished_jobs_are_counted_whether_kept_or_not(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(6)).await;
    let work = async || {
        for (n, execution) in fixture.claim(5).await.into_iter().enumerate() {
            fixture.applied(execution, if n < 3 { KEEP } else { FINISH }).await;
        }
    };
    counts(&fixture, work, |totals| totals.finished += 5, "five were finished").await;
    let work = async || {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, retry_in(secs(0))).await;
        fixture.dispatch(10).await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, FINISH).await;
    };
    let expected = |totals: &mut Totals| (totals.finished, totals.errors) = (totals.finished + 1, totals.errors + 1);
    counts(&fixture, work, expected, "after an error too").await;
}

/// A discarded job is counted, whether a rule or a manual change discarded it.
pub async fn jobs_discarded_by_rules_and_manually_are_counted(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(2)).await;
    let work = async || {
        for execution in fixture.claim(2).await {
            fixture.applied(execution, Decision::Discard { error: None }).await;
        }
    };
    counts(&fixture, work, |totals| totals.discarded += 2, "two by a rule").await;
    let Some(manage) = fixture.manage() else { return };
    let jobs = [fixture.put_one().await, fixture.put_later(secs(60)).await];
    let work = async || {
        manage.discard(&jobs).await.expect("the store discards");
        manage.discard(&jobs).await.expect("the store discards");
    };
    counts(&fixture, work, |totals| totals.discarded += 2, "and two manually, once each").await;
}

/// Each error that is noted counts, also that of a process that died.
pub async fn each_recorded_error_is_counted(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(4)).await;
    let _pulse = fixture.beat(ONE).await;
    let work = async || {
        let discard = Decision::Discard { error: Some(failure("not wanted")) };
        for (execution, decision) in fixture.claim(3).await.into_iter().zip([fail(), retry_in(secs(600)), discard]) {
            fixture.applied(execution, decision).await;
        }
        fixture.claim_as(ONE, 1).await;
        fixture.advance(SILENCE + secs(1));
        fixture.recover().await;
    };
    let expected = |totals: &mut Totals| (totals.errors, totals.discarded) = (totals.errors + 4, totals.discarded + 1);
    counts(&fixture, work, expected, "four attempts ended in an error").await;
}

/// Totals include pruned jobs.
pub async fn totals_include_pruned_jobs(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    JobsInAllStates::new(&fixture).await;
    fixture.advance(secs(600));
    let work = async || {
        assert_eq!(manage.prune(secs(60), 100).await.expect("the store prunes"), 2, "what is done is forgotten");
    };
    counts(&fixture, work, |_| {}, "nothing is counted back").await;
}
