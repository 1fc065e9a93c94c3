//! Finding a job that was performed.

use std::time::Duration;

use jobs::State;
use jobs::prelude::*;
use jobs_testing::JobMatcher;

use crate::fixture::{Call, Digest, Resize, SendMail, assert_fails, mail, picture, plain};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_performed_job_matches_by_type_arguments_and_queue_and_is_returned() {
    let (test, _entered) = plain();
    mail(1).await;
    test.perform_enqueued_jobs().await.unwrap();
    let seen = test.assert_performed_with(SendMail::new(1));
    assert_eq!((seen.job::<SendMail>().to, seen.queue(), seen.at), (1, "mail", None));
    assert_eq!((seen.record.state, seen.record.attempts), (State::Finished, 1));
    test.assert_performed_with(JobMatcher::from(SendMail::new(1)).queue("mail").priority(0).at_once());
    test.assert_performed_with(JobMatcher::any::<SendMail>().queue(String::from("mail")));
    test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn a_job_performed_in_a_block_matches_likewise() {
    let (test, _entered) = plain();
    let view = test.from_now();
    test.perform_enqueued_jobs().during(mail(1)).await.unwrap();
    assert_eq!(view.assert_performed_with(SendMail::new(1)).job::<SendMail>().to, 1);
    test.assert_no_enqueued_jobs();
    test.assert_performed_jobs(1);
}

/// What a record of a database, a time and a list are as arguments: values with an equal JSON match.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Order {
    id: u64,
    lines: Vec<String>,
    placed: std::time::SystemTime,
}

#[job]
async fn ship(order: Order, also: Option<Order>) {
    drop((order, also));
}

#[tokio::test]
async fn records_times_and_lists_in_arguments_match_in_a_block() {
    let (test, _entered) = plain();
    let order = |id| Order { id, lines: vec!["tea".to_owned()], placed: std::time::SystemTime::UNIX_EPOCH + HOUR };
    let block = async move { Ship::perform_later(order(7), Some(order(8))).await.unwrap() };
    test.perform_enqueued_jobs().during(block).await.unwrap();
    let seen = test.assert_performed_with(Ship::new(order(7), Some(order(8))));
    assert_eq!(seen.job::<Ship>().order.lines, ["tea"]);
    assert_fails("no performed job is ship, with {", || test.assert_performed_with(Ship::new(order(7), None)));
}

#[tokio::test]
async fn another_type_queue_or_other_arguments_fail_with_a_message() {
    let (test, _entered) = plain();
    mail(1).await;
    test.perform_enqueued_jobs().await.unwrap();
    assert_fails("no performed job is digest, with {\"day\":1}.\nCounted:\n  send_mail on queue `mail`", || {
        test.assert_performed_with(Digest::new(1));
    });
    assert_fails("no performed job is send_mail, with {\"to\":1}, on queue `low`. Near to it:\n", || {
        test.assert_performed_with(JobMatcher::from(SendMail::new(1)).queue("low"));
    });
    assert_fails("no performed job is send_mail, with {\"to\":2}. Near to it:\n", || {
        test.assert_performed_with(SendMail::new(2));
    });
}

#[tokio::test]
async fn functions_may_be_asked_of_a_performed_job() {
    let (test, _entered) = plain();
    mail(7).await;
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_performed_with(JobMatcher::such::<SendMail>(|mail| mail.to == 7));
    test.assert_performed_with(JobMatcher::anything().that(|seen| seen.record.state == State::Finished));
    assert_fails("no performed job is send_mail, with arguments that a function accepts.", || {
        test.assert_performed_with(JobMatcher::such::<SendMail>(|mail| mail.to == 8));
    });
}

#[tokio::test]
async fn the_time_a_performed_job_was_enqueued_for_matches_and_another_does_not() {
    let (test, _entered) = plain();
    let noon = test.now() + 12 * HOUR;
    SendMail::perform_later(1).wait_until(noon).await.unwrap();
    SendMail::perform_later(2).wait(HOUR).await.unwrap();
    let start = test.now();
    test.perform_enqueued_jobs().until_empty().await.unwrap();
    assert_eq!(test.now(), noon, "the clock went to the last of them");
    test.assert_performed_with(JobMatcher::from(SendMail::new(1)).at(noon));
    test.assert_performed_with(JobMatcher::from(SendMail::new(2)).at(start + HOUR));
    assert_fails("no performed job is send_mail, with {\"to\":1}, at ", || {
        test.assert_performed_with(JobMatcher::from(SendMail::new(1)).at(noon + 24 * HOUR));
    });
    assert_fails("no performed job is send_mail, with {\"to\":2}, at ", || {
        test.assert_performed_with(JobMatcher::from(SendMail::new(2)).wait(2 * HOUR));
    });
}

#[tokio::test]
async fn a_run_keeps_its_queue_and_priority_if_its_retry_has_others() {
    let (test, _entered) = plain();
    Call::perform_later(0).await.unwrap();
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_performed_with(JobMatcher::from(Call::new(0)).queue("default").priority(0).at_once());
    test.assert_enqueued_with(JobMatcher::from(Call::new(0)).queue("slow").priority(9).wait(Duration::from_secs(3)));
}

#[tokio::test]
async fn runs_are_listed_in_their_order_which_is_that_of_a_worker() {
    let (test, _entered) = plain();
    mail(1).await;
    mail(2).await;
    picture("urgent.png").await;
    test.perform_enqueued_jobs().await.unwrap();
    let names: Vec<_> = test.performed_jobs().iter().map(|seen| seen.name().to_owned()).collect();
    assert_eq!(names, ["resize", "send_mail", "send_mail"], "higher priority first");
    assert!(test.performed_jobs()[0].is::<Resize>());
}
