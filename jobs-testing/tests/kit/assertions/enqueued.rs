//! Counting what was enqueued.

use std::time::Duration;

use jobs::{AnyJob, Enqueued};

use crate::fixture::{Careful, Chain, SendMail, assert_fails, mail, picture, plain, test};

#[tokio::test]
async fn enqueued_jobs_are_counted_and_the_count_grows() {
    let (test, _entered) = plain();
    test.assert_no_enqueued_jobs();
    mail(1).await;
    test.assert_enqueued_jobs(1);
    mail(2).await;
    picture("cat.png").await;
    test.assert_enqueued_jobs(3);
}

#[tokio::test]
async fn a_block_counts_only_what_is_enqueued_in_it() {
    let (test, _entered) = plain();
    mail(1).await;
    let first = test.during(mail(2)).await;
    first.assert_enqueued_jobs(1);
    let second = test.during(async {
        mail(3).await;
        mail(4).await;
    });
    second.await.assert_enqueued_jobs(2);
    test.assert_enqueued_jobs(4);
}

#[tokio::test]
async fn a_view_from_now_on_counts_what_comes_after_it() {
    let (test, _entered) = plain();
    mail(1).await;
    let later = test.from_now();
    later.assert_no_enqueued_jobs();
    mail(2).await;
    later.assert_enqueued_jobs(1);
    assert_eq!(later.enqueued_jobs()[0].job::<SendMail>().to, 2);
}

#[tokio::test]
async fn a_job_from_before_the_block_is_not_counted_and_the_message_has_both_numbers() {
    let (test, _entered) = plain();
    mail(1).await;
    let inside = test.during(mail(2)).await;
    assert_fails("2 jobs were to be enqueued since then, but 1 was.", || inside.assert_enqueued_jobs(2));
}

#[tokio::test]
async fn too_few_and_too_many_enqueued_jobs_fail_with_both_numbers() {
    let (test, _entered) = plain();
    mail(1).await;
    assert_fails("2 jobs were to be enqueued, but 1 was.", || test.assert_enqueued_jobs(2));
    assert_fails("0 jobs were to be enqueued, but 1 was.", || test.assert_no_enqueued_jobs());
    mail(2).await;
    assert_fails("1 job was to be enqueued, but 2 were.", || test.assert_enqueued_jobs(1));
}

#[tokio::test]
async fn performing_at_once_enqueues_nothing() {
    let (test, calls) = test();
    let block = async { SendMail::perform_now(1).await.unwrap() };
    let inside = test.during(block).await;
    inside.assert_no_enqueued_jobs();
    inside.assert_no_performed_jobs();
    assert_eq!(calls.all(), ["mail 1"]);
}

#[tokio::test]
async fn counting_consumes_nothing() {
    let (test, _entered) = plain();
    mail(1).await;
    test.assert_enqueued_jobs(1);
    test.assert_enqueued_with(SendMail::new(1));
    assert_eq!(test.enqueued_jobs().len(), 1);
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn scheduled_jobs_count_as_enqueued_and_the_list_is_in_the_order_of_enqueuing() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).wait(Duration::from_secs(60)).await.unwrap();
    SendMail::perform_later(2).priority(9).await.unwrap();
    SendMail::perform_later(3).await.unwrap();
    let listed: Vec<_> = test.enqueued_jobs().iter().map(|seen| seen.job::<SendMail>().to).collect();
    assert_eq!(listed, [1, 2, 3]);
}

#[tokio::test]
async fn each_job_of_a_bulk_counts() {
    let (test, _entered) = plain();
    let mails = (0..2500).map(SendMail::new);
    assert_eq!(test.client().perform_all_later(mails).await.unwrap().len(), 2500);
    test.assert_enqueued_jobs(2500);
    let mixed = [AnyJob::from(SendMail::perform_later(7).queue("high")), AnyJob::from(Chain::new(0))];
    test.client().perform_all_later(mixed).await.unwrap();
    test.only::<Chain>().assert_enqueued_jobs(1);
    test.queue("high").assert_enqueued_with(SendMail::new(7));
}

#[tokio::test]
async fn a_halted_enqueue_does_not_count() {
    let (test, _entered) = plain();
    assert_eq!(Careful::perform_later(1).await.unwrap(), Enqueued::Halted);
    test.assert_no_enqueued_jobs();
    Careful::perform_later(2).await.unwrap();
    test.assert_enqueued_jobs(1);
}
