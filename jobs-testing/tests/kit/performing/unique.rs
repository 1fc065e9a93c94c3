//! Unique jobs in tests: duplicates are found as in production.

use std::time::Duration;

use jobs::prelude::*;
use jobs::unique::UniqueUntil;

use crate::fixture::{CallLog, SendMail, plain};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_duplicate_is_answered_and_counts_as_nothing() {
    let (test, _entered) = plain();
    let first = SendMail::perform_later(1).unique_for(HOUR).await.unwrap();
    let second = SendMail::perform_later(1).unique_for(HOUR).await.unwrap();
    assert_eq!(Some(second), first.id().map(|of| Enqueued::Duplicate { of }));
    test.assert_enqueued_jobs(1);
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
    test.assert_performed_jobs(1);
    assert_eq!(SendMail::perform_later(1).unique_for(HOUR).await.unwrap(), second, "the hour is not over");
    test.travel(HOUR);
    assert!(matches!(SendMail::perform_later(1).unique_for(HOUR).await.unwrap(), Enqueued::New(_)));
}

#[tokio::test]
async fn a_drain_frees_unique_keys() {
    let (test, _entered) = plain();
    for until in [UniqueUntil::Start, UniqueUntil::Done] {
        for _ in 0..2 {
            let answer = SendMail::perform_later(1).unique_until(until).await.unwrap();
            assert!(matches!(answer, Enqueued::New(_)), "{until}: the one before has run");
            assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
        }
    }
}

#[tokio::test]
async fn inline_knows_no_duplicates() {
    let calls = CallLog::default();
    let runtime = Runtime::builder().connect("inline:").provide(calls.clone()).build().await.unwrap();
    for _ in 0..2 {
        let answer = SendMail::perform_later(1).unique_for(HOUR).on(&runtime.client()).await.unwrap();
        assert!(matches!(answer, Enqueued::New(_)));
    }
    assert_eq!(calls.all(), ["mail 1", "mail 1"]);
}
