//! One job is changed by hand.

use axum::http::StatusCode;
use jobs_core::State;

use crate::stage::Stage;

#[tokio::test]
async fn a_failed_job_is_retried_or_discarded() {
    let stage = Stage::open();
    let (one, other) = (stage.fail(1, "Bounced", "no").await, stage.fail(2, "Bounced", "no").await);
    let page = stage.done(&format!("/jobs/{one}/retry"), "").await;
    assert!(page.contains("The job is ready to run."), "{page}");
    let page = stage.done(&format!("/jobs/{other}/discard"), "").await;
    assert!(page.contains("The job is discarded."), "{page}");
    assert_eq!((stage.state(one).await, stage.state(other).await), (State::Ready, State::Discarded));
}

#[tokio::test]
async fn a_scheduled_job_is_run_now_or_at_another_time() {
    let stage = Stage::open();
    let (now, later) = (stage.later(1).await, stage.later(2).await);
    assert!(stage.page(&format!("/jobs/{now}")).await.contains("Run now"));
    stage.done(&format!("/jobs/{now}/retry"), "").await;
    assert_eq!(stage.state(now).await, State::Ready);

    let due = async || stage.store.inspect().unwrap().find(later).await.unwrap().unwrap().due_at.to_string();
    stage.done(&format!("/jobs/{later}/reschedule"), "in=2&unit=days&at=").await;
    assert_eq!(due().await, "2026-01-03T00:00:00.000000Z");
    stage.done(&format!("/jobs/{later}/reschedule"), "in=&unit=minutes&at=2027-02-03T04%3A05").await;
    assert_eq!(due().await, "2027-02-03T04:05:00.000000Z");
}

#[tokio::test]
async fn a_time_that_cannot_be_is_said_in_words() {
    let stage = Stage::open();
    let id = stage.later(1).await;
    for (fields, word) in [
        ("", "Say when"),
        ("in=2&at=2027-02-03T04%3A05", "either"),
        ("in=soon&unit=minutes", "`soon minutes`"),
        ("in=2&unit=moons", "`2 moons`"),
        ("in=-2&unit=days", "`-2 days`"),
        ("in=999999&unit=days", "a hundred years"),
        ("in=99999999999999999999&unit=days", "no span"),
        ("at=tomorrow", "`tomorrow`"),
    ] {
        let told = stage.submit(&format!("/jobs/{id}/reschedule"), fields).await;
        assert_eq!(told.status, StatusCode::BAD_REQUEST, "{fields}");
        assert!(told.body.contains(word), "{fields}: {}", told.body);
    }
}

#[tokio::test]
async fn what_cannot_be_done_to_a_job_is_said_and_not_done() {
    let stage = Stage::open();
    let id = stage.finish(1).await;
    assert!(!stage.page(&format!("/jobs/{id}")).await.contains("method=\"post\""), "there is nothing to press");
    for verb in ["retry", "discard"] {
        let page = stage.done(&format!("/jobs/{id}/{verb}"), "").await;
        assert!(page.contains("Nothing happened: a job that is finished cannot be"), "{page}");
    }
    assert_eq!(stage.state(id).await, State::Finished);
}

#[tokio::test]
async fn jobs_that_are_chosen_are_changed_and_no_others() {
    let stage = Stage::open();
    let jobs = [stage.fail(1, "Bounced", "no").await, stage.fail(2, "Bounced", "no").await, stage.finish(3).await];
    let page = stage.page("/jobs?state=failed").await;
    assert!(page.contains(&format!("type=\"checkbox\" name=\"id\" value=\"{}\"", jobs[0])), "{page}");
    assert!(!stage.page("/jobs?state=finished").await.contains("checkbox"), "nothing can be done to those");
    let page = stage.done("/chosen", &format!("state=failed&id={}&id={}&verb=retry", jobs[0], jobs[2])).await;
    assert!(page.contains("1 jobs retried; 1 could not be."), "{page}");
    assert_eq!(stage.state(jobs[0]).await, State::Ready);
    assert_eq!((stage.state(jobs[1]).await, stage.state(jobs[2]).await), (State::Failed, State::Finished));
    for fields in ["verb=retry".to_owned(), "verb=retry&id=7".to_owned(), format!("verb=reschedule&id={}", jobs[1])] {
        assert_eq!(stage.submit("/chosen", &fields).await.status, StatusCode::BAD_REQUEST, "{fields}");
    }
}
