//! The metrics that an exporter serves.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::State;
use jobs::events::{
    Discarded, EnqueueDeduplicated, EnqueueFailed, EnqueueHalted, Enqueued, Failed, JobRef, PerformStarted, Performed,
    RanSlowly, RecurringEnqueued, RecurringSkipped, SlowReason, Snoozed, StoreFailed,
};
use jobs::metrics::{BUCKETS, Figures, METRICS, MetricKind, SharedRecorder, Watch};
use jobs::prelude::*;
use jobs::store::{ErrorRecord, Filter, NewJob, ProcessId, QueueRecord, Store};
use jobs::time::Clock;
use jobs_memory::MemoryStore;
use jobs_testing::ManualClock;
use jobs_testing::plain::id;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

fn exporter() -> (SharedRecorder, PrometheusHandle) {
    let recorder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap().build_recorder();
    let handle = recorder.handle();
    (Arc::new(recorder), handle)
}

/// The value of a line, as `jobs_started_total{job_name="a",queue="b"}`.
fn value(handle: &PrometheusHandle, line: &str) -> Option<f64> {
    handle.render().lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' ')?.parse().ok())
}

#[track_caller]
fn assert_value(handle: &PrometheusHandle, line: &str, expected: f64) {
    let found = value(handle, line);
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-9), "{line} is {found:?}\n{}", handle.render());
}

#[job(queue = "mail", retry_on(io::Error, wait = 0s, attempts = 2, jitter = 0.0))]
async fn deliver(fails: bool) -> Result<(), io::Error> {
    if fails { Err(io::Error::other("no post today")) } else { Ok(()) }
}

#[tokio::test]
async fn a_runtime_counts_and_measures_each_attempt_by_its_outcome() {
    let (recorder, handle) = exporter();
    let builder = Runtime::builder().store(Arc::new(MemoryStore::default())).metrics_to(recorder).signals(false);
    let builder =
        builder.dispatch_interval(Duration::from_millis(1)).dispatch_batch(100).register(jobs::jobs![Deliver]);
    let runtime = builder.build().await.unwrap();
    let running = runtime.start().await.unwrap();
    let jobs = running.client();
    Deliver::perform_later(true).on(&jobs).await.unwrap();
    jobs.perform_all_later([Deliver::new(false), Deliver::new(false)]).await.unwrap();
    running.drained().await.unwrap();
    running.stop().await;
    assert_value(&handle, r#"jobs_enqueued_total{job_name="deliver"}"#, 3.0);
    assert_value(&handle, r#"jobs_started_total{job_name="deliver",queue="mail"}"#, 4.0);
    for (outcome, count) in [("finished", 2.0), ("retried", 1.0), ("failed", 1.0), ("discarded", 0.0)] {
        assert_value(
            &handle,
            &format!(r#"jobs_performed_total{{job_name="deliver",queue="mail",outcome="{outcome}"}}"#),
            count,
        );
    }
    assert_value(&handle, r#"jobs_run_seconds_count{job_name="deliver",queue="mail"}"#, 4.0);
    assert_value(&handle, r#"jobs_wait_seconds_count{job_name="deliver",queue="mail"}"#, 4.0);
    assert!(!handle.render().contains("no post today"), "arguments and errors do not become labels");
}

fn watch() -> (Watch, PrometheusHandle, ManualClock) {
    let (recorder, handle) = exporter();
    let clock = ManualClock::new();
    (Watch::to(recorder, Arc::new(clock.clone())), handle, clock)
}

#[test]
fn a_wait_starts_when_the_job_was_due() {
    let (watch, handle, clock) = watch();
    let mut job = JobRef::new(id(1), "deliver", "mail");
    job.enqueued_at = Some(clock.now());
    job.due_at = Some(clock.now() + Duration::from_secs(60));
    clock.advance(Duration::from_secs(90));
    watch.record(&PerformStarted::new(job.clone()).into());
    assert_value(&handle, r#"jobs_wait_seconds_sum{job_name="deliver",queue="mail"}"#, 30.0);
    job.due_at = None;
    watch.record(&PerformStarted::new(job).into());
    assert_value(&handle, r#"jobs_wait_seconds_count{job_name="deliver",queue="mail"}"#, 1.0);
}

#[test]
fn an_attempt_whose_process_died_counts_without_a_duration() {
    let (watch, handle, _) = watch();
    let error = |class: &str| {
        let mut error = ErrorRecord::new(class, "words");
        error.duration_ms = 1500;
        error
    };
    watch.record(&Failed::new(JobRef::new(id(1), "deliver", "mail"), error(jobs_core::POISON_CLASS)).into());
    assert_value(&handle, r#"jobs_performed_total{job_name="deliver",queue="mail",outcome="failed"}"#, 1.0);
    assert_value(&handle, r#"jobs_run_seconds_count{job_name="deliver",queue="mail"}"#, 0.0);
    watch.record(&Failed::new(JobRef::new(id(1), "deliver", "mail"), error("shop::Refused")).into());
    assert_value(&handle, r#"jobs_run_seconds_sum{job_name="deliver",queue="mail"}"#, 1.5);
}

#[test]
fn slow_attempts_count_once_and_snoozed_and_expired_jobs_by_their_outcome() {
    let (watch, handle, _) = watch();
    let job = || JobRef::new(id(1), "deliver", "mail");
    let slow = || RanSlowly::new(job(), Duration::from_secs(60), SlowReason::Limit { limit: Duration::from_secs(60) });
    watch.record(&slow().into());
    watch.record(&slow().repeated(true).into());
    assert_value(&handle, r#"jobs_slow_total{job_name="deliver",queue="mail"}"#, 1.0);
    watch.record(&Snoozed::new(job(), Duration::from_secs(5)).into());
    watch.record(&Discarded::new(job(), ErrorRecord::new(jobs_core::EXPIRED_CLASS, "late")).into());
    for (outcome, count) in [("snoozed", 1.0), ("expired", 1.0), ("discarded", 0.0)] {
        let line = format!(r#"jobs_performed_total{{job_name="deliver",queue="mail",outcome="{outcome}"}}"#);
        assert_value(&handle, &line, count);
    }
    assert_value(&handle, r#"jobs_run_seconds_count{job_name="deliver",queue="mail"}"#, 0.0);
}

#[test]
fn a_job_that_is_not_enqueued_counts_by_its_reason() {
    let (watch, handle, _) = watch();
    let job = || JobRef::new(id(1), "deliver", "mail");
    watch.record(&EnqueueHalted::new(job()).into());
    watch.record(&EnqueueFailed::new(job(), ErrorRecord::new("a", "b")).into());
    watch.record(&EnqueueDeduplicated::new(job(), id(2)).into());
    for reason in ["halted", "failed", "duplicate"] {
        assert_value(&handle, &format!(r#"jobs_not_enqueued_total{{job_name="deliver",reason="{reason}"}}"#), 1.0);
    }
    watch.record(&StoreFailed::new("claim", "postgres://user:secret@host is away").into());
    assert_value(&handle, r#"jobs_store_errors_total{operation="claim"}"#, 1.0);
    assert!(!handle.render().contains("secret"), "error messages do not become labels");
}

#[test]
fn ticks_of_recurring_tasks_are_counted_with_how_late_they_were() {
    let (watch, handle, clock) = watch();
    watch.record(&RecurringEnqueued::new("nightly", clock.now(), id(1)).late(Duration::from_millis(1500)).into());
    assert_value(&handle, "jobs_recurring_late_seconds_sum", 1.5);
    assert_value(&handle, "jobs_recurring_late_seconds_count", 1.0);
    watch.record(&RecurringSkipped::new("nightly", 3, clock.now()).into());
    assert_value(&handle, r#"jobs_recurring_total{task="nightly"}"#, 1.0);
    assert_value(&handle, r#"jobs_recurring_skipped_total{task="nightly"}"#, 3.0);
}

/// The lines of one metric.
fn lines(handle: &PrometheusHandle, begin: &str) -> usize {
    handle.render().lines().filter(|line| line.starts_with(begin)).count()
}

#[test]
fn the_number_of_job_and_queue_labels_is_bounded() {
    let (watch, handle, _) = watch();
    for number in 0..2000 {
        let mut job = JobRef::new(id(1), format!("job {number}"), "mail");
        watch.record(&Enqueued::new(job.clone()).into());
        watch.record(&PerformStarted::new(job.clone()).into());
        "job 1".clone_into(&mut job.name);
        job.queue = format!("tenant {number}");
        watch.record(&PerformStarted::new(job).into());
    }
    assert_eq!(lines(&handle, "jobs_enqueued_total{"), 501);
    assert!(lines(&handle, "jobs_started_total{") < 1600, "{}", lines(&handle, "jobs_started_total{"));
    assert_value(&handle, r#"jobs_enqueued_total{job_name="other"}"#, 1500.0);
    let started = handle.render();
    let started = started.lines().filter(|line| line.starts_with("jobs_started_total{"));
    let sum: f64 = started.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum();
    assert!((sum - 4000.0).abs() < 1e-9, "each is counted: {sum}");
}

#[test]
fn thousands_of_queues_make_a_few_thousand_series() {
    let (watch, handle, _) = watch();
    for number in 0..3000 {
        let job = JobRef::new(id(1), "deliver", format!("tenant {number}"));
        watch.record(&Enqueued::new(job.clone()).into());
        watch.record(&PerformStarted::new(job.clone()).into());
        watch.record(&Performed::new(job, Duration::from_secs(1)).into());
    }
    let series = lines(&handle, "jobs_");
    assert!(series < 4000, "{series}");
    assert_value(&handle, r#"jobs_run_seconds_count{job_name="deliver",queue="tenant 0"}"#, 1.0);
    assert_value(&handle, r#"jobs_run_seconds_count{job_name="deliver",queue="other"}"#, 2960.0);
    assert_value(&handle, r#"jobs_started_total{job_name="deliver",queue="other"}"#, 2800.0);
}

#[tokio::test]
async fn the_figures_of_a_store_are_recorded() {
    let (recorder, handle) = exporter();
    let clock = ManualClock::new();
    let store = MemoryStore::new(Arc::new(clock.clone()));
    let figures = Figures::to(recorder);
    let job = |number, queue: &str| {
        let mut job = NewJob::new(id(number), "note", "{}");
        queue.clone_into(&mut job.queue);
        job
    };
    store.enqueue(&[job(1, "mail"), job(2, "mail")]).await.unwrap();
    clock.advance(Duration::from_secs(5));
    figures.sample(&store).await.unwrap();
    assert_value(&handle, r#"jobs_stored{state="ready"}"#, 2.0);
    assert_value(&handle, r#"jobs_queue_ready{queue="mail"}"#, 2.0);
    assert_value(&handle, r#"jobs_queue_latency_seconds{queue="mail"}"#, 5.0);
    assert_value(&handle, "jobs_latency_seconds", 5.0);
    assert_value(&handle, "jobs_store_enqueued_total", 2.0);
    assert_value(&handle, "jobs_store_up", 1.0);
    assert_eq!(store.claim(&jobs::store::Claim::all(ProcessId::new(1), 9)).await.unwrap().len(), 2);
    figures.sample(&store).await.unwrap();
    assert_value(&handle, r#"jobs_queue_ready{queue="mail"}"#, 0.0);
    assert_value(&handle, r#"jobs_queue_stored{queue="mail",state="ready"}"#, 0.0);
    assert_value(&handle, r#"jobs_queue_stored{queue="mail",state="claimed"}"#, 2.0);
    assert_value(&handle, r#"jobs_stored{state="claimed"}"#, 2.0);
    assert_eq!(store.inspect().unwrap().list(&Filter::default()).await.unwrap().len(), 2, "nothing was changed");
}

#[test]
fn a_queue_that_is_gone_has_no_jobs_in_any_state() {
    let (recorder, handle) = exporter();
    let figures = Figures::to(recorder);
    let mut stats = jobs::store::JobStats::default();
    let mut queue = QueueRecord::new("mail".into(), 0, Duration::ZERO, false);
    queue.counts.get_or_insert_default().add(State::Failed, 3);
    stats.queues = vec![queue, QueueRecord::new("other store".into(), 1, Duration::ZERO, false)];
    figures.record(&stats);
    assert_value(&handle, r#"jobs_queue_stored{queue="mail",state="failed"}"#, 3.0);
    assert_eq!(lines(&handle, r#"jobs_queue_stored{queue="other store""#), 0, "what is not counted is not shown");
    stats.queues.clear();
    figures.record(&stats);
    assert_value(&handle, r#"jobs_queue_stored{queue="mail",state="failed"}"#, 0.0);
    assert_eq!(lines(&handle, r#"jobs_queue_stored{queue="other store""#), 0);
}

#[test]
fn the_number_of_queue_labels_of_a_store_is_bounded() {
    let (recorder, handle) = exporter();
    let figures = Figures::to(recorder);
    let mut stats = jobs::store::JobStats::default();
    let queue = |n: u64| {
        let mut queue = QueueRecord::new(format!("tenant {n}"), 1, Duration::from_secs(n), false);
        queue.counts.get_or_insert_default().add(State::Failed, 2);
        queue
    };
    stats.queues = (0..1000).map(queue).collect();
    figures.record(&stats);
    assert_eq!(lines(&handle, "jobs_queue_ready{"), 201);
    assert_value(&handle, r#"jobs_queue_ready{queue="other"}"#, 800.0);
    assert_value(&handle, r#"jobs_queue_latency_seconds{queue="other"}"#, 999.0);
    assert_value(&handle, r#"jobs_queue_stored{queue="other",state="failed"}"#, 1600.0);
}

#[test]
fn names_follow_the_conventions_of_prometheus() {
    let names: BTreeSet<_> = METRICS.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), METRICS.len(), "the names are unique");
    for metric in METRICS {
        assert!(metric.name.starts_with("jobs_"), "{}", metric.name);
        assert_eq!(metric.name.ends_with("_total"), metric.kind == MetricKind::Counter, "{}", metric.name);
        assert!(metric.kind != MetricKind::Histogram || metric.name.ends_with("_seconds"), "{}", metric.name);
        assert!(!metric.help.is_empty());
    }
}
