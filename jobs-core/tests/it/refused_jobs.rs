//! Jobs that a database refuses to change are left out for a while.

use std::time::Duration;

use jobs_core::{JobId, RefusedJob, RefusedJobs, Timestamp};

fn id(number: u128) -> JobId {
    JobId::from_bytes(number.to_be_bytes())
}

#[test]
fn a_refused_job_is_left_out_for_longer_each_time_up_to_five_minutes() {
    let (refused, mut now) = (RefusedJobs::default(), Timestamp::from_micros(1_000_000));
    for seconds in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        assert_eq!(refused.refuse(id(1), now, "why"), Some(RefusedJob::new(id(1), "why")));
        let wait = Duration::from_secs(seconds);
        assert_eq!(refused.left_out(now + wait - Duration::from_micros(1)), [id(1)].into());
        assert_eq!(refused.left_out(now + wait), [].into(), "it is tried again after {wait:?}");
        now = now + wait;
    }
    now = now + Duration::from_secs(300);
    assert_eq!(refused.left_out(now), [].into(), "it was not refused again");
    let _again = refused.refuse(id(1), now, "why");
    assert_eq!(refused.left_out(now + Duration::from_secs(2)), [].into(), "so its waits begin anew");
}

#[test]
fn a_thousand_refused_jobs_are_too_many_to_be_left_out() {
    let (refused, now) = (RefusedJobs::default(), Timestamp::default());
    assert!((0..1000).all(|number| refused.refuse(id(number), now, "why").is_some()));
    assert_eq!(refused.refuse(id(1000), now, "why"), None);
    assert!(refused.refuse(id(999), now, "why").is_some(), "it is left out already");
}

#[test]
fn the_error_of_a_call_names_the_first_refused_job_and_counts_the_others() {
    let refused = [RefusedJob::new(id(1), "could not prune job 1: no"), RefusedJob::new(id(2), "so")];
    assert!(RefusedJob::error(&[]).is_none());
    assert_eq!(RefusedJob::error(&refused[..1]).unwrap().to_string(), "could not prune job 1: no");
    let error = RefusedJob::error(&refused).unwrap();
    assert_eq!(error.to_string(), "could not prune job 1: no (and 1 jobs more)");
    assert!(!error.is_transient());
}
