//! Why attempts ended is kept.

use std::time::Duration;

use jobs_core::error_limits::{CAUSES, FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{Decision, ErrorRecord, POISON_CLASS, ProcessId, State, Timestamp};

use crate::contract::Fixture;
use crate::contract::fixture::{CRASH_LIMIT, KEEP, failure, retry_in, secs};

fn retry_with(error: ErrorRecord) -> Decision {
    Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error }
}

/// All of an error is kept.
pub async fn an_error_is_kept_letter_by_letter(fixture: Fixture) {
    let mut error = ErrorRecord::new("shop::Größe🦀", "it broke:\n\t\"'`; \u{0} ende");
    error.causes = vec!["first".to_owned(), String::new(), "dritter «Grund»".to_owned()];
    (error.attempt, error.duration_ms, error.at) = (u32::MAX, 12_345_678_901, fixture.now() - secs(7));
    error.process = Some(ProcessId::new(i64::MAX - 1));
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, Decision::Fail { meta: None, error: error.clone() }).await;
    fixture.shows(id, "class, words, causes, attempt, times and process", |record| record.errors == [error]).await;
}

/// Errors stand in the order they came, the first first.
pub async fn errors_are_listed_in_the_order_they_occurred(fixture: Fixture) {
    let id = fixture.put_one().await;
    let words: Vec<_> = (1..=12).map(|number| failure(&format!("error {number}"))).collect();
    for error in &words {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, retry_with(error.clone())).await;
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    }
    fixture.shows(id, "twelve errors in order", |record| record.errors == words).await;
}

/// A failure stands after the errors of the retries before it.
pub async fn a_failure_is_added_to_earlier_errors(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    let second = fixture.claim_one().await;
    fixture.applied(second, Decision::Fail { meta: None, error: failure("the last") }).await;
    let expected = [failure("no luck"), failure("the last")];
    fixture.shows(id, "both errors", |record| record.errors == expected && record.attempts == 2).await;
}

/// A job that finishes in the end keeps the errors it had.
pub async fn a_finished_job_keeps_its_errors(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    let second = fixture.claim_one().await;
    fixture.applied(second, KEEP).await;
    fixture.is(id, State::Finished, "it is finished").await;
    fixture.shows(id, "with the error it had", |record| record.errors == [failure("no luck")]).await;
}

/// A discard without an error adds none.
pub async fn a_discard_without_an_error_adds_none(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, Decision::Discard { error: None }).await;
    fixture.shows(id, "nothing is made up", |record| record.errors.is_empty()).await;
}

/// A release adds no error and keeps those there are.
pub async fn a_release_leaves_the_errors(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    let second = fixture.claim_one().await;
    fixture.applied(second, Decision::Release).await;
    fixture.shows(id, "the one there was", |record| record.errors == [failure("no luck")]).await;
}

/// Errors of one job are not shown at another.
pub async fn errors_belong_to_their_job(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(3)).await;
    for (number, execution) in fixture.claim(3).await.into_iter().enumerate() {
        let (id, error) = (execution.id(), failure(&format!("error of {number}")));
        fixture.applied(execution, Decision::Fail { meta: None, error: error.clone() }).await;
        fixture.shows(id, "its own error", |record| record.errors == [error]).await;
    }
}

/// A stale settlement leaves no error behind.
pub async fn a_stale_settlement_adds_no_error(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let (id, token) = (execution.id(), execution.token);
    fixture.applied(execution, Decision::Release).await;
    let late = jobs_core::Settlement::new(token, retry_in(secs(1)));
    assert_eq!(fixture.settle_all(&[late]).await, [jobs_core::Settled::Stale], "the token no longer holds");
    fixture.shows(id, "nothing was added", |record| record.errors.is_empty()).await;
}

/// A poisonous job says why it failed, after the errors it had.
pub async fn a_poisoned_job_shows_why(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    let mut dead = None;
    for _ in 0..CRASH_LIMIT {
        dead = Some(fixture.claim_one().await.token.process);
        let _recovered = fixture.recover().await;
    }
    let (now, attempts) = (fixture.now(), 1 + CRASH_LIMIT);
    let ends: Vec<_> = (2..=attempts).map(|attempt| (POISON_CLASS, attempt, now, dead)).collect();
    fixture
        .shows(id, "each crash after the first error, with attempt, time and process", |record| {
            let deaths = record.errors.iter().skip(1);
            let deaths = deaths.map(|error| (error.class.as_str(), error.attempt, error.at, error.process));
            let says_why = record.errors.last().is_some_and(|error| error.message.contains("kept as failed"));
            deaths.eq(ends.iter().copied()) && says_why && record.attempts == attempts
        })
        .await;
}

/// The longest duration and the most distant time of an error are taken.
pub async fn extreme_values_of_an_error_are_stored(fixture: Fixture) {
    for at in [Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX)] {
        let mut error = failure("it took for ever");
        (error.duration_ms, error.at) = (u64::MAX, at);
        let execution = fixture.claimed().await;
        let id = execution.id();
        fixture.applied(execution, Decision::Fail { meta: None, error }).await;
        let is_long =
            |error: &ErrorRecord| error.at == at && i64::try_from(error.duration_ms).unwrap_or(i64::MAX) == i64::MAX;
        fixture.shows(id, "the time, and a duration of ages", |record| record.errors.iter().all(is_long)).await;
    }
}

/// Of many errors the first and the last are kept.
pub async fn of_many_errors_the_first_and_the_last_are_kept(fixture: Fixture) {
    let id = fixture.put_one().await;
    let count = FIRST_ERRORS + LAST_ERRORS + 10;
    for number in 1..=count {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, retry_with(failure(&format!("error {number}")))).await;
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    }
    let kept = (1..=FIRST_ERRORS).chain(count - LAST_ERRORS + 1..=count);
    let kept: Vec<_> = kept.map(|number| failure(&format!("error {number}"))).collect();
    fixture.shows(id, "the first and the last errors", |record| record.errors == kept).await;
}

/// The errors of attempts whose process died are limited too.
pub async fn of_many_deaths_the_first_and_the_last_are_kept(fixture: Fixture) {
    let id = fixture.put_one().await;
    let most = FIRST_ERRORS + LAST_ERRORS;
    for _ in 0..most + 5 {
        let _held = fixture.claim_one().await;
        let _recovered = fixture.recover_with(u32::MAX).await;
    }
    let last = u32::try_from(most + 5).unwrap_or(u32::MAX);
    fixture
        .shows(id, "as many errors as are kept, the last among them", |record| {
            record.errors.len() == most && record.errors.last().is_some_and(|error| error.attempt == last)
        })
        .await;
}

/// An error whose texts are too long is cut, and says so.
pub async fn long_texts_of_an_error_are_cut_with_a_mark(fixture: Fixture) {
    let mut error = ErrorRecord::new("Größe".repeat(1_000), "é🦀".repeat(100_000));
    error.causes = (0..40).map(|number| format!("cause {number}: {}", "ü".repeat(10_000))).collect();
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, Decision::Fail { meta: None, error: error.clone() }).await;
    let kept = error.bounded().into_owned();
    assert!(kept.message.len() <= MESSAGE_BYTES && kept.message.ends_with("cut off)"), "the rule cuts the message");
    assert!(kept.causes.len() == CAUSES && kept.causes.last().is_some_and(|cause| cause.starts_with("cause 39")));
    fixture.shows(id, "the error by the rule of all stores", |record| record.errors == [kept]).await;
}
