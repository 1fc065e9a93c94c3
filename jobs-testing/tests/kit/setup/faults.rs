//! A store that fails on demand.

use jobs::Error;

use crate::fixture::{Chain, SendMail, mail, plain};

#[tokio::test]
async fn an_enqueue_that_the_store_refuses_is_the_callers_error_and_nothing_is_there() {
    let (test, _entered) = plain();
    test.faults().fail_before("enqueue", 1, || Error::transient("the store is gone"));
    let error = SendMail::perform_later(1).await.unwrap_err();
    assert!(error.is_transient(), "{error}");
    test.assert_no_enqueued_jobs();
    mail(2).await;
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn an_answer_that_is_lost_leaves_the_job_there() {
    let (test, _entered) = plain();
    test.faults().fail_after("enqueue", 1, || Error::transient("no answer"));
    SendMail::perform_later(1).await.unwrap_err();
    test.assert_enqueued_with(SendMail::new(1));
}

#[tokio::test]
async fn a_job_that_cannot_enqueue_fails_and_the_drain_itself_goes_past_the_faults() {
    let (test, _entered) = plain();
    Chain::perform_later(1).await.unwrap();
    for call in ["enqueue", "claim", "settle", "dispatch"] {
        test.faults().fail_before(call, 1, || Error::transient("the store is gone"));
    }
    let error = test.perform_enqueued_jobs().await.unwrap_err();
    assert!(error.is::<Error>() && error.to_string().contains("the store is gone"), "{error}");
    assert_eq!(test.failed_jobs().len(), 1);
}
