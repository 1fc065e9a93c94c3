//! Why attempts ended is kept.

use std::time::Duration;

use jobs_core::{Decision, ErrorRecord, POISON_CLASS, ProcessId, State, Timestamp};

use crate::contract::Stage;
use crate::contract::stage::{CRASH_LIMIT, KEEP, failure, retry_in, secs};

fn retry_with(error: ErrorRecord) -> Decision {
    Decision::Retry { wait: Duration::ZERO, queue: None, priority: None, meta: None, error }
}

/// All of an error is kept. Cancel safe.
pub async fn an_error_is_kept_letter_by_letter(stage: Stage) {
    let mut error = ErrorRecord::new("shop::Größe🦀", "it broke:\n\t\"'`; \u{0} ende");
    error.causes = vec!["first".to_owned(), String::new(), "dritter «Grund»".to_owned()];
    (error.attempt, error.duration_ms, error.at) = (u32::MAX, 12_345_678_901, stage.now().before(secs(7)));
    error.process = Some(ProcessId::new(i64::MAX - 1));
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, Decision::Fail { meta: None, error: error.clone() }).await;
    stage.shows(id, "class, words, causes, attempt, times and process", |record| record.errors == [error]).await;
}

/// Errors stand in the order they came, the first first. Cancel safe.
pub async fn errors_stand_in_the_order_they_came(stage: Stage) {
    let id = stage.put_one().await;
    let words: Vec<_> = (1..=12).map(|number| failure(&format!("error {number}"))).collect();
    for error in &words {
        let execution = stage.claim_one().await;
        stage.applied(execution, retry_with(error.clone())).await;
        assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    }
    stage.shows(id, "twelve errors in order", |record| record.errors == words).await;
}

/// A failure stands after the errors of the retries before it. Cancel safe.
pub async fn a_failure_is_added_to_earlier_errors(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    let second = stage.claim_one().await;
    stage.applied(second, Decision::Fail { meta: None, error: failure("the last") }).await;
    let expected = [failure("no luck"), failure("the last")];
    stage.shows(id, "both errors", |record| record.errors == expected && record.attempts == 2).await;
}

/// A job that finishes in the end keeps the errors it had. Cancel safe.
pub async fn a_finished_job_keeps_its_errors(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    let second = stage.claim_one().await;
    stage.applied(second, KEEP).await;
    stage.is(id, State::Finished, "it is finished").await;
    stage.shows(id, "with the error it had", |record| record.errors == [failure("no luck")]).await;
}

/// A discard without an error adds none. Cancel safe.
pub async fn a_discard_without_an_error_adds_none(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, Decision::Discard { error: None }).await;
    stage.shows(id, "nothing is made up", |record| record.errors.is_empty()).await;
}

/// A release adds no error and keeps those there are. Cancel safe.
pub async fn a_release_leaves_the_errors(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    let second = stage.claim_one().await;
    stage.applied(second, Decision::Release).await;
    stage.shows(id, "the one there was", |record| record.errors == [failure("no luck")]).await;
}

/// Errors of one job are not shown at another. Cancel safe.
pub async fn errors_belong_to_their_job(stage: Stage) {
    let _stored = stage.enqueue(&stage.jobs(3)).await;
    for (number, execution) in stage.claim(3).await.into_iter().enumerate() {
        let (id, error) = (execution.id(), failure(&format!("error of {number}")));
        stage.applied(execution, Decision::Fail { meta: None, error: error.clone() }).await;
        stage.shows(id, "its own error", |record| record.errors == [error]).await;
    }
}

/// A stale settlement leaves no error behind. Cancel safe.
pub async fn a_stale_settlement_adds_no_error(stage: Stage) {
    let execution = stage.claimed().await;
    let (id, token) = (execution.id(), execution.token);
    stage.applied(execution, Decision::Release).await;
    let late = jobs_core::Settlement::new(token, retry_in(secs(1)));
    assert_eq!(stage.settle_all(&[late]).await, [jobs_core::Settled::Stale], "the token no longer holds");
    stage.shows(id, "nothing was added", |record| record.errors.is_empty()).await;
}

/// A poisonous job says why it failed, after the errors it had. Cancel safe.
pub async fn a_poisonous_job_says_why(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    let mut dead = None;
    for _ in 0..CRASH_LIMIT {
        dead = Some(stage.claim_one().await.token.process);
        let _recovered = stage.recover().await;
    }
    let (now, attempts) = (stage.now(), 1 + CRASH_LIMIT);
    let ends: Vec<_> = (2..=attempts).map(|attempt| (POISON_CLASS, attempt, now, dead)).collect();
    stage
        .shows(id, "each death after the first error, with attempt, time and who died", |record| {
            let deaths = record.errors.iter().skip(1);
            let deaths = deaths.map(|error| (error.class.as_str(), error.attempt, error.at, error.process));
            let says_why = record.errors.last().is_some_and(|error| error.message.contains("kept as failed"));
            deaths.eq(ends.iter().copied()) && says_why && record.attempts == attempts
        })
        .await;
}

/// The longest duration and the most distant time of an error are taken. Cancel safe.
pub async fn the_extremes_of_an_error_are_taken(stage: Stage) {
    for at in [Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX)] {
        let mut error = failure("it took for ever");
        (error.duration_ms, error.at) = (u64::MAX, at);
        let execution = stage.claimed().await;
        let id = execution.id();
        stage.applied(execution, Decision::Fail { meta: None, error }).await;
        let is_long =
            |error: &ErrorRecord| error.at == at && i64::try_from(error.duration_ms).unwrap_or(i64::MAX) == i64::MAX;
        stage.shows(id, "the time, and a duration of ages", |record| record.errors.iter().all(is_long)).await;
    }
}
