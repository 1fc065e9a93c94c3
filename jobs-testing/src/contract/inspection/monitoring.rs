//! Queues and processes as they stand.

use jobs_core::{Process, ProcessRecord, QueueRecord};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, ONE, TWO, retry_in, secs};

/// The queues that the store shows; `None` if it cannot be inspected.
async fn queues(fixture: &Fixture) -> Option<Vec<QueueRecord>> {
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

/// A queue whose jobs are not ready is not shown.
pub async fn a_queue_without_ready_jobs_is_not_shown(fixture: Fixture) {
    fixture.put_later(secs(60)).await;
    fixture.put_into("busy").await;
    let execution = fixture.claim_one().await;
    assert!(queues(&fixture).await.is_none_or(|found| found.is_empty()), "scheduled and claimed jobs are not ready");
    fixture.applied(execution, FINISH).await;
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
    beat(&process).await;
    let Some(found) = processes(&fixture).await else { return };
    let expected = ProcessRecord::new(process, started, fixture.now(), 0);
    assert_eq!(found, [expected], "name, host, number and status as reported last, started at its first heartbeat");
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
