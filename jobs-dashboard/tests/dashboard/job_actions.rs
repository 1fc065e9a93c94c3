//! Actions on one job and on selected jobs.

use axum::http::{Method, StatusCode};
use jobs_core::{State, Unique, UniqueKey, UniqueUntil};

use crate::fixture::{Fixture, TestRequest};

#[tokio::test]
async fn a_failed_job_is_retried_or_discarded() {
    let fixture = Fixture::open();
    let (one, other) = (fixture.fail(1, "Bounced", "no").await, fixture.fail(2, "Bounced", "no").await);
    let page = fixture.done(&format!("/jobs/{one}/retry"), "").await;
    assert!(page.contains("The job is ready to run."), "{page}");
    let page = fixture.done(&format!("/jobs/{other}/discard"), "").await;
    assert!(page.contains("The job is discarded."), "{page}");
    assert_eq!((fixture.state(one).await, fixture.state(other).await), (State::Ready, State::Discarded));
}

#[tokio::test]
async fn a_scheduled_job_is_run_now_or_rescheduled() {
    let fixture = Fixture::open();
    let (now, later) = (fixture.schedule(1).await, fixture.schedule(2).await);
    assert!(fixture.page(&format!("/jobs/{now}")).await.contains("Run now"));
    fixture.done(&format!("/jobs/{now}/retry"), "").await;
    assert_eq!(fixture.state(now).await, State::Ready);

    let due = async || fixture.store.inspect().unwrap().find(later).await.unwrap().unwrap().due_at.to_string();
    fixture.done(&format!("/jobs/{later}/reschedule"), "in=2&unit=days&at=").await;
    assert_eq!(due().await, "2026-01-03T00:00:00.000000Z");
    fixture.done(&format!("/jobs/{later}/reschedule"), "in=&unit=minutes&at=2027-02-03T04%3A05").await;
    assert_eq!(due().await, "2027-02-03T04:05:00.000000Z");
}

#[tokio::test]
async fn an_invalid_time_is_explained() {
    let fixture = Fixture::open();
    let id = fixture.schedule(1).await;
    for (fields, word) in [
        ("", "Enter when"),
        ("in=2&at=2027-02-03T04%3A05", "either"),
        ("in=soon&unit=minutes", "`soon minutes`"),
        ("in=2&unit=moons", "`2 moons`"),
        ("in=-2&unit=days", "`-2 days`"),
        ("in=999999&unit=days", "a hundred years"),
        ("in=99999999999999999999&unit=days", "not a valid duration"),
        ("at=tomorrow", "`tomorrow`"),
    ] {
        let response = fixture.submit(&format!("/jobs/{id}/reschedule"), fields).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST, "{fields}");
        assert!(response.body.contains(word), "{fields}: {}", response.body);
    }
}

#[tokio::test]
async fn an_action_that_does_not_apply_is_explained_and_not_taken() {
    let fixture = Fixture::open();
    let id = fixture.finish(1).await;
    assert!(!fixture.page(&format!("/jobs/{id}")).await.contains("method=\"post\""), "there is no button");
    for verb in ["retry", "discard"] {
        let page = fixture.done(&format!("/jobs/{id}/{verb}"), "").await;
        assert!(page.contains("Nothing was changed: a job that is finished cannot be"), "{page}");
    }
    assert_eq!(fixture.state(id).await, State::Finished);
}

#[tokio::test]
async fn selected_jobs_are_changed_and_no_others() {
    let fixture = Fixture::open();
    let jobs =
        [fixture.fail(1, "Bounced", "no").await, fixture.fail(2, "Bounced", "no").await, fixture.finish(3).await];
    let page = fixture.page("/jobs?state=failed").await;
    assert!(page.contains(&format!("type=\"checkbox\" name=\"id\" value=\"{}\"", jobs[0])), "{page}");
    assert!(!fixture.page("/jobs?state=finished").await.contains("checkbox"), "no action applies to finished jobs");
    let page = fixture.done("/selected", &format!("state=failed&id={}&id={}&verb=retry", jobs[0], jobs[2])).await;
    assert!(page.contains("1 job retried; 1 could not be changed."), "{page}");
    assert_eq!(fixture.state(jobs[0]).await, State::Ready);
    assert_eq!((fixture.state(jobs[1]).await, fixture.state(jobs[2]).await), (State::Failed, State::Finished));
    for fields in ["verb=retry".to_owned(), "verb=retry&id=x7".to_owned(), format!("verb=reschedule&id={}", jobs[1])] {
        assert_eq!(fixture.submit("/selected", &fields).await.status, StatusCode::BAD_REQUEST, "{fields}");
    }
}

#[tokio::test]
async fn a_retry_that_is_refused_names_the_job_that_holds_the_unique_key() {
    let fixture = Fixture::open();
    let key = UniqueKey::of("once", &Unique::until(UniqueUntil::Done), "{}", None).unwrap();
    let failed = fixture.enqueue(1, |job| job.unique_key = key).await;
    fixture.fail_as(failed, "no").await;
    let holder = fixture.enqueue(2, |job| job.unique_key = key).await;
    let reason = format!("another job, {holder}, holds its unique key");
    assert!(fixture.done(&format!("/jobs/{failed}/retry"), "").await.contains(&reason));
    let api = TestRequest::page(&format!("/api/jobs/{failed}/retry")).method(Method::POST).header("jobs-request", "1");
    let response = fixture.send(api).await;
    assert_eq!(response.status, StatusCode::CONFLICT);
    assert!(response.body.contains(&reason), "{}", response.body);
    for (path, fields) in [("/bulk/retry", "state=failed"), ("/selected", &*format!("verb=retry&id={failed}"))] {
        let page = fixture.done(path, fields).await;
        assert!(page.contains("0 jobs retried") && page.contains(&holder.to_string()), "{path}: {page}");
    }
}
