//! Jobs and queues changed by hand.

use std::time::Duration;

use jobs::{Due, JobId, NewJob};

use crate::place::{Place, id};

#[tokio::test]
async fn a_failed_job_is_retried_by_its_id() {
    let place = Place::filled().await;
    assert_eq!(place.jobs(&["retry", &id(1).to_string()]).done(), "1 jobs retried\n");
    assert_eq!((place.state(1).await, place.state(2).await), ("ready", "failed"));
}

#[tokio::test]
async fn what_matches_is_counted_first_and_changed_only_when_that_is_said() {
    let place = Place::filled().await;
    let counted = place.jobs(&["retry", "--queue", "mail"]).done();
    assert_eq!(counted, "2 jobs would be retried; add `--yes` to do it\n");
    assert_eq!(place.state(1).await, "failed");
    assert_eq!(place.jobs(&["retry", "--queue", "mail", "--error", "refused", "--yes"]).done(), "1 jobs retried\n");
    assert_eq!((place.state(1).await, place.state(2).await), ("failed", "ready"));
}

#[tokio::test]
async fn a_retry_of_a_queue_leaves_what_waits_for_its_time() {
    let place = Place::filled().await;
    place.jobs(&["retry", "--queue", "mail", "--yes"]).done();
    assert_eq!(place.state(3).await, "scheduled");
    place.jobs(&["retry", "--queue", "mail", "--state", "scheduled", "--yes"]).done();
    assert_eq!(place.state(3).await, "ready");
}

#[tokio::test]
async fn more_jobs_than_a_page_are_changed_each_once() {
    let place = Place::new().await;
    let jobs: Vec<_> = (0..1203_u16)
        .map(|number| {
            let mut bytes = [0; 16];
            bytes[14..].copy_from_slice(&number.to_be_bytes());
            jobs::NewJob::new(jobs::JobId::from_bytes(bytes), "send_mail", "{}")
        })
        .collect();
    let _stored = place.store.enqueue(&jobs).await.unwrap();
    let discarded = place.jobs(&["discard", "--job", "send_mail", "--yes", "--json"]).json();
    assert_eq!(discarded, serde_json::json!({"matched": 1203, "changed": 1203, "dry_run": false}));
    assert_eq!(place.jobs(&["prune", "--older-than", "0s"]).done(), "1203 jobs forgotten\n");
    assert_eq!(place.jobs(&["list", "--json"]).done(), "");
}

#[tokio::test]
async fn a_job_is_rescheduled_to_a_time_or_by_a_span() {
    let place = Place::filled().await;
    place.jobs(&["reschedule", &id(4).to_string(), "--at", "2100-01-01T00:00:00Z"]).done();
    let due = || place.jobs(&["show", &id(4).to_string(), "--json"]).json()["due_at"].clone();
    assert_eq!(due(), "2100-01-01T00:00:00.000000Z");
    place.jobs(&["reschedule", "--queue", "default", "--in", "2h", "--yes"]).done();
    assert_eq!(place.state(4).await, "scheduled");
    assert_ne!(due(), "2100-01-01T00:00:00.000000Z");
}

#[tokio::test]
async fn a_queue_is_paused_and_resumed() {
    let place = Place::filled().await;
    assert!(place.jobs(&["pause", "default"]).done().contains("is paused"));
    assert!(place.jobs(&["pause", "default"]).done().contains("was paused already"));
    assert!(place.jobs(&["queues"]).done().contains("paused"));
    let resumed = place.jobs(&["resume", "default", "--json"]).json();
    assert_eq!(resumed, serde_json::json!({"queue": "default", "paused": false, "changed": true}));
}

/// The job at this place of a long row.
fn numbered(number: u32) -> NewJob {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    let mut job = NewJob::new(JobId::from_bytes(bytes), "send_mail", "{}");
    job.due = Due::In(Duration::from_secs(3600));
    job
}

#[tokio::test]
async fn a_change_that_broke_off_tells_what_was_done_and_what_was_in_the_way() {
    let place = Place::new().await;
    let _stored = place.store.enqueue(&(1..=700).map(numbered).collect::<Vec<_>>()).await.unwrap();
    let stranger = rusqlite::Connection::open(place.folder.path().join("jobs.db")).unwrap();
    let in_the_way = "CREATE TRIGGER in_the_way BEFORE UPDATE ON jobs WHEN hex(OLD.id) LIKE '%00000258'
                      BEGIN SELECT raise(ABORT, 'a stone'); END";
    stranger.execute_batch(in_the_way).unwrap();
    let said = place.jobs(&["discard", "--state", "scheduled", "--yes"]);
    assert_eq!(said.status, 1, "{said:?}");
    assert_eq!(said.out, "500 jobs discarded, and 200 not\n");
    assert!(said.err.contains("a stone"), "{}", said.err);
    stranger.execute_batch("DROP TRIGGER in_the_way").unwrap();
    let said = place.jobs(&["discard", "--state", "scheduled", "--yes"]).done();
    assert_eq!(said, "200 jobs discarded\n", "the same words go on");
}
