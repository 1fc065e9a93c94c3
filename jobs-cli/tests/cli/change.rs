//! Commands that change jobs and queues.

use std::time::Duration;

use jobs::store::NewJob;
use jobs::unique::{Unique, UniqueKey, UniqueUntil};
use jobs::{Due, JobId};

use crate::fixture::{TestDir, id};

#[tokio::test]
async fn a_failed_job_is_retried_by_its_id() {
    let dir = TestDir::filled().await;
    assert_eq!(dir.jobs(&["retry", &id(1).to_string()]).done(), "1 job retried\n");
    assert_eq!((dir.state(1).await, dir.state(2).await), ("ready", "failed"));
}

#[tokio::test]
async fn matching_jobs_are_counted_and_changed_only_with_yes() {
    let dir = TestDir::filled().await;
    let counted = dir.jobs(&["retry", "--queue", "mail"]).done();
    let (first, second) = (id(1), id(2));
    let asked =
        "2 jobs would be retried; add `--yes` to do it\n  1 send_mail, shop::Bounced\n  1 send_mail, shop::Refused\n";
    assert_eq!(counted, format!("{asked}  for example {first}, {second}\n"));
    assert_eq!(dir.state(1).await, "failed");
    let one = dir.jobs(&["retry", "--queue", "mail", "--error", "refused"]).done();
    assert!(one.starts_with("1 job would be retried; add `--yes`"), "{one}");
    assert_eq!(dir.jobs(&["retry", "--queue", "mail", "--error", "refused", "--yes"]).done(), "1 job retried\n");
    assert_eq!((dir.state(1).await, dir.state(2).await), ("failed", "ready"));
}

#[tokio::test]
async fn a_retry_of_a_queue_leaves_scheduled_jobs_alone() {
    let dir = TestDir::filled().await;
    dir.jobs(&["retry", "--queue", "mail", "--yes"]).done();
    assert_eq!(dir.state(3).await, "scheduled");
    dir.jobs(&["retry", "--queue", "mail", "--state", "scheduled", "--yes"]).done();
    assert_eq!(dir.state(3).await, "ready");
}

#[tokio::test]
async fn jobs_of_several_pages_are_each_changed_once() {
    let dir = TestDir::new().await;
    let jobs: Vec<_> = (0..1203_u16)
        .map(|number| {
            let mut bytes = [0; 16];
            bytes[14..].copy_from_slice(&number.to_be_bytes());
            jobs::store::NewJob::new(jobs::JobId::from_bytes(bytes), "send_mail", "{}")
        })
        .collect();
    let _stored = dir.store.enqueue(&jobs).await.unwrap();
    let discarded = dir.jobs(&["discard", "--job", "send_mail", "--yes", "--json"]).json();
    assert_eq!(discarded, serde_json::json!({"matched": 1203, "changed": 1203, "dry_run": false}));
    assert_eq!(dir.jobs(&["prune", "--older-than", "0s", "--yes"]).done(), "1203 jobs deleted\n");
    assert_eq!(dir.jobs(&["list", "--json"]).done(), "");
}

#[tokio::test]
async fn a_job_is_rescheduled_to_a_time_or_by_a_duration() {
    let dir = TestDir::filled().await;
    dir.jobs(&["reschedule", &id(4).to_string(), "--at", "2100-01-01T00:00:00Z"]).done();
    let due = || dir.jobs(&["show", &id(4).to_string(), "--json"]).json()["due_at"].clone();
    assert_eq!(due(), "2100-01-01T00:00:00.000000Z");
    dir.jobs(&["reschedule", "--queue", "default", "--in", "2h", "--yes"]).done();
    assert_eq!(dir.state(4).await, "scheduled");
    assert_ne!(due(), "2100-01-01T00:00:00.000000Z");
}

#[tokio::test]
async fn a_queue_is_paused_and_resumed() {
    let dir = TestDir::filled().await;
    assert!(dir.jobs(&["pause", "default"]).done().contains("is paused"));
    assert!(dir.jobs(&["pause", "default"]).done().contains("was paused already"));
    assert!(dir.jobs(&["queues"]).done().contains("paused"));
    let resumed = dir.jobs(&["resume", "default", "--json"]).json();
    assert_eq!(resumed, serde_json::json!({"queue": "default", "paused": false, "changed": true}));
}

#[tokio::test]
async fn a_pause_of_a_queue_without_jobs_warns_and_names_the_nearest_queue() {
    let dir = TestDir::filled().await;
    let paused = dir.jobs(&["pause", "defualt"]);
    assert!(
        paused.err.contains("no recent job is in a queue `defualt`") && paused.err.contains("mean `default`"),
        "{}",
        paused.err
    );
    assert!(paused.status == 0 && paused.out.contains("is paused"), "{}", paused.out);
    let known = dir.jobs(&["pause", "mail"]);
    assert_eq!(known.err, "", "its jobs are failed or scheduled, but they are there");
}

/// A scheduled job with this number as its id.
fn scheduled(number: u32) -> NewJob {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    let mut job = NewJob::new(JobId::from_bytes(bytes), "send_mail", "{}");
    job.due = Due::In(Duration::from_secs(3600));
    job
}

#[tokio::test]
async fn a_change_that_fails_halfway_reports_what_was_done_and_the_error() {
    let dir = TestDir::new().await;
    let _stored = dir.store.enqueue(&(1..=700).map(scheduled).collect::<Vec<_>>()).await.unwrap();
    let database = rusqlite::Connection::open(dir.folder.path().join("jobs.db")).unwrap();
    let trigger = "CREATE TRIGGER failing BEFORE UPDATE ON jobs WHEN hex(OLD.id) LIKE '%00000258'
                      BEGIN SELECT raise(ABORT, 'refused by the trigger'); END";
    database.execute_batch(trigger).unwrap();
    let output = dir.jobs(&["discard", "--state", "scheduled", "--yes"]);
    assert_eq!(output.status, 1, "{output:?}");
    assert_eq!(output.out, "500 jobs discarded, and 200 not\n");
    assert!(output.err.contains("refused by the trigger"), "{}", output.err);
    database.execute_batch("DROP TRIGGER failing").unwrap();
    let output = dir.jobs(&["discard", "--state", "scheduled", "--yes"]).done();
    assert_eq!(output, "200 jobs discarded\n", "the same command continues");
}

#[tokio::test]
async fn a_prune_counts_the_jobs_and_deletes_them_only_with_yes() {
    let dir = TestDir::filled().await;
    dir.jobs(&["discard", "--state", "failed", "--yes"]).done();
    let prune = |args: &[&str]| dir.jobs(&[&["prune", "--older-than"], args].concat());
    let asked = prune(&["0s"]).done();
    assert!(
        asked.starts_with("2 jobs would be deleted; add `--yes` to do it\n  1 send_mail, shop::Bounced\n"),
        "{asked}"
    );
    let kinds = ["Bounced", "Refused"]
        .map(|error| serde_json::json!({"job": "send_mail", "class": format!("shop::{error}"), "count": 1}));
    let counted = serde_json::json!({
        "matched": 2, "changed": 0, "read": 2, "dry_run": true, "kinds": kinds, "sample": [id(1).to_string(), id(2).to_string()],
    });
    assert_eq!(prune(&["0s", "--json"]).json(), counted);
    assert_eq!(prune(&["0s", "--dry-run", "--json"]).json(), counted);
    assert_eq!(prune(&["1d"]).done(), "no job matches\n");
    assert_eq!(dir.state(1).await, "discarded");
    assert_eq!(prune(&["1d", "--yes"]).done(), "0 jobs deleted\n");
    assert_eq!(prune(&["0s", "--yes", "--json"]).json()["changed"], 2);
}

#[tokio::test]
async fn an_empty_value_is_refused_and_selects_nothing() {
    let dir = TestDir::filled().await;
    for flag in ["--queue", "--job", "--text", "--error", "--state", "--since", "--until", "--process"] {
        for command in ["discard", "retry", "list"] {
            let args: &[&str] = if command == "list" { &[command, flag, ""] } else { &[command, flag, "", "--yes"] };
            let error = dir.jobs(args).refused(2);
            assert!(error.contains(flag), "{args:?}: {error}");
        }
        assert!(dir.jobs(&["discard", "--state", "failed", flag, " ", "--yes"]).refused(2).contains(flag));
    }
    for args in [["discard", ""], ["show", ""]] {
        dir.jobs(&args).refused(2);
    }
    for flag in ["--url", "--environment"] {
        assert!(dir.jobs(&["stats", flag, ""]).refused(2).contains(flag));
    }
    assert!(dir.jobs(&["discard", "--yes"]).refused(1).contains("say which jobs are to be discarded"));
    assert_eq!((dir.state(1).await, dir.state(4).await), ("failed", "ready"));
}

#[tokio::test]
async fn a_retry_that_is_refused_tells_the_reason() {
    let dir = TestDir::filled().await;
    let key = UniqueKey::of("once", &Unique::until(UniqueUntil::Done), "{}", None).unwrap();
    dir.jobs(&["discard", "--queue", "mail", "--yes"]).done();
    dir.enqueue(5, |job| job.unique_key = key).await;
    dir.jobs(&["discard", &id(5).to_string()]).done();
    dir.enqueue(6, |job| job.unique_key = key).await;
    let reason = format!("{}: another job, {}, holds its unique key", id(5), id(6));

    let by_id = dir.jobs(&["retry", &id(5).to_string(), &id(4).to_string()]);
    assert_eq!((by_id.status, by_id.out.as_str()), (1, "0 jobs retried\n"));
    assert!(by_id.err.contains("2 of 2 jobs were not retried") && by_id.err.contains(&reason), "{}", by_id.err);
    assert!(by_id.err.contains("a job that is ready cannot be retried"), "{}", by_id.err);

    let some = dir.jobs(&["retry", "--state", "discarded", "--yes"]);
    assert_eq!((some.status, some.out.as_str()), (0, "3 jobs retried, and 1 not\n"));
    assert!(some.err.contains("warning") && some.err.contains(&reason), "{}", some.err);

    let none = dir.jobs(&["retry", "--state", "discarded", "--yes", "--json"]);
    assert_eq!(none.status, 1);
    assert!(none.err.contains(&reason), "{}", none.err);
    let counted: serde_json::Value = serde_json::from_str(&none.out).unwrap();
    assert_eq!((&counted["changed"], &counted["unchanged"][0]["id"]), (&0.into(), &id(5).to_string().into()));
}

#[tokio::test]
async fn an_id_that_is_given_twice_counts_once() {
    let dir = TestDir::filled().await;
    let failed = id(1).to_string();
    assert_eq!(dir.jobs(&["retry", &failed, &failed]).done(), "1 job retried\n");
    assert_eq!(dir.state(1).await, "ready");
}

#[tokio::test]
async fn a_retry_of_an_expired_job_says_that_it_will_not_run() {
    let dir = TestDir::filled().await;
    dir.enqueue(5, |job| job.expires_at = Some(jobs::Timestamp::from_micros(1))).await;
    dir.jobs(&["discard", &id(5).to_string()]).done();
    let retried = dir.jobs(&["retry", &id(5).to_string(), &id(1).to_string()]);
    assert_eq!((retried.status, retried.out.as_str()), (0, "2 jobs retried\n"));
    let told = "1 of these jobs have expired, the first at 1970-01-01T00:00:00.000001Z: they are discarded";
    assert!(retried.err.contains(told) && retried.err.contains(&id(5).to_string()), "{}", retried.err);
    dir.jobs(&["discard", &id(5).to_string()]).done();
    let matching = dir.jobs(&["retry", "--state", "discarded"]);
    assert!(matching.err.contains("have expired"), "{}", matching.err);
}
