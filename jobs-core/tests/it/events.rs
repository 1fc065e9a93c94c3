//! Facts, their names and whom they are about; and what is written of a job that killed its processes.

use std::time::Duration;

use jobs_core::events::*;
use jobs_core::{
    Bulk, ErrorRecord, Event, JobRef, POISON_CLASS, Timestamp, has_one_death_left, is_poisonous, poison_record,
};

use crate::setup::ID;

fn job() -> JobRef {
    let mut job = JobRef::new(ID, "pay", "default");
    job.attempt = 1;
    job
}

#[test]
fn events_carry_active_jobs_names_where_it_has_them() {
    let error = ErrorRecord::new("E", "e");
    let wait = Duration::ZERO;
    let mut later = job();
    later.at = Some(Timestamp::default());
    for (event, name) in [
        (Event::from(Enqueued::new(job())), "enqueue"),
        (Event::from(EnqueuedAt::new(job(), Timestamp::default())), "enqueue_at"),
        (Event::from(EnqueueHalted::new(job())), "enqueue"),
        (Event::from(EnqueueHalted::new(later.clone())), "enqueue_at"),
        (Event::from(EnqueueFailed::new(job(), error.clone())), "enqueue"),
        (Event::from(EnqueueFailed::new(later, error.clone())), "enqueue_at"),
        (Event::from(EnqueueDeduplicated::new(job(), ID)), "enqueue_duplicate"),
        (Event::from(EnqueuedAll::new(Bulk::default())), "enqueue_all"),
        (Event::from(PerformStarted::new(job())), "perform_start"),
        (Event::from(Performed::new(job(), wait)), "perform"),
        (Event::from(RetryScheduled::new(job(), wait, error.clone())), "enqueue_retry"),
        (Event::from(RetryStopped::new(job(), error.clone())), "retry_stopped"),
        (Event::from(Discarded::new(job(), error)), "discard"),
    ] {
        assert_eq!(event.name(), name, "{event:?}");
    }
}

#[test]
fn an_event_tells_which_job_it_is_about() {
    let failed = Event::from(Failed::new(job(), ErrorRecord::new("E", "e")));
    assert_eq!(failed.job().map(|job| job.id), Some(ID));
    assert_eq!(Event::from(Pruned::new(3)).job(), None);
}

#[test]
fn only_a_job_that_lost_a_process_and_fails_at_the_next_death_has_one_death_left() {
    let left = |limit| (0..4).filter(|crashes| has_one_death_left(*crashes, limit)).collect::<Vec<_>>();
    assert_eq!((left(3), left(2), left(1)), (vec![2, 3], vec![1, 2, 3], vec![1, 2, 3]));
    assert!(!has_one_death_left(0, 1), "no process died under it yet");
}

#[test]
fn a_job_is_poisonous_from_the_limit_on() {
    assert!(!is_poisonous(2, 3));
    assert!(is_poisonous(3, 3) && is_poisonous(4, 3));
}

#[test]
fn the_record_of_a_poisonous_job_says_what_to_look_for() {
    let record = poison_record(3, 4, Timestamp::from_micros(9));
    assert_eq!((record.class.as_str(), record.attempt, record.at), (POISON_CLASS, 4, Timestamp::from_micros(9)));
    assert!(record.message.starts_with("3 processes died while they ran this job"), "{}", record.message);
    assert!(record.message.contains("out-of-memory"), "{}", record.message);
}

#[test]
fn a_stored_record_of_a_later_form_or_with_little_in_it_is_read() {
    let text = r#"{"class":"E","message":"e","attempt":2,"host":"web-1"}"#;
    let record: ErrorRecord = serde_json::from_str(text).unwrap();
    assert_eq!((record.attempt, record.duration_ms, record.causes.len()), (2, 0, 0));
    let written = serde_json::to_string(&record).unwrap();
    assert_eq!(written, r#"{"class":"E","message":"e","attempt":2,"duration_ms":0,"at":0}"#);
}
