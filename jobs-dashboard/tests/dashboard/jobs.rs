//! The list of jobs, and one job.

use std::time::Duration;

use axum::http::StatusCode;
use jobs_core::{Claim, JobId, NewJob};
use jobs_testing::plain::{ME, id};

use crate::fixture::{Fixture, TestRequest, text};
use crate::fixture_jobs::SCRIPT;

#[tokio::test]
async fn the_list_has_the_jobs_that_match() {
    let fixture = Fixture::open();
    fixture.fail(1, "shop::Bounced", "no such address").await;
    fixture.finish(2).await;
    fixture.enqueue(3, |job| job.queue = "other".into()).await;
    fixture.enqueue(4, |job| job.name = "greet".into()).await;
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
        let page = fixture.page(&format!("/jobs{query}")).await;
        let seen: Vec<u64> = (1..=4).filter(|number| page.contains(&tail(*number))).collect();
        assert_eq!(seen, numbers, "{query}");
    }
    let text = fixture.text("/jobs?state=failed").await;
    assert!(text.contains("shop::Bounced: no such address") && text.contains("failed 1"), "{text}");
}

#[tokio::test]
async fn jobs_are_found_by_their_error_their_process_and_when_they_were_enqueued() {
    let fixture = Fixture::open();
    fixture.fail(1, "shop::Bounced", "no such address").await;
    fixture.clock.advance(Duration::from_secs(3600));
    fixture.enqueue(2, |_| {}).await;
    let _claimed = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    for (query, numbers) in [
        ("error=such+address".to_owned(), vec![1]),
        ("error=shop%3A%3AB".to_owned(), vec![1]),
        ("error=refused".to_owned(), vec![]),
        (format!("process={ME}"), vec![2]),
        ("since=2026-01-01T00:30".to_owned(), vec![2]),
        ("until=2026-01-01T00:30".to_owned(), vec![1]),
        (format!("text={}", id(2)), vec![2]),
    ] {
        let page = fixture.page(&format!("/jobs?{query}")).await;
        let seen: Vec<u64> = (1..=2).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))).collect();
        assert_eq!(seen, numbers, "{query}");
    }
}

#[tokio::test]
async fn hidden_arguments_cannot_be_guessed_by_searching_for_them() {
    let hidden = Fixture::open();
    hidden.fail(1, "Bounced", "no").await;
    let shown = Fixture::over(hidden.store.clone(), hidden.clock.clone(), |it| {
        it.without_authentication().show_unknown_arguments()
    });
    for path in ["/jobs?state=failed&text=ada-1", "/api/jobs?state=failed&text=ada-1"] {
        assert!(!hidden.page(path).await.contains(&id(1).to_string()), "{path}");
        assert!(shown.page(path).await.contains(&id(1).to_string()), "{path}");
    }
    assert!(text(&hidden.page("/bulk/retry?state=failed&text=ada-1").await).contains("Retry 0 jobs?"));
    let page = hidden.done("/bulk/retry", "state=failed&text=ada-1").await;
    assert!(page.contains("0 jobs retried."), "{page}");
}

#[tokio::test]
async fn an_invalid_search_is_explained() {
    let fixture = Fixture::open();
    for (query, word) in [
        ("state=lost", "`lost` is not a valid state"),
        ("after=7/8", "`7/8` is not a position"),
        ("after=zzz", "`zzz` is not a position in this list"),
        ("process=x", "`x` is not the identity of a process"),
        ("since=soon", "`soon` is not a valid time"),
    ] {
        let response = fixture.send(TestRequest::page(&format!("/jobs?{query}"))).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert!(response.body.contains(word), "{}", response.body);
    }
}

#[tokio::test]
async fn the_pages_of_a_list_have_each_job_once() {
    let fixture = Fixture::open();
    let jobs: Vec<_> = (0..120).map(|number| NewJob::new(id(number), "test", "[]")).collect();
    let _stored = fixture.store.enqueue(&jobs).await.unwrap();
    let mut path = "/jobs?state=ready".to_owned();
    let mut seen = Vec::new();
    loop {
        let page = fixture.page(&path).await;
        seen.extend((0..120).filter(|number| page.contains(&format!("/jobs/{}\"", id(*number)))));
        let Some((_, next)) = page.split_once("rel=\"next\" href=\"") else { break };
        path = next.split('"').next().unwrap().replace("&amp;", "&");
    }
    seen.sort_unstable();
    assert_eq!(seen, (0..120).collect::<Vec<_>>());
}

#[tokio::test]
async fn one_job_is_shown_with_its_attempts_and_their_causes() {
    let fixture = Fixture::open();
    let id = fixture.fail(1, "shop::Bounced", "no such address").await;
    let page = fixture.page(&format!("/jobs/{id}")).await;
    assert!(page.contains(&id.to_string()));
    let text = text(&page);
    for part in ["send_mail failed", "Queue mail", "ran 1.5s", "shop::Bounced : no such address", "no route to host"] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[tokio::test]
async fn arguments_of_unknown_jobs_are_hidden_by_default() {
    let fixture = Fixture::open();
    let id = fixture.enqueue(1, |_| {}).await;
    let page = fixture.page(&format!("/jobs/{id}")).await;
    assert!(!page.contains("ada-1@example.com") && page.contains("does not know the job"), "{page}");
    let shown = Fixture::over(fixture.store, fixture.clock, |it| it.without_authentication().show_unknown_arguments());
    let page = shown.page(&format!("/jobs/{id}")).await;
    assert!(page.contains("ada-1@example.com"), "{page}");
}

#[tokio::test]
async fn a_job_of_another_system_is_found_by_the_id_that_its_tools_show() {
    let fixture = Fixture::open();
    for (id, text) in [(JobId::from_number(4325), "4325"), (JobId::from_jid([0x4f; 12]), "4f4f4f4f4f4f4f4f4f4f4f4f")] {
        fixture.enqueue(1, |job| job.id = id).await;
        let page = fixture.page(&format!("/jobs/{text}")).await;
        assert!(page.contains(text) && page.contains("send_mail"), "{page}");
        assert!(fixture.page("/jobs").await.contains(&format!("/jobs/{text}\"")));
    }
}

#[tokio::test]
async fn a_job_that_does_not_exist_is_not_found() {
    let fixture = Fixture::open();
    for path in [format!("/jobs/{}", id(1)), "/jobs/7".to_owned()] {
        let response = fixture.send(TestRequest::page(&path)).await;
        assert_eq!(response.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn everything_stored_of_a_job_is_escaped() {
    let fixture = Fixture::with(|it| it.without_authentication().show_unknown_arguments());
    let id = fixture.enqueue(1, |job| {
        job.name = SCRIPT.into();
        job.queue = "<script>alert('x')</script>".into();
        job.arguments = format!("[{}]", serde_json::Value::from(SCRIPT));
        job.meta = Some(serde_json::json!({ "tags": [SCRIPT] }).to_string());
        job.batch_id = Some(SCRIPT.into());
        job.concurrency_key = Some(SCRIPT.into());
    });
    let id = id.await;
    let failed = fixture.fail_as(id, SCRIPT).await;
    for path in [format!("/jobs/{failed}"), "/jobs".into(), "/jobs?state=failed".into(), "/queues".into(), "/".into()] {
        let page = fixture.page(&path).await;
        assert!(!page.contains("<script>"), "{path}");
    }
    let query = "?state=failed&name=%3Cscript%3E&queue=%22%3E%3Cscript%3E";
    for path in [format!("/jobs{query}"), format!("/bulk/retry{query}")] {
        let page = fixture.page(&path).await;
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "{path}");
    }
}

#[tokio::test]
async fn a_running_job_names_its_process_and_cannot_be_changed() {
    let fixture = Fixture::open();
    let id = fixture.enqueue(1, |_| {}).await;
    let _claimed = fixture.store.claim(&Claim::all(ME, 1)).await.unwrap();
    fixture.clock.advance(Duration::from_secs(5));
    let page = fixture.page(&format!("/jobs/{id}")).await;
    assert!(page.contains(&ME.to_string()) && !page.contains("method=\"post\""), "{page}");
}
