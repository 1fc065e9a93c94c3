//! The history of one job, and the jobs that are related to it.

use std::time::Duration;

use jobs_core::{AttemptLog, Claim, Decision, ErrorRecord, JobId, LogLevel, LogLine, Process, ProcessId};
use jobs_testing::plain::{ME, id};

use crate::fixture::Fixture;

async fn process(fixture: &Fixture, id: ProcessId, name: &str) {
    let _alive = fixture.store.heartbeat(&Process::new(id, name, "host-a", 4711)).await.unwrap();
}

async fn claim(fixture: &Fixture) -> jobs_core::Execution {
    fixture.store.claim(&Claim::all(ME, 1)).await.unwrap().pop().unwrap()
}

#[tokio::test]
async fn a_running_job_says_since_when_it_runs_how_long_it_waited_and_where() {
    let fixture = Fixture::open();
    process(&fixture, ME, "worker-eu-1").await;
    let id = fixture.enqueue(1, |_| {}).await;
    fixture.clock.advance(Duration::from_secs(20));
    let _running = claim(&fixture).await;
    fixture.clock.advance(Duration::from_secs(5));
    let text = fixture.text(&format!("/jobs/{id}")).await;
    assert!(text.contains("claimed : attempt 1 in worker-eu-1 , since 5s ago waited 20.0s"), "{text}");
    let list = fixture.text("/jobs?state=claimed").await;
    assert!(list.contains("Process Running since Last error") && list.contains("25s ago worker-eu-1 5s ago"), "{list}");
}

#[tokio::test]
async fn each_attempt_has_its_run_time_its_wait_and_the_name_of_its_process() {
    let fixture = Fixture::open();
    process(&fixture, ME, "worker-eu-1").await;
    let id = fixture.enqueue(1, |_| {}).await;
    for (attempt, process) in [(1, Some(ME)), (2, Some(ProcessId::new(99)))] {
        fixture.clock.advance(Duration::from_secs(10));
        let mut error = ErrorRecord::new("shop::billing::gateway::Declined", "no");
        (error.attempt, error.duration_ms, error.process) = (attempt, 1500, process);
        error.at = jobs_core::Clock::now(&fixture.clock);
        let retry = Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error };
        let _settled = fixture.store.settle(&[claim(&fixture).await.settle(retry)]).await.unwrap();
        let _ready = fixture.store.dispatch(10).await.unwrap();
    }
    let text = fixture.text(&format!("/jobs/{id}")).await;
    for part in [
        "Attempt 1 failed 10s ago ran 1.5s in worker-eu-1",
        "Attempt 2 failed 0s ago ran 1.5s in",
        ", began 8.5s after attempt 1",
        "shop::Declined : no",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(text.contains(&ProcessId::new(99).to_string()), "a process that has ended is told by its id");
}

#[tokio::test]
async fn a_finished_job_shows_its_successful_run_after_its_failed_ones() {
    let fixture = Fixture::open();
    process(&fixture, ME, "worker-eu-1").await;
    let id = fixture.enqueue(1, |_| {}).await;
    let mut error = ErrorRecord::new("Bounced", "no");
    (error.attempt, error.at) = (1, jobs_core::Clock::now(&fixture.clock));
    let wait = Duration::from_secs(10);
    let retry = Decision::Retry { wait, queue: None, priority: None, meta: None, error };
    let _settled = fixture.store.settle(&[claim(&fixture).await.settle(retry)]).await.unwrap();
    fixture.clock.advance(Duration::from_secs(12));
    let _ready = fixture.store.dispatch(10).await.unwrap();
    let running = claim(&fixture).await;
    fixture.clock.advance(Duration::from_secs(3));
    let _settled = fixture.store.settle(&[running.settle(Decision::Finish { keep: true })]).await.unwrap();
    let text = fixture.text(&format!("/jobs/{id}")).await;
    assert!(text.contains("Attempt 2 succeeded 0s ago took 3.0s from its claim, waited 2.0s finished"), "{text}");
    assert!(text.find("Attempt 1 failed") < text.find("Attempt 2 succeeded"), "{text}");
}

#[tokio::test]
async fn a_job_says_what_it_waits_for() {
    let fixture = Fixture::open();
    let (later, ready) = (fixture.schedule(1).await, fixture.enqueue(2, |_| {}).await);
    let page = async |id: JobId| fixture.text(&format!("/jobs/{id}")).await;
    assert!(page(later).await.contains("scheduled : waits for its time, in 1h 0m"), "{}", page(later).await);
    assert!(page(ready).await.contains("for a process with a free slot"), "{}", page(ready).await);
    fixture.store.manage().unwrap().pause("mail").await.unwrap();
    assert!(page(ready).await.contains("because its queue is paused"), "{}", page(ready).await);
    let failed = fixture.enqueue(3, |job| job.queue = "other".into()).await;
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let _settled = fixture.store.settle(&[claim(&fixture).await.settle(fail)]).await.unwrap();
    assert!(page(failed).await.contains("failed : runs again only if somebody retries it"), "{}", page(failed).await);
    fixture.clock.advance(Duration::from_secs(7200));
    assert!(page(later).await.contains("waits for a process that makes due jobs ready"), "{}", page(later).await);
}

#[tokio::test]
async fn a_job_is_linked_with_what_enqueued_it_and_what_it_enqueued() {
    let fixture = Fixture::open();
    let parent = fixture.enqueue(1, |job| job.name = "import".into()).await;
    let _running = claim(&fixture).await;
    let child = fixture.enqueue(2, |job| job.meta = Some(format!(r#"{{"enqueued_by":"{parent}"}}"#))).await;
    let stranger = fixture.enqueue(3, |_| {}).await;
    let page = fixture.page(&format!("/jobs/{child}")).await;
    assert!(page.contains(&format!("/jobs/{parent}\"")) && page.contains("Enqueued by"), "{page}");
    assert!(!page.contains("Propagated values"), "there are none: {page}");
    let page = fixture.page(&format!("/jobs/{parent}")).await;
    assert!(page.contains("It enqueued") && page.contains(&format!("/jobs/{child}\"")), "{page}");
    assert!(!page.contains(&stranger.to_string()), "{page}");
    assert!(!fixture.page(&format!("/jobs/{stranger}")).await.contains("It enqueued"));
}

#[tokio::test]
async fn long_arguments_are_folded_and_can_be_copied() {
    let fixture = Fixture::with(|it| it.without_authentication().show_unknown_arguments());
    let long: Vec<u32> = (0..100).collect();
    let long = fixture.enqueue(1, |job| job.arguments = serde_json::json!({ "ids": long }).to_string()).await;
    let short = fixture.enqueue(2, |_| {}).await;
    let page = fixture.page(&format!("/jobs/{long}")).await;
    assert!(page.contains("<details class=\"fold\"><summary class=\"button\">Show 104 lines"), "{page}");
    let page = fixture.page(&format!("/jobs/{short}")).await;
    assert!(!page.contains("class=\"fold\"") && page.contains("class=\"copy\" data-copy=\"arguments-json\""), "{page}");
    assert!(page.contains(&id(2).to_string()));
}

#[tokio::test]
async fn the_log_of_each_attempt_is_folded_below_it_and_in_the_api() {
    let fixture = Fixture::open();
    process(&fixture, ME, "worker-eu-1").await;
    let id = fixture.enqueue(1, |_| {}).await;
    let at = jobs_core::Clock::now(&fixture.clock);
    let line = |message: &str| LogLine::new(at, LogLevel::Warn, "shop", message);
    let log = AttemptLog::new(vec![line("<b>first</b>\nforged")], 7, vec![line("last")]);
    let mut error = ErrorRecord::new("Bounced", "no");
    (error.attempt, error.at) = (1, at);
    let retry = Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error };
    let retried = claim(&fixture).await.settle(retry).with_log(Some(log));
    let _settled = fixture.store.settle(&[retried]).await.unwrap();
    let _ready = fixture.store.dispatch(10).await.unwrap();
    let finished = AttemptLog::new(vec![line("all is well")], 0, Vec::new());
    let finish = claim(&fixture).await.settle(Decision::Finish { keep: true }).with_log(Some(finished));
    let _settled = fixture.store.settle(&[finish]).await.unwrap();

    let page = fixture.page(&format!("/jobs/{id}")).await;
    assert!(
        page.contains("<details class=\"fold\"><summary class=\"button\">Log: 2 lines, 7 left out</summary>"),
        "{page}"
    );
    assert!(page.contains("&lt;b&gt;first&lt;/b&gt;\\nforged") && page.contains("… 7 lines left out"), "{page}");
    assert!(page.contains("Log: 1 line<") && page.contains(&format!("{at} WARN shop: all is well")), "{page}");
    let text = fixture.text(&format!("/jobs/{id}")).await;
    assert!(text.contains("took 0ms from its claim in worker-eu-1"), "{text}");
    let api: serde_json::Value = serde_json::from_str(&fixture.page(&format!("/api/jobs/{id}")).await).unwrap();
    let log = &api["errors"][0]["log"];
    assert_eq!((&log["left_out"], &log["last"][0]["message"]), (&7.into(), &"last".into()), "{api}");
    assert_eq!(api["log"]["first"][0]["message"], "all is well", "{api}");
    assert_eq!(api["finished_by"], ME.to_string(), "{api}");
    let list: serde_json::Value = serde_json::from_str(&fixture.page("/api/jobs").await).unwrap();
    assert!(!list.to_string().contains("all is well") && !list.to_string().contains("forged"), "{list}");
}

#[tokio::test]
async fn a_job_without_logs_shows_no_place_for_them() {
    let fixture = Fixture::open();
    let id = fixture.enqueue(1, |_| {}).await;
    let fail = Decision::Fail { meta: None, error: ErrorRecord::new("Bounced", "no") };
    let _settled = fixture.store.settle(&[claim(&fixture).await.settle(fail)]).await.unwrap();
    assert!(!fixture.page(&format!("/jobs/{id}")).await.contains("Log:"));
    let api: serde_json::Value = serde_json::from_str(&fixture.page(&format!("/api/jobs/{id}")).await).unwrap();
    assert!(api.get("log").is_none() && api["errors"][0].get("log").is_none(), "{api}");
}
