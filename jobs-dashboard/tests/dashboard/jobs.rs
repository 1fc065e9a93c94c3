//! The list of jobs, and one job.

use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{Claim, NewJob};
use jobs_testing::plain::{ME, id};

use crate::stage::{Asked, Stage, words};
use crate::store::SCRIPT;

#[tokio::test]
async fn the_list_has_the_jobs_that_are_asked_for() {
    let stage = Stage::open();
    stage.fail(1, "shop::Bounced", "no such address").await;
    stage.finish(2).await;
    stage.enqueue(3, |job| job.queue = "other".into()).await;
    stage.enqueue(4, |job| job.name = "greet".into()).await;
    let tail = |number: u64| id(number).to_string()[24..].to_owned();
    for (query, numbers) in [
        ("", vec![1, 2, 3, 4]),
        ("?state=failed", vec![1]),
        ("?state=finished", vec![2]),
        ("?state=ready&queue=other", vec![3]),
        ("?name=greet", vec![4]),
        ("?state=&queue=&name=", vec![1, 2, 3, 4]),
        ("?state=discarded", vec![]),
    ] {
        let page = stage.page(&format!("/jobs{query}")).await;
        let seen: Vec<u64> = (1..=4).filter(|number| page.contains(&tail(*number))).collect();
        assert_eq!(seen, numbers, "{query}");
    }
    let words = stage.words("/jobs?state=failed").await;
    assert!(words.contains("shop::Bounced: no such address") && words.contains("failed 1"), "{words}");
}

#[tokio::test]
async fn jobs_are_found_by_their_error_their_process_and_when_they_were_enqueued() {
    let stage = Stage::open();
    stage.fail(1, "shop::Bounced", "no such address").await;
    stage.clock.advance(Duration::from_secs(3600));
    stage.enqueue(2, |_| {}).await;
    let _claimed = stage.store.claim(&Claim::all(ME, 1)).await.unwrap();
    for (query, numbers) in [
        ("error=such+address".to_owned(), vec![1]),
        ("error=shop%3A%3AB".to_owned(), vec![1]),
        ("error=refused".to_owned(), vec![]),
        (format!("process={ME}"), vec![2]),
        ("since=2026-01-01T00:30".to_owned(), vec![2]),
        ("until=2026-01-01T00:30".to_owned(), vec![1]),
        (format!("text={}", id(2)), vec![2]),
    ] {
        let page = stage.page(&format!("/jobs?{query}")).await;
        let seen: Vec<u64> = (1..=2).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))).collect();
        assert_eq!(seen, numbers, "{query}");
    }
}

#[tokio::test]
async fn arguments_that_are_not_shown_cannot_be_guessed_by_looking_for_them() {
    let hidden = Stage::open();
    hidden.fail(1, "Bounced", "no").await;
    let shown = Stage::over(hidden.store.clone(), hidden.clock.clone(), |it| {
        it.without_authentication().show_unknown_arguments()
    });
    for path in ["/jobs?state=failed&text=ada-1", "/api/jobs?state=failed&text=ada-1"] {
        assert!(!hidden.page(path).await.contains(&id(1).to_string()), "{path}");
        assert!(shown.page(path).await.contains(&id(1).to_string()), "{path}");
    }
    assert!(words(&hidden.page("/bulk/retry?state=failed&text=ada-1").await).contains("Retry 0 jobs?"));
    let page = hidden.done("/bulk/retry", "state=failed&text=ada-1").await;
    assert!(page.contains("0 jobs retried."), "{page}");
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said_in_words() {
    let stage = Stage::open();
    for (query, word) in [
        ("state=lost", "`lost` is no state"),
        ("after=7", "`7` is not a job id"),
        ("process=x", "`x` is not the identity of a process"),
        ("since=soon", "`soon` is no point in time"),
    ] {
        let told = stage.send(Asked::page(&format!("/jobs?{query}"))).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST);
        assert!(told.body.contains(word), "{}", told.body);
    }
}

#[tokio::test]
async fn the_pages_of_a_list_have_each_job_once() {
    let stage = Stage::open();
    let jobs: Vec<_> = (0..120).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    let _stored = stage.store.enqueue(&jobs).await.unwrap();
    let mut path = "/jobs?state=ready".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = stage.page(&path).await;
        seen.extend((0..120).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))));
        let Some((_, next)) = page.split_once("rel=\"next\" href=\"") else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..120).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_job_is_shown_with_its_attempts_and_their_causes() {
    let stage = Stage::open();
    let id = stage.fail(1, "shop::Bounced", "no such address").await;
    let page = stage.page(&format!("/jobs/{id}")).await;
    assert!(page.contains(&id.to_string()));
    let words = words(&page);
    for text in ["send_mail failed", "Queue mail", "after 1.5s", "shop::Bounced : no such address", "no route to host"]
    {
        assert!(words.contains(text), "{text} is not in: {words}");
    }
}

#[tokio::test]
async fn arguments_of_jobs_that_this_program_does_not_know_are_shown_only_if_that_was_said() {
    let stage = Stage::open();
    let id = stage.enqueue(1, |_| {}).await;
    let page = stage.page(&format!("/jobs/{id}")).await;
    assert!(!page.contains("ada-1@example.com") && page.contains("does not know the job"), "{page}");
    let shown = Stage::over(stage.store, stage.clock, |it| it.without_authentication().show_unknown_arguments());
    let page = shown.page(&format!("/jobs/{id}")).await;
    assert!(page.contains("ada-1@example.com"), "{page}");
}

#[tokio::test]
async fn a_job_that_is_not_there_says_so() {
    let stage = Stage::open();
    for path in [format!("/jobs/{}", id(1)), "/jobs/7".to_owned()] {
        let told = stage.send(Asked::page(&path)).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn whatever_is_stored_of_a_job_is_escaped() {
    let stage = Stage::with(|it| it.without_authentication().show_unknown_arguments());
    let id = stage.enqueue(1, |job| {
        job.name = SCRIPT.into();
        job.queue = "<script>alert('x')</script>".into();
        job.arguments = format!("[{}]", serde_json::Value::from(SCRIPT));
        job.meta = Some(serde_json::json!({ "tags": [SCRIPT] }).to_string());
        job.batch_id = Some(SCRIPT.into());
        job.concurrency_key = Some(SCRIPT.into());
    });
    let id = id.await;
    let failed = stage.fail_as(id, SCRIPT).await;
    for path in [format!("/jobs/{failed}"), "/jobs".into(), "/jobs?state=failed".into(), "/queues".into(), "/".into()] {
        let page = stage.page(&path).await;
        assert!(!page.contains("<script>"), "{path}");
    }
    let query = "?state=failed&name=%3Cscript%3E&queue=%22%3E%3Cscript%3E";
    for path in [format!("/jobs{query}"), format!("/bulk/retry{query}")] {
        let page = stage.page(&path).await;
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{path}");
    }
}

#[tokio::test]
async fn a_job_that_runs_says_by_whom_and_cannot_be_changed() {
    let stage = Stage::open();
    let id = stage.enqueue(1, |_| {}).await;
    let _claimed = stage.store.claim(&Claim::all(ME, 1)).await.unwrap();
    stage.clock.advance(Duration::from_secs(5));
    let page = stage.page(&format!("/jobs/{id}")).await;
    assert!(page.contains(&ME.to_string()) && !page.contains("method=\"post\""), "{page}");
}
