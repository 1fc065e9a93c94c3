//! Queues and processes as they stand.

use jobs_core::{Process, ProcessRecord, QueueRecord};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, ONE, TWO, retry_in, secs};

/// The queues that the store shows; `None` if it cannot look.
async fn queues(stage: &Stage) -> Option<Vec<QueueRecord>> {
    Some(stage.inspect()?.queues().await.expect("the store shows queues"))
}

async fn processes(stage: &Stage) -> Option<Vec<ProcessRecord>> {
    Some(stage.inspect()?.processes().await.expect("the store shows processes"))
}

fn queue(name: &str, ready: u64, latency: u64, paused: bool) -> QueueRecord {
    QueueRecord::new(name.to_owned(), ready, secs(latency), paused)
}

/// A queue shows how many jobs are ready and how long the first has waited. Cancel safe.
pub async fn a_queue_shows_its_ready_jobs_and_latency(stage: Stage) {
    stage.put_into("mail").await;
    stage.advance(secs(20));
    stage.put_into("mail").await;
    stage.put_into("other").await;
    stage.advance(secs(10));
    let Some(found) = queues(&stage).await else { return };
    assert_eq!(found, [queue("mail", 2, 30, false), queue("other", 1, 10, false)], "jobs and the longest wait");
}

/// Queues stand by name. Cancel safe.
pub async fn queues_are_sorted_by_name(stage: Stage) {
    for name in ["b", "a_b", "ä", "A", "a", "10", "9"] {
        stage.put_into(name).await;
    }
    let Some(found) = queues(&stage).await else { return };
    let names: Vec<_> = found.iter().map(|record| record.name.as_str()).collect();
    assert_eq!(names, ["10", "9", "A", "a", "a_b", "b", "ä"], "by the bytes of the name");
}

/// A queue whose jobs are not ready is not shown. Cancel safe.
pub async fn a_queue_without_ready_jobs_is_not_shown(stage: Stage) {
    stage.put_later(secs(60)).await;
    stage.put_into("busy").await;
    let execution = stage.claim_one().await;
    assert!(queues(&stage).await.is_none_or(|found| found.is_empty()), "scheduled and claimed jobs are not ready");
    stage.applied(execution, FINISH).await;
}

/// A paused queue is shown, with jobs or without. Cancel safe.
pub async fn a_paused_queue_is_shown_even_if_it_is_empty(stage: Stage) {
    let (Some(manage), Some(_)) = (stage.manage(), stage.inspect()) else { return };
    stage.put_into("mail").await;
    for name in ["mail", "empty"] {
        manage.pause(name).await.expect("the store pauses");
    }
    stage.advance(secs(3));
    let expected = [queue("empty", 0, 0, true), queue("mail", 1, 3, true)];
    assert_eq!(queues(&stage).await.as_deref(), Some(&expected[..]), "paused queues are shown as paused");
    manage.resume("empty").await.expect("the store resumes");
    assert_eq!(queues(&stage).await.as_deref(), Some(&expected[1..]), "an empty queue is shown only while paused");
}

/// Latency counts from when a job was due, not from when it came. Cancel safe.
pub async fn latency_counts_from_when_a_job_was_due(stage: Stage) {
    stage.put_later(secs(60)).await;
    stage.advance(secs(75));
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
    let Some(found) = queues(&stage).await else { return };
    assert_eq!(found, [queue("default", 1, 15, false)], "it was due 15 s ago");
}

/// A job that is retried waits from its new time. Cancel safe.
pub async fn latency_of_a_retried_job_counts_from_its_retry(stage: Stage) {
    let execution = stage.claimed().await;
    stage.advance(secs(500));
    stage.applied(execution, retry_in(secs(10))).await;
    stage.advance(secs(12));
    assert_eq!(stage.dispatch(10).await.ready, 1, "the retry is due");
    let Some(found) = queues(&stage).await else { return };
    assert_eq!(found, [queue("default", 1, 2, false)], "it was due again 2 s ago");
}

/// After the clock was set back nothing has waited. Cancel safe.
pub async fn latency_is_never_negative(stage: Stage) {
    stage.put_one().await;
    stage.set_back(secs(100));
    let Some(found) = queues(&stage).await else { return };
    assert_eq!(found, [queue("default", 1, 0, false)], "it has not waited for less than no time");
}

/// A process is shown as it described itself last. Cancel safe.
pub async fn a_process_is_shown_as_it_described_itself_last(stage: Stage) {
    let started = stage.now();
    let mut process = Process::new(ONE, "worker", "first.example", 1);
    let beat = async |process: &Process| {
        let _pulse = stage.store().heartbeat(process).await.expect("the store takes a heartbeat");
    };
    beat(&process).await;
    stage.advance(secs(10));
    "second.example".clone_into(&mut process.host);
    (process.name, process.pid, process.phase) = ("wörker".to_owned(), u32::MAX, jobs_core::Phase::Quiet);
    beat(&process).await;
    let Some(found) = processes(&stage).await else { return };
    let expected = ProcessRecord::new(process, started, stage.now(), 0);
    assert_eq!(found, [expected], "name, host, number and phase as told last, started when it was seen first");
}

/// A process shows how many jobs it holds. Cancel safe.
pub async fn a_process_shows_how_many_jobs_it_holds(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let _stored = stage.enqueue(&stage.jobs(5)).await;
    let mut mine = stage.claim_as(ONE, 3).await;
    stage.claim_as(TWO, 1).await;
    let held = async || Some(processes(&stage).await?.into_iter().map(|record| record.claimed).collect::<Vec<_>>());
    assert!(held().await.is_none_or(|held| held == [3]), "it holds three, what others hold does not count");
    stage.applied(mine.remove(0), FINISH).await;
    assert!(held().await.is_none_or(|held| held == [2]), "after it settled one it holds two");
}

/// Processes stand by age. Cancel safe.
pub async fn the_oldest_process_is_shown_first(stage: Stage) {
    for process in [TWO, ONE] {
        let _pulse = stage.beat(process).await;
        stage.advance(secs(1));
    }
    let _pulse = stage.beat(TWO).await;
    let Some(found) = processes(&stage).await else { return };
    let order: Vec<_> = found.iter().map(|record| record.process.id).collect();
    assert_eq!(order, [TWO, ONE], "the one that was seen first, whoever beat last");
}
