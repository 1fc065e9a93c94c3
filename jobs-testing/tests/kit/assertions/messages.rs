//! What a failing assertion says.

use jobs_testing::{JobMatcher, TestJobs};
use std::time::Duration;

use crate::fixture::{Call, Pay, SendMail, Whisper, assert_fails, mail, panic_of, picture, plain};

fn at(test: &TestJobs) -> String {
    (test.now() + Duration::from_secs(60)).to_string()
}

#[tokio::test]
async fn a_wrong_count_lists_what_is_counted_and_what_is_not() {
    let (test, _entered) = plain();
    mail(1).await;
    picture("cat.png").await;
    SendMail::perform_later(2).priority(3).wait(Duration::from_secs(60)).await.unwrap();
    let said = panic_of(|| test.only::<SendMail>().assert_enqueued_jobs(1)).words;
    let expected = format!(
        "1 job was to be enqueued (only send_mail), but 2 were.\n\
         Counted:\n  \
           send_mail on queue `mail`, priority 0, at once, with {{\"to\":1}}\n  \
           send_mail on queue `mail`, priority 3, at {}, with {{\"to\":2}}\n\
         Not counted:\n  \
           resize on queue `default`, priority 5, at once, with {{\"file\":\"cat.png\"}}",
        at(&test)
    );
    assert_eq!(said, expected);
}

#[tokio::test]
async fn a_job_that_is_not_found_lists_those_of_its_type_with_what_differs() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).queue("high").await.unwrap();
    picture("cat.png").await;
    let said =
        panic_of(|| test.assert_enqueued_with(JobMatcher::from(SendMail::new(2)).queue("mail").priority(0))).words;
    let expected = "no enqueued job is send_mail, with {\"to\":2}, on queue `mail`, priority 0. Near to it:\n  \
                    send_mail on queue `high`, priority 0, at once, with {\"to\":1} (differs in: arguments, queue)";
    assert_eq!(said, expected);
}

#[tokio::test]
async fn if_none_is_of_the_type_the_message_lists_what_was_enqueued_instead() {
    let (test, _entered) = plain();
    picture("cat.png").await;
    let said = panic_of(|| test.assert_enqueued_with(SendMail::new(2))).words;
    assert_eq!(
        said,
        "no enqueued job is send_mail, with {\"to\":2}.\nCounted:\n  \
         resize on queue `default`, priority 5, at once, with {\"file\":\"cat.png\"}"
    );
}

#[tokio::test]
async fn the_message_says_if_there_are_no_jobs() {
    let (test, _entered) = plain();
    assert_eq!(
        panic_of(|| test.assert_enqueued_with(SendMail::new(2))).words,
        "no enqueued job is send_mail, with {\"to\":2}. Nothing was enqueued."
    );
    assert_eq!(
        panic_of(|| test.assert_performed_with(SendMail::new(2))).words,
        "no performed job is send_mail, with {\"to\":2}. Nothing was performed."
    );
    let said = panic_of(|| test.assert_performed_jobs(1)).words;
    assert_eq!(said, "1 job was to be performed, but 0 were. Nothing was performed.");
}

#[tokio::test]
async fn redacted_and_hidden_arguments_are_in_no_message() {
    let (test, _entered) = plain();
    Pay::perform_later(1, "4242-4242").await.unwrap();
    Whisper::perform_later("open sesame").await.unwrap();
    let count = panic_of(|| test.assert_enqueued_jobs(3)).words;
    assert!(count.contains(r#"with {"card":"[redacted]","order":1}"#) && count.contains("with [hidden]"), "{count}");
    let wanted = panic_of(|| test.assert_enqueued_with(Pay::new(1, "1111-1111"))).words;
    assert!(wanted.contains("differs in: arguments"), "{wanted}");
    let shown = format!("{test:?} {:?} {:?}", test.enqueued_jobs(), JobMatcher::from(Whisper::new("abracadabra")));
    for secret in ["4242", "1111", "sesame", "abracadabra"] {
        assert!(!count.contains(secret) && !wanted.contains(secret) && !shown.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_run_is_listed_with_its_state_its_attempt_and_its_error() {
    let (test, _entered) = plain();
    Call::perform_later(0).await.unwrap();
    test.perform_enqueued_jobs().await.unwrap();
    let said = panic_of(|| test.assert_no_performed_jobs()).words;
    assert!(said.contains("call on queue `default`, priority 0, at once, scheduled after attempt 1 ("), "{said}");
    assert!(said.contains("Busy: the line is busy), with {\"number\":0}"), "{said}");
}

#[tokio::test]
async fn the_panic_points_at_the_line_of_the_assertion() {
    let (test, _entered) = plain();
    let wanted = SendMail::new(1);
    let here = line!() + 1;
    let said = panic_of(|| test.assert_enqueued_jobs(1));
    assert!(said.place.ends_with(&format!("messages.rs:{here}")), "{}", said.place);
    let here = line!() + 1;
    let said = panic_of(|| test.assert_enqueued_with(wanted));
    assert!(said.place.ends_with(&format!("messages.rs:{here}")), "{}", said.place);
    let here = line!() + 1;
    let said = panic_of(|| test.queue("mail").assert_performed_jobs(1));
    assert!(said.place.ends_with(&format!("messages.rs:{here}")), "{}", said.place);
}

#[tokio::test]
async fn long_lists_are_cut() {
    let (test, _entered) = plain();
    test.client().perform_all_later((0..30).map(SendMail::new)).await.unwrap();
    let said = panic_of(|| test.assert_no_enqueued_jobs()).words;
    assert_eq!(said.lines().count(), 23, "{said}");
    assert!(said.ends_with("\n  and 10 more"), "{said}");
}

#[tokio::test]
async fn a_test_that_cannot_be_built_names_what_is_missing() {
    assert_fails("the jobs of the test cannot be put together: the job `", TestJobs::new);
    let said = panic_of(TestJobs::new).words;
    assert!(said.contains("CallLog") && said.contains(".provide("), "{said}");
    let said = panic_of(|| TestJobs::builder().register([]).build()).words;
    assert!(said.contains("no job is registered"), "{said}");
}
