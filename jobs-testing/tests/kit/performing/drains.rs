//! Drains: once, until nothing is left, and their errors.

use std::time::Duration;

use jobs::prelude::*;
use jobs::store::NewJob;
use jobs::{JobId, State};
use jobs_testing::DrainError;

use crate::fixture::{Bounced, Busy, Call, CallLog, Chain, Digest, Pay, Resize, SendMail, mail, picture, plain, test};

#[tokio::test]
async fn each_waiting_job_is_performed_once_and_the_number_is_returned() {
    let (test, calls) = test();
    let _entered = test.enter();
    mail(1).await;
    picture("cat.png").await;
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 2);
    test.assert_no_enqueued_jobs();
    test.assert_performed_jobs(2);
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 0);
    assert_eq!(calls.all(), ["resize cat.png", "mail 1"]);
}

#[tokio::test]
async fn what_a_performed_job_enqueues_waits_for_the_next_drain() {
    let (test, calls) = test();
    let _entered = test.enter();
    Chain::perform_later(2).await.unwrap();
    let inside = test.from_now();
    test.perform_enqueued_jobs().await.unwrap();
    assert_eq!(calls.all(), ["chain 2", "end 2"]);
    inside.assert_enqueued_jobs(1);
    test.assert_enqueued_with(Chain::new(1));
}

#[tokio::test]
async fn until_empty_performs_also_what_is_enqueued_meanwhile() {
    let (test, calls) = test();
    let _entered = test.enter();
    Chain::perform_later(3).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().until_empty().await.unwrap(), 4);
    test.assert_no_enqueued_jobs();
    assert_eq!(calls.all().last().unwrap(), "end 0");
}

#[tokio::test]
async fn only_what_the_view_sees_is_performed() {
    let (test, _entered) = plain();
    mail(1).await;
    picture("cat.png").await;
    Digest::perform_later(1).await.unwrap();
    SendMail::perform_later(2).queue("high").await.unwrap();
    assert_eq!(test.only::<SendMail>().queue("mail").perform_enqueued_jobs().await.unwrap(), 1);
    assert_eq!(test.except::<SendMail>().queue("mail").perform_enqueued_jobs().await.unwrap(), 1);
    assert_eq!(test.queue("high").perform_enqueued_jobs().await.unwrap(), 1);
    test.assert_enqueued_jobs(1);
    assert_eq!(test.except::<Resize>().perform_enqueued_jobs().await.unwrap(), 0);
    assert_eq!(test.only_if(|seen| seen.priority() == 5).perform_enqueued_jobs().await.unwrap(), 1);
    test.assert_performed_jobs(4);
}

#[tokio::test]
async fn a_drain_of_a_view_leaves_no_filter_behind() {
    let (test, _entered) = plain();
    mail(1).await;
    picture("cat.png").await;
    test.except::<SendMail>().perform_enqueued_jobs().await.unwrap();
    test.queue("nowhere").perform_enqueued_jobs().await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1, "the mail is left and may run");
}

#[tokio::test]
async fn a_drain_from_now_on_leaves_older_jobs_alone() {
    let (test, _entered) = plain();
    mail(1).await;
    let later = test.from_now();
    mail(2).await;
    assert_eq!(later.perform_enqueued_jobs().await.unwrap(), 1);
    test.assert_enqueued_with(SendMail::new(1));
}

#[tokio::test]
async fn an_error_that_no_rule_takes_comes_out_and_names_the_job_and_the_error() {
    let (test, _entered) = plain();
    mail(0).await;
    mail(2).await;
    let error = test.perform_enqueued_jobs().await.unwrap_err();
    assert!(error.is::<Bounced>() && !error.is::<Busy>(), "{error}");
    assert_eq!((error.job().name(), error.job().record.state), ("send_mail", State::Failed));
    let words = error.to_string();
    assert!(
        words.starts_with("`send_mail` failed at attempt 1: ") && words.contains("Bounced: it came back"),
        "{words}"
    );
    assert!(words.contains("on queue `mail`") && words.contains("with {\"to\":0}"), "{words}");
    assert_eq!(format!("{error:?}"), words, "so that `unwrap()` says it");
    test.assert_enqueued_jobs(1);
    test.assert_performed_jobs(1);
}

#[tokio::test]
async fn a_drain_that_keeps_failures_continues_and_lists_them() {
    let (test, _entered) = plain();
    mail(0).await;
    mail(2).await;
    assert_eq!(test.perform_enqueued_jobs().and_keep_failures().await.unwrap(), 2);
    let failed = test.failed_jobs();
    assert_eq!(failed.len(), 1);
    assert_eq!((failed[0].job::<SendMail>().to, failed[0].record.errors[0].message.as_str()), (0, "it came back"));
    test.assert_no_enqueued_jobs();
    assert!(test.discarded_jobs().is_empty());
}

#[job]
async fn blow_up(why: String) {
    assert!(why.is_empty(), "{why}");
}

#[tokio::test]
async fn a_panic_in_a_job_comes_out_as_an_error_and_not_as_a_panic() {
    let (test, _entered) = plain();
    BlowUp::perform_later("a spark").await.unwrap();
    let error = test.perform_enqueued_jobs().await.unwrap_err();
    assert!(error.is::<jobs::Panic>() && error.to_string().contains("a spark"), "{error}");
}

#[tokio::test]
async fn a_job_that_a_rule_discards_is_no_error_and_is_listed() {
    let (test, _entered) = plain();
    Pay::perform_later(0, "4242").await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
    let discarded = test.discarded_jobs();
    assert_eq!(discarded.len(), 1);
    assert_eq!(discarded[0].record.errors[0].message, "it came back");
    assert!(test.failed_jobs().is_empty());
}

async fn store_raw(test: &jobs_testing::TestJobs, name: &str, arguments: &str) {
    let new = NewJob::new(JobId::from_bytes([7; 16]), name, arguments);
    test.client().store().enqueue(&[new]).await.unwrap();
}

#[tokio::test]
async fn arguments_that_cannot_be_read_are_no_error_where_a_rule_takes_them() {
    let (test, _entered) = plain();
    store_raw(&test, "pay", r#"{"order":"one","card":"4242"}"#).await;
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
    assert_eq!(test.discarded_jobs().len(), 1);
}

#[tokio::test]
async fn a_job_of_an_unknown_name_is_an_error_and_waits_on() {
    let (test, _entered) = plain();
    store_raw(&test, "left_over", "{}").await;
    mail(1).await;
    let error = test.perform_enqueued_jobs().await.unwrap_err();
    assert!(matches!(error, DrainError::Unknown { .. }), "{error}");
    assert!(error.to_string().starts_with("no job named `left_over` is registered in this test"), "{error}");
    assert_eq!(test.perform_enqueued_jobs().until_empty().and_keep_failures().await.unwrap(), 1);
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn a_scheduled_job_of_an_unknown_name_is_an_error_when_due_or_is_left_out() {
    let (test, _entered) = plain();
    let start = test.now();
    let mut new = NewJob::new(JobId::from_bytes([7; 16]), "left_over", "{}");
    new.due = jobs::Due::In(Duration::from_secs(60));
    test.client().store().enqueue(&[new]).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().until_empty().and_keep_failures().await.unwrap(), 0);
    assert_eq!(test.now(), start, "the drain does not wait for it");
    let error = test.perform_enqueued_jobs().until_empty().await.unwrap_err();
    assert!(matches!(error, DrainError::Unknown { .. }), "{error}");
}

#[tokio::test]
async fn a_view_from_now_on_lists_only_what_failed_or_was_discarded_after_it() {
    let (test, _entered) = plain();
    let both = || async {
        mail(0).await;
        Pay::perform_later(0, "").await.unwrap();
        test.perform_enqueued_jobs().and_keep_failures().await.unwrap();
    };
    both().await;
    let later = test.from_now();
    assert_eq!((later.failed_jobs().len(), later.discarded_jobs().len()), (0, 0));
    both().await;
    assert_eq!((later.failed_jobs().len(), later.discarded_jobs().len()), (1, 1));
    assert_eq!((test.failed_jobs().len(), test.only::<Pay>().discarded_jobs().len()), (2, 2));
}

#[job]
async fn forever() -> Result<(), jobs::Error> {
    Forever::perform_later().await.map(|_| ())
}

#[tokio::test]
async fn a_loop_of_jobs_ends_with_an_error() {
    let (test, _entered) = plain();
    Forever::perform_later().await.unwrap();
    let error = test.perform_enqueued_jobs().until_empty().await.unwrap_err();
    assert!(matches!(&error, DrainError::Endless { performed: 10_001, .. }), "{error}");
    assert!(error.to_string().contains("is it a loop? Next:\n  forever on queue"), "{error}");
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn more_jobs_than_a_loop_may_have_are_performed_if_they_wait_at_the_start() {
    let (test, _entered) = plain();
    test.client().perform_all_later((1..=10_500).map(SendMail::new)).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().until_empty().await.unwrap(), 10_500);
}

#[job]
async fn hang(calls: &CallLog) {
    calls.add("hangs");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_dropped_drain_releases_its_jobs() {
    let (test, calls) = test();
    let _entered = test.enter();
    Hang::perform_later().priority(9).await.unwrap();
    mail(1).await;
    let drain = test.perform_enqueued_jobs().into_future();
    assert!(tokio::time::timeout(Duration::from_millis(1), drain).await.is_err());
    assert_eq!(calls.all(), ["hangs"]);
    test.assert_enqueued_jobs(2);
    assert_eq!(test.enqueued_jobs()[0].record.attempts, 0, "the attempt does not count");
    assert_eq!(test.except::<Hang>().perform_enqueued_jobs().await.unwrap(), 1);
}

#[tokio::test]
async fn while_a_drain_performs_one_job_the_others_are_seen_as_waiting() {
    let (test, _entered) = plain();
    Hang::perform_later().priority(9).await.unwrap();
    mail(1).await;
    let mut drain = Box::pin(test.perform_enqueued_jobs().into_future());
    tokio::select! {
        biased;
        _ = &mut drain => panic!("it hangs"),
        () = std::future::ready(()) => test.assert_enqueued_with(SendMail::new(1)),
    };
    test.only::<SendMail>().assert_enqueued_jobs(1);
    assert_eq!(test.enqueued_jobs()[0].record.attempts, 0);
    test.only::<Hang>().assert_performed_jobs(1);
}

#[tokio::test]
async fn a_job_of_a_paused_queue_is_left_alone() {
    let (test, _entered) = plain();
    mail(1).await;
    let manage = test.client().store().manage().unwrap();
    manage.pause("mail").await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().until_empty().await.unwrap(), 0);
    manage.resume("mail").await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
}

#[tokio::test]
async fn the_attempt_count_continues_after_a_manual_retry() {
    let (test, _entered) = plain();
    Call::perform_later(0).await.unwrap();
    test.perform_enqueued_jobs().until_empty().await.unwrap_err();
    let id = test.failed_jobs()[0].id();
    test.client().store().manage().unwrap().retry(&[id]).await.unwrap();
    test.assert_enqueued_jobs(1);
    assert_eq!(test.enqueued_jobs()[0].record.attempts, 2);
}
