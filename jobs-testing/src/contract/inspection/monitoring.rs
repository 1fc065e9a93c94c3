//! Queues and processes as they stand.

use jobs_core::{Counts, Decision, Execution, Process, ProcessDetails, ProcessRecord, QueueRecord, SlowJob, State};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, KEEP, ONE, TWO, fail, retry_in, secs};
use crate::contract::inspection::find::is_or_nothing;

/// The queues that the store shows, without counts by state; `None` if it cannot be inspected.
async fn queues(fixture: &Fixture) -> Option<Vec<QueueRecord>> {
    let mut found = counted_queues(fixture).await?;
    for queue in &mut found {
        queue.counts = None;
    }
    Some(found)
}

async fn counted_queues(fixture: &Fixture) -> Option<Vec<QueueRecord>> {
    Some(fixture.inspect()?.queues().await.expect("the store shows queues"))
}

async fn processes(fixture: &Fixture) -> Option<Vec<ProcessRecord>> {
    Some(fixture.inspect()?.processes().await.expect("the store shows processes"))
}

fn queue(name: &str, ready: u64, latency: u64, paused: bool) -> QueueRecord {
    QueueRecord::new(name.to_owned(), ready, secs(latency), paused)
}

/// A queue shows how many jobs are ready and how long the first has waited.
pub async fn a_queue_shows_its_ready_jobs_and_latency(fixture: Fixture) {
    fixture.put_into("mail").await;
    fixture.advance(secs(20));
    fixture.put_into("mail").await;
    fixture.put_into("other").await;
    fixture.advance(secs(10));
    let Some(found) = queues(&fixture).await else { return };
    assert_eq!(found, [queue("mail", 2, 30, false), queue("other", 1, 10, false)], "jobs and the longest wait");
}

/// Queues stand by name.
pub async fn queues_are_sorted_by_name(fixture: Fixture) {
    for name in ["b", "a_b", "ä", "A", "a", "10", "9"] {
        fixture.put_into(name).await;
    }
    let Some(found) = queues(&fixture).await else { return };
    let names: Vec<_> = found.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["10", "9", "A", "a", "a_b", "b", "ä"], "by the bytes of the name");
}

/// A store that counts the jobs of each queue by state shows a queue also if none of its jobs is ready. A store that does
/// not shows it with no ready jobs, or not at all.
pub async fn a_queue_is_shown_with_its_jobs_by_state(fixture: Fixture) {
    let busy = jobs_in(&fixture, "busy").await;
    fixture.put_into("mail").await;
    fixture.put_later(secs(60)).await;
    let Some(found) = counted_queues(&fixture).await else { return };
    let counts = |queue: &str| found.iter().find(|record| record.name == queue).map(|record| record.counts);
    let ready = found.iter().filter(|record| record.ready > 0).map(|record| record.name.as_str());
    assert_eq!(ready.collect::<Vec<_>>(), ["busy", "mail"], "these have ready jobs");
    if counts("mail").flatten().is_none() {
        assert!(found.iter().all(|record| record.counts.is_none()), "all queues are counted, or none");
        return;
    }
    let expected = [
        ("busy", vec![State::Scheduled, State::Ready, State::Claimed, State::Failed]),
        ("default", vec![State::Scheduled]),
        ("mail", vec![State::Ready]),
    ];
    for (queue, states) in expected {
        let mut wanted = Counts::default();
        for state in states {
            wanted.add(state, 1);
        }
        assert_eq!(counts(queue), Some(Some(wanted)), "the jobs of `{queue}`, without finished and discarded ones");
    }
    assert_eq!(found.len(), 3, "no other queue is shown");
    fixture.applied(busy, KEEP).await;
    let after = counted_queues(&fixture).await.unwrap_or_default();
    let claimed: u64 = after.iter().filter_map(|record| record.counts).map(|counts| counts.of(State::Claimed)).sum();
    assert_eq!(claimed, 0, "a settled job is not counted as claimed");
}

/// One job in each state in this queue; the claimed one.
async fn jobs_in(fixture: &Fixture, queue: &str) -> Execution {
    let claimed = async || {
        fixture.put_into(queue).await;
        fixture.claim_one().await
    };
    for decision in [fail(), KEEP, Decision::Discard { error: None }, retry_in(secs(600))] {
        let execution = claimed().await;
        fixture.applied(execution, decision).await;
    }
    let execution = claimed().await;
    fixture.put_into(queue).await;
    execution
}

/// A queue whose jobs are all done is not shown.
pub async fn a_queue_with_nothing_but_done_jobs_is_not_shown(fixture: Fixture) {
    fixture.put_into("busy").await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, FINISH).await;
    for decision in [KEEP, Decision::Discard { error: None }] {
        fixture.put_into("busy").await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
    }
    assert!(queues(&fixture).await.is_none_or(|found| found.is_empty()), "finished and discarded jobs are history");
}

/// A paused queue is shown, with jobs or without.
pub async fn a_paused_queue_is_shown_even_if_it_is_empty(fixture: Fixture) {
    let (Some(manage), Some(_)) = (fixture.manage(), fixture.inspect()) else { return };
    fixture.put_into("mail").await;
    for name in ["mail", "empty"] {
        manage.pause(name).await.expect("the store pauses");
    }
    fixture.advance(secs(3));
    let expected = [queue("empty", 0, 0, true), queue("mail", 1, 3, true)];
    assert_eq!(queues(&fixture).await.as_deref(), Some(&expected[..]), "paused queues are shown as paused");
    manage.resume("empty").await.expect("the store resumes");
    assert_eq!(queues(&fixture).await.as_deref(), Some(&expected[1..]), "an empty queue is shown only while paused");
}

/// Latency counts from when a job was due, not from when it came.
pub async fn latency_counts_from_when_a_job_was_due(fixture: Fixture) {
    fixture.put_later(secs(60)).await;
    fixture.advance(secs(75));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
    let Some(found) = queues(&fixture).await else { return };
    assert_eq!(found, [queue("default", 1, 15, false)], "it was due 15 s ago");
}

/// A job that is retried waits from its new time.
pub async fn latency_of_a_retried_job_counts_from_its_retry(fixture: Fixture) {
    let execution = fixture.claimed().await;
    fixture.advance(secs(500));
    fixture.applied(execution, retry_in(secs(10))).await;
    fixture.advance(secs(12));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
    let Some(found) = queues(&fixture).await else { return };
    assert_eq!(found, [queue("default", 1, 2, false)], "it was due again 2 s ago");
}

/// After the clock was set back nothing has waited.
pub async fn latency_is_never_negative(fixture: Fixture) {
    fixture.put_one().await;
    fixture.set_back(secs(100));
    let Some(found) = queues(&fixture).await else { return };
    assert_eq!(found, [queue("default", 1, 0, false)], "it has not waited for less than no time");
}

/// A process is shown as it described itself last.
pub async fn a_process_is_shown_as_its_last_heartbeat_described_it(fixture: Fixture) {
    let started = fixture.now();
    let mut process = Process::new(ONE, "worker", "first.example", 1);
    let beat = async |process: &Process| {
        let _pulse = fixture.store().heartbeat(process).await.expect("the store takes a heartbeat");
    };
    beat(&process).await;
    fixture.advance(secs(10));
    "second.example".clone_into(&mut process.host);
    (process.name, process.pid, process.phase) = ("wörker".to_owned(), u32::MAX, jobs_core::ProcessStatus::Quiet);
    process.slow = vec![SlowJob::new(fixture.job().id, "wörk \"\0\u{1}\"", fixture.now() - secs(3600))];
    beat(&process).await;
    let Some(found) = processes(&fixture).await else { return };
    let expected = ProcessRecord::new(process.clone(), started, fixture.now(), 0);
    assert_eq!(found, [expected], "all as reported last, started at its first heartbeat");
    process.slow.clear();
    beat(&process).await;
    let slow = processes(&fixture).await.map(|found| found[0].process.slow.len());
    assert_eq!(slow, Some(0), "a slow job that has ended is not shown any more");
}

/// What a process can run is shown as its last heartbeat said it, or not at all.
pub async fn a_process_shows_what_it_can_run_or_nothing(fixture: Fixture) {
    let mut process = Process::new(ONE, "worker", "host", 1);
    for (slots, version) in [(4, None), (12, Some("1.2 \"wörk\" \0"))] {
        let queues = ["mail*", "wörk \0", "mail*"].map(str::to_owned);
        process.details = ProcessDetails::new(slots, queues, version.map(str::to_owned));
        let _pulse = fixture.store().heartbeat(&process).await.expect("the store takes a heartbeat");
        let Some(found) = processes(&fixture).await else { return };
        let details = &found[0].process.details;
        assert!(details.is_empty() || *details == process.details, "{details:?}");
        assert!(details.is_empty() || details.queues.len() == 2, "each selector once: {details:?}");
    }
}

/// A process shows since when it holds the first of its jobs, to the second, or not at all.
pub async fn a_process_shows_since_when_it_holds_its_first_job_or_nothing(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let oldest = async || Some(processes(&fixture).await?.first().and_then(|process| process.oldest_claim));
    let holds_since = async |time| oldest().await.is_none_or(|told| is_or_nothing(told, time));
    let (first, time) = (fixture.claimed().await, fixture.now());
    fixture.advance(secs(5));
    let (second, later) = (fixture.claimed().await, fixture.now());
    let _pulse = fixture.beat(ONE).await;
    assert!(holds_since(time).await, "it holds the first since 5 s");
    fixture.applied(first, FINISH).await;
    assert!(holds_since(later).await, "the first has ended");
    fixture.applied(second, FINISH).await;
    assert!(oldest().await.is_none_or(|told| told.is_none()), "it holds none");
}

/// A process shows how many jobs it holds.
pub async fn a_process_shows_how_many_jobs_it_holds(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let _stored = fixture.enqueue(&fixture.jobs(5)).await;
    let mut mine = fixture.claim_as(ONE, 3).await;
    fixture.claim_as(TWO, 1).await;
    let held = async || Some(processes(&fixture).await?.into_iter().map(|record| record.claimed).collect::<Vec<_>>());
    assert!(held().await.is_none_or(|held| held == [3]), "it holds three, what others hold does not count");
    fixture.applied(mine.remove(0), FINISH).await;
    assert!(held().await.is_none_or(|held| held == [2]), "after it settled one it holds two");
}

/// Processes stand by age.
pub async fn the_oldest_process_is_shown_first(fixture: Fixture) {
    for process in [TWO, ONE] {
        let _pulse = fixture.beat(process).await;
        fixture.advance(secs(1));
    }
    let _pulse = fixture.beat(TWO).await;
    let Some(found) = processes(&fixture).await else { return };
    let order: Vec<_> = found.iter().map(|record| record.process.id).collect();
    assert_eq!(order, [TWO, ONE], "by the first heartbeat, not by the last");
}
