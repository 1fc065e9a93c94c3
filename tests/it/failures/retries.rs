//! Retries end to end: counters, waits, queues.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::events::RetryScheduled;
use jobs::prelude::*;
use jobs::store::Meta;
use jobs::{Error, Event, State, Worker};
use jobs_testing::FaultyStore;

use crate::fixture::{Fixture, id};

#[derive(Debug)]
enum Slip {
    Io(io::Error),
    Fmt(std::fmt::Error),
    Busy { seconds: u64 },
    Small,
    Large,
}

impl std::fmt::Display for Slip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "slip")
    }
}

impl std::error::Error for Slip {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Fmt(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for Slip {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<std::fmt::Error> for Slip {
    fn from(error: std::fmt::Error) -> Self {
        Self::Fmt(error)
    }
}

/// Fails as the script says, one letter per attempt, and succeeds after its end.
fn act(script: &str, ctx: &Context) -> Result<(), Slip> {
    let attempt = ctx.attempt() as usize;
    match script.chars().nth(attempt - 1) {
        Some('i') => Err(io::Error::other("io").into()),
        Some('f') => Err(std::fmt::Error.into()),
        Some('b') => Err(Slip::Busy { seconds: 10 }),
        Some('s') => Err(Slip::Small),
        Some('l') => Err(Slip::Large),
        _ => Ok(()),
    }
}

/// Waits for each retry; which waits there were.
async fn waits(fixture: &Fixture, id: jobs::JobId, retries: u32) -> Vec<Duration> {
    let mut waits = Vec::new();
    for attempt in 1..=retries {
        waits.push(fixture.wait_after(id, attempt).await);
    }
    waits
}

fn seconds(waits: &[Duration]) -> Vec<u64> {
    waits.iter().map(Duration::as_secs).collect()
}

#[job(
    retry_on(Slip::Small, wait = 1s, attempts = 5, jitter = 0.0),
    retry_on(Slip::Large, wait = 2s, attempts = 4, jitter = 0.0),
)]
async fn count_apart(script: String, ctx: &Context) -> Result<(), Slip> {
    act(&script, ctx)
}

#[tokio::test]
async fn two_rules_count_apart_through_the_store() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![CountApart]).await;
    let id = id(CountApart::perform_later("sslslsl").on(&running.client()).await.unwrap());
    assert_eq!(seconds(&waits(&fixture, id, 7).await), [1, 1, 2, 1, 2, 1, 2]);
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!((record.attempts, record.errors.len()), (8, 7));
    let counted: u32 = Meta::parse(record.meta.as_deref()).unwrap().exception_executions.values().sum();
    assert_eq!(counted, 7, "what each rule has counted is stored with the job");
}

#[tokio::test]
async fn a_rule_without_attempts_left_fails_the_job_whatever_the_others_have() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![CountApart]).await;
    let id = id(CountApart::perform_later("slllls").on(&running.client()).await.unwrap());
    assert_eq!(waits(&fixture, id, 4).await.len(), 4);
    assert_eq!(fixture.reaches(id, State::Failed).await.attempts, 5);
}

#[job(
    retry_on(io::Error | std::fmt::Error, wait = 1s, attempts = 4, jitter = 0.0),
    retry_on(Slip::Small | Slip::Large, wait = 2s, attempts = 3, jitter = 0.0),
)]
async fn count_together(script: String, ctx: &Context) -> Result<(), Slip> {
    act(&script, ctx)
}

#[tokio::test]
async fn alternatives_of_one_rule_share_its_counter() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![CountTogether]).await;
    for (script, retries) in [("iiif", 3), ("sll", 2)] {
        let id = id(CountTogether::perform_later(script).on(&running.client()).await.unwrap());
        assert_eq!(waits(&fixture, id, retries).await.len(), retries as usize);
        assert_eq!(fixture.reaches(id, State::Failed).await.attempts, retries + 1, "{script}");
    }
}

#[job(
    retry_on(Slip::Small, wait = polynomially_longer, jitter = 0.0),
    retry_on(Slip::Large, wait = twice),
    retry_on(Slip::Busy { .. }, wait = as_asked),
    retry_on(io::Error, wait = exponentially_longer, jitter = 0.0, attempts = 12),
    retry_on(std::fmt::Error, wait = 100s),
)]
async fn wait_variously(script: String, ctx: &Context) -> Result<(), Slip> {
    act(&script, ctx)
}

fn twice(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 2)
}

fn as_asked(count: u32, error: &Slip) -> Duration {
    let Slip::Busy { seconds } = error else { return Duration::ZERO };
    Duration::from_secs(seconds + u64::from(count))
}

#[tokio::test]
async fn each_wait_follows_the_counter_of_its_own_rule() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![WaitVariously]).await;
    let id = id(WaitVariously::perform_later("slslbib").on(&running.client()).await.unwrap());
    assert_eq!(seconds(&waits(&fixture, id, 7).await), [3, 2, 18, 4, 11, 2, 12]);
    fixture.reaches(id, State::Finished).await;
}

#[tokio::test]
async fn jitter_lengthens_the_wait_that_is_stored_by_at_most_its_share() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![WaitVariously]).await;
    let mut lengthened = 0;
    for _ in 0..8 {
        let id = id(WaitVariously::perform_later("f").on(&running.client()).await.unwrap());
        let wait = fixture.wait_after(id, 1).await;
        assert!((Duration::from_secs(100)..=Duration::from_secs(115)).contains(&wait), "{wait:?}");
        lengthened += u32::from(wait > Duration::from_secs(100));
    }
    assert!(lengthened > 0, "jitter adds something");
}

#[job(queue = "swift", priority = 5, retry_on(Slip::Small, wait = 1s, jitter = 0.0, queue = "slow", priority = -7))]
async fn retry_elsewhere(script: String, ctx: &Context) -> Result<(), Slip> {
    act(&script, ctx)
}

#[tokio::test]
async fn a_retry_may_go_to_another_queue_with_another_priority_and_is_run_from_there() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![RetryElsewhere]).worker(Worker::new(["swift"]));
    let swift = builder.build().await.unwrap().start().await.unwrap();
    let id = id(RetryElsewhere::perform_later("s").on(&swift.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 1).await, Duration::from_secs(1));
    let record = fixture.reaches(id, State::Ready).await;
    assert_eq!((record.queue.as_str(), record.priority), ("slow", -7), "the worker of `swift` leaves it alone");
    let builder = fixture.builder(jobs::jobs![RetryElsewhere]).worker(Worker::new(["slow"]));
    let _slow = builder.build().await.unwrap().start().await.unwrap();
    assert_eq!(fixture.reaches(id, State::Finished).await.attempts, 2);
}

#[job(retry_on(any, wait = 1s, attempts = unlimited, jitter = 0.0))]
async fn never_give_up(script: String, ctx: &Context) -> Result<(), Slip> {
    act(&script, ctx)
}

#[tokio::test]
async fn unlimited_attempts_are_retried_until_one_succeeds() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![NeverGiveUp]).await;
    let id = id(NeverGiveUp::perform_later("s".repeat(40)).on(&running.client()).await.unwrap());
    assert_eq!(waits(&fixture, id, 40).await.len(), 40);
    assert_eq!(fixture.reaches(id, State::Finished).await.attempts, 41);
}

#[tokio::test]
async fn watchers_see_a_retry_with_its_wait_and_error() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![NeverGiveUp]).await;
    let id = id(NeverGiveUp::perform_later("s").on(&running.client()).await.unwrap());
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::RetryScheduled(_))).await;
    let Event::RetryScheduled(RetryScheduled { job, wait, error, .. }) = event else { panic!("another event") };
    assert_eq!((job.id, job.attempt, wait), (id, 1, Duration::from_secs(1)));
    assert_eq!((error.message.as_str(), error.attempt), ("slip", 1));
    assert!(error.class.ends_with("retries::Slip"), "{}", error.class);
}

#[tokio::test]
async fn a_retry_that_could_not_be_written_is_written_later_and_not_lost() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let running = fixture.start(jobs::jobs![NeverGiveUp]).await;
    faulty.fail_before("settle", 2, || Error::transient("gone"));
    let id = id(NeverGiveUp::perform_later("s").on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 1).await, Duration::from_secs(1));
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!((record.attempts, record.errors.len()), (2, 1));
    assert_eq!(
        fixture
            .recorder
            .count(|event| matches!(event, Event::StoreFailed(event) if event.operation.contains("settle"))),
        2
    );
}

#[job(retry_on(Slip::Small, wait = 60d, jitter = 0.0))]
async fn come_back_in_two_months() -> Result<(), Slip> {
    Err(Slip::Small)
}

#[tokio::test]
async fn a_wait_of_sixty_days_is_sixty_days() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![ComeBackInTwoMonths]).await;
    let id = id(ComeBackInTwoMonths::perform_later().on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 1).await, Duration::from_secs(60 * 24 * 60 * 60));
    fixture.becomes(id, |record| record.attempts == 2).await;
}
