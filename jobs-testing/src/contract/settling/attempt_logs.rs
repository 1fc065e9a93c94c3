//! What attempts logged is kept, beside their errors or with the job that they finished.

use std::time::Duration;

use jobs_core::{AttemptLog, Decision, Filter, LogLevel, LogLine, Settled, Settlement, State};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, KEEP, ONE, fail, failure, retry_in, secs};

/// A log with this message and what is hard to store.
fn log(message: &str) -> AttemptLog {
    let at = jobs_core::Timestamp::from_micros(1_700_000_000_000_001);
    let mut line = LogLine::new(at, LogLevel::Warn, "shop::Größe🦀", format!("{message}:\n\t\"'`; \u{0} ende"));
    "download:parse".clone_into(&mut line.span);
    line.fields = vec![("order".to_owned(), "7".to_owned()), ("order".to_owned(), "«ß»\u{1}".to_owned())];
    let last = LogLine::new(at, LogLevel::Trace, "", "");
    AttemptLog::new(vec![line], 12, vec![last])
}

async fn settle(fixture: &Fixture, execution: jobs_core::Execution, decision: Decision, log: AttemptLog) {
    let settlement = execution.settle(decision).with_log(Some(log));
    assert_eq!(fixture.settle_all(&[settlement]).await, [Settled::Applied], "a token that holds is obeyed");
}

/// All of a log is kept, beside the error of its attempt.
pub async fn the_log_of_a_failed_attempt_is_kept_letter_by_letter(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    settle(&fixture, execution, fail(), log("it broke")).await;
    let mut error = failure("no luck");
    error.log = Some(Box::new(log("it broke")));
    fixture.shows(id, "lines, fields, times and what was left out", |record| record.errors == [error]).await;
}

/// Each attempt has its own log, and one without a log has none.
pub async fn each_failed_attempt_has_its_own_log(fixture: Fixture) {
    let id = fixture.put_one().await;
    let logs = [Some(log("first")), None, Some(log("third"))];
    for log in &logs {
        let retry = fixture.claim_one().await.settle(retry_in(Duration::ZERO)).with_log(log.clone());
        assert_eq!(fixture.settle_all(&[retry]).await, [Settled::Applied], "a token that holds is obeyed");
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    }
    fixture
        .shows(id, "the logs in order", |record| {
            record.errors.iter().map(|error| error.log.as_deref()).eq(logs.iter().map(Option::as_ref))
        })
        .await;
}

/// The log of the attempt that finished a job is kept with the job, and the process that ran it.
pub async fn the_log_of_a_finished_job_is_kept_with_its_process(fixture: Fixture) {
    let (first, second) = (fixture.claimed().await, fixture.claimed().await);
    let (id, other) = (first.id(), second.id());
    settle(&fixture, first, KEEP, log("all is well")).await;
    fixture.applied(second, KEEP).await;
    fixture
        .shows(id, "the log and the process", |record| {
            record.state == State::Finished
                && record.log.as_deref() == Some(&log("all is well"))
                && record.finished_by == Some(ONE)
        })
        .await;
    fixture.shows(other, "no log", |record| record.log.is_none() && record.finished_by.is_none()).await;
}

/// Jobs with and without a log, of all decisions, may be in one batch.
pub async fn a_batch_may_mix_jobs_with_and_without_logs(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(6)).await;
    let claimed = fixture.claim(6).await;
    let ids = crate::contract::fixture::ids(&claimed);
    let decisions = [KEEP, KEEP, fail(), fail(), FINISH, Decision::Release];
    let logged = [true, false, true, false, true, true];
    let settlements: Vec<_> = claimed
        .into_iter()
        .zip(decisions)
        .zip(logged)
        .map(|((execution, decision), logged)| execution.settle(decision).with_log(logged.then(|| log("batch"))))
        .collect();
    assert_eq!(fixture.settle_all(&settlements).await, [Settled::Applied; 6], "all are written");
    let log_of =
        |record: &jobs_core::JobRecord| record.errors.last().map_or(record.log.clone(), |error| error.log.clone());
    for (id, expected) in ids.iter().zip([Some(log("batch")), None, Some(log("batch")), None]) {
        fixture.shows(*id, "its own log or none", |record| log_of(record).as_deref() == expected.as_ref()).await;
    }
    fixture.shows(ids[5], "a released job has none", |record| log_of(record).is_none()).await;
    let again = fixture.claim_one().await;
    fixture.applied(again, KEEP).await;
    fixture.shows(ids[5], "nor later", |record| log_of(record).is_none()).await;
}

/// A stale settlement leaves no log behind.
pub async fn a_stale_settlement_keeps_no_log(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let (id, token) = (execution.id(), execution.token);
    fixture.applied(execution, KEEP).await;
    for decision in [KEEP, fail()] {
        let late = Settlement::new(token, decision).with_log(Some(log("too late")));
        assert_eq!(fixture.settle_all(&[late]).await, [Settled::Stale], "the token no longer holds");
    }
    fixture.shows(id, "no log", |record| record.log.is_none() && record.errors.is_empty()).await;
}

/// A list has no logs.
pub async fn lists_leave_logs_out(fixture: Fixture) {
    let (first, second) = (fixture.claimed().await, fixture.claimed().await);
    settle(&fixture, first, fail(), log("failed")).await;
    settle(&fixture, second, KEEP, log("finished")).await;
    for filter in [Filter::default(), Filter::default().summaries()] {
        let Some(jobs) = fixture.list(&filter).await else { return };
        assert_eq!(jobs.len(), 2, "both are listed");
        let has_log =
            |job: &jobs_core::JobRecord| job.log.is_some() || job.errors.iter().any(|error| error.log.is_some());
        assert!(!jobs.iter().any(has_log), "no log is read for a list");
    }
}

/// The log of a pruned job is gone with it: a job of the same id starts without.
pub async fn a_pruned_job_leaves_no_log(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let job = fixture.job();
    for round in 1..=2 {
        let id = fixture.put(job.clone()).await;
        let execution = fixture.claim_one().await;
        let log = (round == 1).then(|| log("first"));
        let settlement = execution.settle(KEEP).with_log(log.clone());
        assert_eq!(fixture.settle_all(&[settlement]).await, [Settled::Applied], "a token that holds is obeyed");
        fixture.shows(id, "its own log", |record| record.log.as_deref() == log.as_ref()).await;
        fixture.advance(secs(3600));
        assert_eq!(manage.prune(secs(3600), 10).await.ok(), Some(1), "the job is removed");
    }
}
