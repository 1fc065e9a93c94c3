//! Arguments and meta come back as they were stored.

use std::time::Duration;

use jobs_core::{Decision, JobId, NewJob, Settled, Settlement};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, ONE, SILENCE, failure, ids, ids_of, retry_in, secs};

const META: &str = r#"{"tags":["a"],"locale":"de","timezone":"Europe/Berlin","nested":{"k":[1,2.5,null]}}"#;

/// Meta comes back letter by letter, unknown keys included.
pub async fn unknown_keys_of_meta_are_kept(fixture: Fixture) {
    fixture.put(fixture.job_with(|job| job.meta = Some(META.to_owned()))).await;
    let execution = fixture.claim_one().await;
    assert_eq!(execution.meta.as_deref(), Some(META), "meta comes back letter by letter");
    let meta = execution.meta().expect("meta can be read");
    assert_eq!(meta.unknown.len(), 3, "the keys that this version does not know are there");
}

/// No meta stays no meta.
pub async fn no_meta_stays_no_meta(fixture: Fixture) {
    let execution = fixture.claimed().await;
    assert_eq!(execution.meta, None, "nothing is made up");
}

/// Meta survives every way back to ready.
pub async fn meta_survives_release_and_recovery(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    fixture.put(fixture.job_with(|job| job.meta = Some(META.to_owned()))).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, Decision::Release).await;
    assert_eq!(fixture.claim_one().await.meta.as_deref(), Some(META), "a release leaves meta");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready.len(), 1, "the process is dead");
    assert_eq!(fixture.claim_one().await.meta.as_deref(), Some(META), "a recovery leaves meta");
}

/// A retry's meta replaces the job's.
pub async fn a_retry_replaces_meta(fixture: Fixture) {
    fixture.put(fixture.job_with(|job| job.meta = Some(META.to_owned()))).await;
    for counted in [Some(r#"{"exception_executions":{"any":1}}"#.to_owned()), None] {
        let execution = fixture.claim_one().await;
        let mut decision = retry_in(Duration::ZERO);
        if let Decision::Retry { meta, .. } = &mut decision {
            meta.clone_from(&counted);
        }
        fixture.applied(execution, decision).await;
        assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
        let again = fixture.claim_one().await;
        assert_eq!(again.meta, counted, "the retry's meta is the job's");
        fixture.applied(again, Decision::Release).await;
    }
}

/// A continue's meta replaces the job's.
pub async fn a_continuation_replaces_meta(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let meta = Some(r#"{"cursor":17}"#.to_owned());
    fixture.applied(execution, Decision::Continue { wait: Duration::ZERO, meta: meta.clone() }).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it goes on at once");
    assert_eq!(fixture.claim_one().await.meta, meta, "the new meta is the job's");
}

/// A failure's meta replaces the job's.
pub async fn a_failure_replaces_meta(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    let meta = Some(r#"{"exception_executions":{"any":5}}"#.to_owned());
    fixture.applied(execution, Decision::Fail { meta: meta.clone(), error: failure("no luck") }).await;
    fixture.shows(id, "the counters of a failed job are kept", |record| record.meta == meta).await;
}

/// Text of any script and sign comes back.
pub async fn text_of_any_script_comes_back(fixture: Fixture) {
    let texts = ["", "{}", "日本語 🦀 e\u{301}", "a\u{0}b", "\u{10ffff}\u{fffd}", "\"'`;--\\ $1 ?1 :a %s", "\r\n\t "];
    for text in texts {
        let job = NewJob::new(fixture.job().id, format!("näme_{text}"), text);
        fixture.put(job.clone()).await;
        let execution = fixture.claim_one().await;
        assert_eq!(execution.arguments, text, "arguments come back letter by letter: {text:?}");
        assert_eq!(execution.name, job.name, "names come back letter by letter: {text:?}");
        fixture.applied(execution, FINISH).await;
    }
}

/// A long text is not cut.
pub async fn a_mebibyte_of_arguments_is_not_cut(fixture: Fixture) {
    let long = format!("\"{}\"", "é".repeat(512 * 1024));
    let meta = Some(format!(r#"{{"tags":["{}"]}}"#, "t".repeat(100_000)));
    fixture.put(fixture.job_with(|job| (job.arguments, job.meta) = (long.clone(), meta.clone()))).await;
    let execution = fixture.claim_one().await;
    assert!(execution.arguments == long, "a mebibyte of arguments is not cut");
    assert!(execution.meta == meta, "nor is a long meta");
    fixture.applied(execution, FINISH).await;
}

/// Any sixteen bytes are an id.
pub async fn any_sixteen_bytes_are_an_id(fixture: Fixture) {
    let jobs = [[0; 16], [0xff; 16], [0x80; 16], *b"'; DROP TABLE --"].map(JobId::from_bytes);
    let jobs = jobs.map(|id| NewJob::new(id, "note", "{}"));
    let _stored = fixture.enqueue(&jobs).await;
    let claimed = fixture.claim(10).await;
    assert_eq!(ids(&claimed), ids_of(&jobs), "ids come back bit by bit");
    for execution in claimed {
        fixture.applied(execution, FINISH).await;
    }
}

/// Batches of thousands are one call.
pub async fn two_thousand_jobs_pass_in_one_batch_per_call(fixture: Fixture) {
    let jobs = fixture.jobs(2_000);
    assert_eq!(fixture.enqueue(&jobs).await.len(), 2_000, "each is answered");
    let claimed = fixture.claim(2_000).await;
    assert_eq!(ids(&claimed), ids_of(&jobs), "all are claimed at once, in order");
    let settlements: Vec<Settlement> = claimed.into_iter().map(|execution| execution.settle(FINISH)).collect();
    let settled = fixture.settle_all(&settlements).await;
    assert_eq!(settled, vec![Settled::Applied; 2_000], "all are settled at once");
    assert!(fixture.claim(1).await.is_empty(), "nothing is left");
}

/// Thousands of scheduled jobs become ready in one call.
pub async fn two_thousand_jobs_become_ready_in_one_dispatch(fixture: Fixture) {
    let mut jobs = fixture.jobs(2_000);
    for job in &mut jobs {
        job.due = jobs_core::Due::In(secs(1));
    }
    let _stored = fixture.enqueue(&jobs).await;
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(5_000).await.ready, 2_000, "all become ready at once");
    assert_eq!(ids(&fixture.claim(5_000).await), ids_of(&jobs), "and are claimed in order");
}
