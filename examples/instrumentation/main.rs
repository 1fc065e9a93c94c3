//! Observability: metrics from typed events, an alert for slow jobs, a hook for jobs that failed for good, an error
//! reporting service, and log lines.
//!
//! `cargo run --example instrumentation` leaves `instrumentation.db` in the current folder.

mod lines;
mod metrics;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs::events::{Performed, RanSlowly, RetryScheduled};
use jobs::prelude::*;
use jobs::runtime::ErrorReport;
use tokio::sync::watch;

use crate::lines::Lines;
use crate::metrics::Metrics;

#[job(
    queue = "parcels",
    retry_on(DeliveryError::Weather, wait = 10ms, attempts = 3),
    discard_on(DeliveryError::NoSuchStreet),
)]
async fn deliver(parcel: u32, ctx: &Context) -> Result<(), DeliveryError> {
    match parcel {
        7 if ctx.attempt() < 3 => Err(DeliveryError::Weather),
        8 => Err(DeliveryError::NoSuchStreet),
        9 => Err(DeliveryError::Lost),
        _ => Ok(()),
    }
}

/// Runs until the alert for slow jobs is raised, so it is slow in every run.
#[job(queue = "stock")]
async fn count_stock(alarm: &Alarm) -> Result<(), watch::error::RecvError> {
    alarm.0.subscribe().wait_for(|raised| *raised).await.map(drop)
}

#[tokio::main]
async fn main() -> jobs::Result<()> {
    // An application calls `tracing_subscriber::fmt::init()`. This example also records the lines.
    let lines = Lines::default();
    tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(lines.clone()).init();

    let (metrics, deaths, reports) = (Metrics::default(), Notes::default(), Notes::default());
    let runtime = observed(&metrics, &deaths, &reports).build().await?;
    let jobs = runtime.client();
    jobs.perform_all_later((1..=9).map(Deliver::new)).await?;
    CountStock::perform_later().on(&jobs).await?;
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    println!("\nThe metrics that Prometheus would read:\n{metrics}");
    println!("Failed for good: {:#?}\nReported: {:#?}", deaths.sorted(), reports.sorted());
    assert_eq!(metrics.performed("deliver"), 7, "parcels 1 to 7 are delivered");
    assert_eq!(metrics.retried("instrumentation::DeliveryError::Weather"), 0, "the class is the type, not the variant");
    assert_eq!(metrics.retried("instrumentation::DeliveryError"), 2, "parcel 7 is retried twice");
    assert_eq!(metrics.alerts(), 1);
    assert_eq!(deaths.sorted(), [r#"{"parcel":8}: there is no such street"#, r#"{"parcel":9}: the parcel is lost"#]);
    assert_eq!(
        reports.sorted(),
        [
            r#"{"parcel":7} attempt 1: the weather is bad, will retry: true"#,
            r#"{"parcel":7} attempt 2: the weather is bad, will retry: true"#,
            r#"{"parcel":8} attempt 1: there is no such street, will retry: false"#,
            r#"{"parcel":9} attempt 1: the parcel is lost, will retry: false"#,
        ],
        "each attempt that failed is reported once",
    );
    lines.contain("Performing deliver (Job ID: ");
    lines.contain("due to instrumentation::DeliveryError (the weather is bad)");
    lines.contain("perform{job=\"deliver\" id=");
    Ok(())
}

/// A runtime that reports to the metrics and to both lists.
fn observed(metrics: &Metrics, deaths: &Notes, reports: &Notes) -> jobs::RuntimeBuilder {
    let alarm = Alarm(watch::Sender::new(false));
    let (performed, retried, slow) = (metrics.clone(), metrics.clone(), metrics.clone());
    let (deaths, reports) = (deaths.clone(), reports.clone());
    Runtime::builder()
        .connect("sqlite:instrumentation.db")
        .provide(alarm.clone())
        // Event handlers run between the jobs, so they must not block: they count, or forward the event.
        .on::<Performed>(move |event| performed.add_run(&event.job.name, event.duration))
        .on::<RetryScheduled>(move |event| retried.add_retry(&event.error.class))
        .slow_after(Duration::from_millis(20))
        .on::<RanSlowly>(move |event| {
            println!("ALERT: {} has been running for {:?}", event.job.name, event.duration);
            slow.add_alert();
            alarm.0.send_replace(true);
        })
        .on_death(move |job, error| deaths.add(format!("{}: {}", job.arguments, error.message)))
        .report_errors_to(move |report: &ErrorReport<'_>| {
            let ErrorReport { job, error, will_retry, .. } = report;
            reports
                .add(format!("{} attempt {}: {}, will retry: {will_retry}", job.arguments, job.attempt, error.message));
        })
}

#[derive(Debug)]
enum DeliveryError {
    Weather,
    NoSuchStreet,
    Lost,
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weather => "the weather is bad",
            Self::NoSuchStreet => "there is no such street",
            Self::Lost => "the parcel is lost",
        })
    }
}

impl std::error::Error for DeliveryError {}

#[derive(Clone)]
struct Alarm(watch::Sender<bool>);

/// A list of messages.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: String) {
        self.lock().push(note);
    }

    fn sorted(&self) -> Vec<String> {
        let mut notes = self.lock().clone();
        notes.sort();
        notes
    }

    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
