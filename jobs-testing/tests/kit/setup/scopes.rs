//! Which enqueues a test sees.

use jobs::Client;
use jobs::prelude::*;

use crate::fixture::{CallLog, Chain, SendMail, enqueue, mail, test};

mod shop {
    use super::SendMail;

    /// Code of an application, which names no client.
    pub(super) async fn check_out(order: u64) -> Result<(), jobs::Error> {
        confirm(order).await
    }

    async fn confirm(order: u64) -> Result<(), jobs::Error> {
        Box::pin(async move { SendMail::perform_later(order).await.map(drop) }).await
    }

    pub(super) async fn check_out_apart(order: u64) {
        tokio::spawn(async move { check_out(order).await.unwrap() }).await.unwrap();
    }
}

#[tokio::test]
async fn jobs_enqueued_deep_inside_a_scope_are_seen_and_its_value_is_returned() {
    let (test, _) = test();
    let done = test.scope(shop::check_out(7)).await;
    assert!(done.is_ok());
    test.assert_enqueued_with(SendMail::new(7));
}

#[tokio::test]
async fn after_enter_tasks_that_are_spawned_on_the_thread_are_seen_too() {
    let (test, _) = test();
    let _entered = test.enter();
    shop::check_out_apart(8).await;
    test.assert_enqueued_with(SendMail::new(8));
}

#[tokio::test]
async fn a_spawned_task_is_in_the_scope_if_it_is_given_it() {
    let (test, _) = test();
    test.scope(async {
        let jobs = Client::current().unwrap();
        tokio::spawn(async move { jobs.scope(shop::check_out(9)).await.unwrap() }).await.unwrap();
    })
    .await;
    test.assert_enqueued_with(SendMail::new(9));
}

#[tokio::test]
async fn an_explicit_client_needs_no_scope() {
    let (test, _) = test();
    SendMail::perform_later(1).on(test.client()).await.unwrap();
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn when_the_guard_is_dropped_the_previous_client_is_current_again() {
    let ((outer, _), (inner, _)) = (test(), test());
    let _outer = outer.enter();
    let entered = inner.enter();
    mail(1).await;
    outer.scope(mail(2)).await;
    drop(entered);
    mail(3).await;
    inner.assert_enqueued_jobs(1);
    outer.assert_enqueued_jobs(2);
}

#[tokio::test]
async fn performing_now_in_a_scope_provides_the_values_of_the_test() {
    let (test, calls) = test();
    test.scope(async { SendMail::perform_now(3).await.unwrap() }).await;
    assert_eq!(calls.all(), ["mail 3"]);
}

#[tokio::test]
async fn a_performed_job_enqueues_into_the_test_without_a_scope() {
    let (test, _) = test();
    Chain::perform_later(1).on(test.client()).await.unwrap();
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_enqueued_with(Chain::new(0));
}

/// Enqueues from a task of its own.
#[job]
async fn fan_out(count: u64, calls: &CallLog) {
    let jobs = Client::current().unwrap();
    let each = (1..=count).map(|to| {
        tokio::spawn({
            let jobs = jobs.clone();
            async move { jobs.scope(mail(to)).await }
        })
    });
    for task in each.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    calls.add("fanned out");
}

#[tokio::test]
async fn in_a_performing_block_jobs_of_spawned_tasks_are_performed_too() {
    let (test, calls) = test();
    test.perform_enqueued_jobs().during(enqueue(FanOut::new(5))).await.unwrap();
    test.only::<SendMail>().assert_performed_jobs(5);
    test.assert_no_enqueued_jobs();
    assert_eq!(calls.all().last().unwrap(), "fanned out");
}
