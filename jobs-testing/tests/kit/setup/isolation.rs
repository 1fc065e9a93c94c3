//! Tests do not see each other.

use std::sync::Arc;

use jobs_testing::TestJobs;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::fixture::{CallLog, SendMail, mail, test};

async fn one_of_many(number: u64, together: Arc<Barrier>) {
    let calls = CallLog::default();
    let test = TestJobs::builder().provide(calls.clone()).build();
    together.wait().await;
    test.scope(async {
        for to in 0..number {
            mail(number * 100 + to).await;
            tokio::task::yield_now().await;
        }
    })
    .await;
    together.wait().await;
    test.assert_enqueued_jobs(usize::try_from(number).unwrap());
    test.travel(std::time::Duration::from_secs(number));
    test.perform_enqueued_jobs().await.unwrap();
    together.wait().await;
    test.assert_performed_jobs(usize::try_from(number).unwrap());
    assert!(calls.all().iter().all(|note| note.starts_with(&format!("mail {number}"))), "{:?}", calls.all());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tests_that_run_at_once_see_only_their_own_jobs() {
    let together = Arc::new(Barrier::new(8));
    let mut tests: JoinSet<_> = (1..=8).map(|number| one_of_many(number, Arc::clone(&together))).collect();
    while let Some(ended) = tests.join_next().await {
        ended.unwrap();
    }
}

#[tokio::test]
async fn two_tests_have_clocks_of_their_own() {
    let ((one, _), (other, _)) = (test(), test());
    let before = other.now();
    one.travel(std::time::Duration::from_secs(1000));
    assert_eq!(other.now(), before);
}

#[tokio::test]
async fn the_same_test_has_the_same_ids_in_each_run_and_another_seed_gives_others() {
    let start = jobs::Timestamp::from_micros(1_767_225_600_000_000);
    let ids = |seed| async move {
        let test = TestJobs::builder().provide(CallLog::default()).at(start).seed(seed).build();
        test.scope(mail(1)).await;
        test.enqueued_jobs()[0].id()
    };
    assert_eq!(ids(1).await, ids(1).await);
    assert_ne!(ids(1).await, ids(2).await);
}

#[tokio::test]
async fn the_events_of_a_test_are_recorded() {
    let (test, _) = test();
    test.scope(mail(1)).await;
    test.perform_enqueued_jobs().await.unwrap();
    let names: Vec<_> = test.recorder().events().iter().map(jobs::Event::name).collect();
    assert_eq!(names, ["enqueue", "perform_start", "perform", "attempt_ended"]);
}

#[tokio::test]
async fn the_test_takes_the_same_settings_as_a_runtime() {
    let naming = jobs::runtime::QueueNaming::new().prefix("shop");
    let test = TestJobs::builder()
        .provide(CallLog::default())
        .configure(|runtime| runtime.naming(naming).argument_limit(10))
        .build();
    test.scope(mail(1)).await;
    test.queue("shop_mail").assert_enqueued_jobs(1);
    let refused = SendMail::perform_later(12_345_678).on(test.client()).await.unwrap_err();
    assert!(refused.is_invalid(), "{refused}");
    test.assert_enqueued_jobs(1);
}
