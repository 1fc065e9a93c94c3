//! Finding a job that was enqueued.

use std::collections::BTreeMap;
use std::time::Duration;

use jobs::Timestamp;
use jobs::prelude::*;
use jobs_testing::{JobMatcher, TestJobs};

use crate::fixture::{Call, Chain, Digest, Resize, SendMail, assert_fails, mail, picture, plain};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_job_matches_by_its_type_and_arguments_and_the_match_is_returned() {
    let (test, _entered) = plain();
    mail(1).await;
    mail(2).await;
    let seen = test.assert_enqueued_with(SendMail::new(2));
    assert!(seen.is::<SendMail>() && !seen.is::<Resize>());
    assert_eq!((seen.job::<SendMail>().to, seen.queue(), seen.priority(), seen.at), (2, "mail", 0, None));
    assert_eq!(seen.id(), test.enqueued_jobs()[1].id());
}

#[tokio::test]
async fn a_job_of_a_block_matches_and_one_before_it_does_not() {
    let (test, _entered) = plain();
    mail(1).await;
    let inside = test.during(mail(2)).await;
    inside.assert_enqueued_with(SendMail::new(2));
    assert_fails("no enqueued job since then is send_mail, with {\"to\":1}.", || {
        inside.assert_enqueued_with(SendMail::new(1));
    });
}

#[tokio::test]
async fn queue_and_priority_are_asked_only_if_they_are_said() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).queue("high").priority(10).await.unwrap();
    test.assert_enqueued_with(SendMail::new(1));
    test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).queue("high").priority(10));
    test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).queue(String::from("high")));
    assert_fails("no enqueued job is send_mail, with {\"to\":1}, on queue `low`.", || {
        test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).queue("low"));
    });
    assert_fails("no enqueued job is send_mail, with {\"to\":1}, priority 9.", || {
        test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).priority(9));
    });
}

#[tokio::test]
async fn another_type_and_other_arguments_do_not_match() {
    let (test, _entered) = plain();
    mail(1).await;
    assert_fails("no enqueued job is digest", || test.assert_enqueued_with(Digest::new(1)));
    assert_fails("no enqueued job is send_mail, with {\"to\":2}", || test.assert_enqueued_with(SendMail::new(2)));
}

#[tokio::test]
async fn a_type_alone_and_functions_of_the_job_or_of_what_is_stored_may_be_asked() {
    let (test, _entered) = plain();
    mail(7).await;
    test.assert_enqueued_with(JobMatcher::any::<SendMail>());
    test.assert_enqueued_with(JobMatcher::such::<SendMail>(|mail| mail.to > 5));
    test.assert_enqueued_with(JobMatcher::anything().that(|seen| seen.queue().starts_with('m')));
    assert_fails("no enqueued job is send_mail, with arguments that a function accepts.", || {
        test.assert_enqueued_with(JobMatcher::such::<SendMail>(|mail| mail.to > 7));
    });
    assert_fails("no enqueued job is a job, such that a function accepts it.", || {
        test.assert_enqueued_with(JobMatcher::anything().that(|seen| seen.priority() > 0));
    });
}

#[tokio::test]
async fn a_point_in_time_matches_exactly_and_another_day_does_not() {
    let (test, _entered) = plain();
    let noon = test.now() + 12 * HOUR;
    SendMail::perform_later(1).wait_until(noon).await.unwrap();
    let seen = test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).at(noon));
    assert_eq!(seen.at, Some(noon));
    test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).wait(12 * HOUR));
    assert_fails("no enqueued job is send_mail, with {\"to\":1}, at ", || {
        test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).at(noon + 24 * HOUR));
    });
    assert_fails("no enqueued job is send_mail, with {\"to\":1}, at once.", || {
        test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).at_once());
    });
}

#[tokio::test]
async fn a_tolerance_lets_a_time_be_off_in_both_directions_and_no_further() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).wait(HOUR).await.unwrap();
    let near = |off: u64| JobMatcher::any::<SendMail>().wait(HOUR + Duration::from_millis(off));
    test.assert_enqueued_with(near(900).within(Duration::from_secs(1)));
    test.travel(Duration::from_millis(900));
    test.assert_enqueued_with(near(0).within(Duration::from_secs(1)));
    assert_fails("no enqueued job is send_mail, at ", || test.assert_enqueued_with(near(0)));
    assert_fails("no enqueued job is send_mail, at ", || {
        test.assert_enqueued_with(near(1).within(Duration::from_millis(900)));
    });
}

#[tokio::test]
async fn a_job_at_once_has_no_time_and_is_found_so() {
    let (test, _entered) = plain();
    mail(1).await;
    assert_eq!(test.assert_enqueued_with(JobMatcher::from(SendMail::new(1)).at_once()).at, None);
}

/// What times and maps look like in arguments.
#[job]
async fn archive(until: Timestamp, labels: BTreeMap<String, u32>, note: Option<String>) {
    drop((until, labels, note));
}

#[tokio::test]
async fn times_maps_and_nothing_in_arguments_match_by_equality() {
    let (test, _entered) = plain();
    let until = Timestamp::from_micros(1_767_225_600_123_457);
    let labels = |pairs: [(&str, u32); 2]| pairs.map(|(name, count)| (name.to_owned(), count)).into();
    Archive::perform_later(until, labels([("b", 2), ("a", 1)]), None).await.unwrap();
    test.assert_enqueued_with(Archive::new(until, labels([("a", 1), ("b", 2)]), None));
    assert_fails("no enqueued job is archive", || {
        let later = Timestamp::from_micros(1_767_225_600_123_458);
        test.assert_enqueued_with(Archive::new(later, labels([("a", 1), ("b", 2)]), None));
    });
    test.perform_enqueued_jobs().await.unwrap();
    test.assert_performed_with(Archive::new(until, labels([("b", 2), ("a", 1)]), None));
}

#[tokio::test]
async fn stored_arguments_match_whatever_the_order_of_their_keys() {
    let (test, _entered) = plain();
    let id = test.client().enqueue(&SendMail::new(1), jobs::EnqueueOptions::default()).await.unwrap().id().unwrap();
    let mut other = jobs::store::NewJob::new(jobs::JobId::from_bytes([9; 16]), "archive", "");
    other.arguments = r#"{"note":null,"labels":{"b":2,"a":1},"until":5}"#.to_owned();
    test.client().store().enqueue(&[other]).await.unwrap();
    let labels = [("a".to_owned(), 1), ("b".to_owned(), 2)].into();
    let seen = test.assert_enqueued_with(Archive::new(Timestamp::from_micros(5), labels, None));
    assert_ne!(seen.id(), id);
}

#[tokio::test]
async fn a_job_that_is_performed_is_not_found_any_more_and_one_that_is_left_is() {
    let (test, _entered) = plain();
    mail(1).await;
    picture("cat.png").await;
    test.only::<Resize>().perform_enqueued_jobs().await.unwrap();
    test.assert_enqueued_with(SendMail::new(1));
    assert_fails("no enqueued job is resize", || test.assert_enqueued_with(JobMatcher::any::<Resize>()));
    test.assert_enqueued_jobs(1);
    test.assert_performed_jobs(1);
}

#[tokio::test]
async fn reading_a_seen_job_as_another_type_fails_with_a_message() {
    let (test, _entered) = plain();
    mail(1).await;
    let seen = test.assert_enqueued_with(SendMail::new(1));
    assert_fails("this job is no `resize`: send_mail on queue `mail`", || seen.job::<Resize>());
}

#[job(name = "greeting", aliases("hello"))]
async fn greet(name: String) {
    drop(name);
}

#[tokio::test]
async fn a_job_stored_under_an_older_name_is_one_of_its_type() {
    let test = TestJobs::builder()
        .register(jobs::jobs![Greet, Chain, Call])
        .provide(crate::fixture::CallLog::default())
        .build();
    let old = jobs::store::NewJob::new(jobs::JobId::from_bytes([1; 16]), "hello", r#"{"name":"Ada"}"#);
    test.client().store().enqueue(&[old]).await.unwrap();
    test.assert_enqueued_with(Greet::new("Ada"));
    test.only::<Greet>().assert_enqueued_jobs(1);
}
