//! What a runtime tells about its jobs: metrics by typed events, an alert for slow jobs, who is told of the dead, a
//! service that collects errors, and log lines.
//!
//! `cargo run --example instrumentation` leaves `instrumentation.db` in the current folder.

mod lines;
mod metrics;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs::Report;
use jobs::events::{Performed, RanSlowly, RetryScheduled};
use jobs::prelude::*;
use tokio::sync::watch;

use crate::lines::Lines;
use crate::metrics::Metrics;

#[job(
    queue = "parcels",
    retry_on(Trouble::Weather, wait = 10ms, attempts = 3),
    discard_on(Trouble::NoSuchStreet),
)]
async fn deliver(parcel: u32, ctx: &Context) -> Result<(), Trouble> {
    match parcel {
        7 if ctx.attempt() < 3 => Err(Trouble::Weather),
        8 => Err(Trouble::NoSuchStreet),
        9 => Err(Trouble::Lost),
        _ => Ok(()),
    }
}

/// Counts until somebody is alarmed: slow in every run.
#[job(queue = "stock")]
async fn count_stock(alarm: &Alarm) -> Result<(), watch::error::RecvError> {
    alarm.0.subscribe().wait_for(|rung| *rung).await.map(drop)
}

#[tokio::main]
async fn main() -> jobs::Result<()> {
    // In your program: `tracing_subscriber::fmt::init()`. Here the lines are kept as well as shown.
    let lines = Lines::default();
    tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(lines.clone()).init();

    let (metrics, deaths, reports) = (Metrics::default(), Notes::default(), Notes::default());
    let runtime = observed(&metrics, &deaths, &reports).build().await?;
    let jobs = runtime.jobs();
    jobs.perform_all_later((1..=9).map(Deliver::new)).await?;
    CountStock::perform_later().on(&jobs).await?;
    let running = runtime.start().await?;
    running.drained().await?;
    running.stop().await;

    println!("\nWhat a scrape of the metrics would give:\n{metrics}");
    println!("Given up: {:#?}\nReported: {:#?}", deaths.sorted(), reports.sorted());
    assert_eq!(metrics.performed("deliver"), 7, "parcels 1 to 7 arrive");
    assert_eq!(metrics.retried("instrumentation::Trouble::Weather"), 0, "the class is the type, not the variant");
    assert_eq!(metrics.retried("instrumentation::Trouble"), 2, "the seventh after two storms");
    assert_eq!(metrics.alerts(), 1);
    assert_eq!(deaths.sorted(), [r#"{"parcel":8}: there is no such street"#, r#"{"parcel":9}: it is lost"#]);
    assert_eq!(
        reports.sorted(),
        [
            r#"{"parcel":7} attempt 1: the weather is bad, again: true"#,
            r#"{"parcel":7} attempt 2: the weather is bad, again: true"#,
            r#"{"parcel":8} attempt 1: there is no such street, again: false"#,
            r#"{"parcel":9} attempt 1: it is lost, again: false"#,
        ],
        "each attempt that failed is reported once",
    );
    lines.contain("Performing deliver (Job ID: ");
    lines.contain("due to instrumentation::Trouble (the weather is bad)");
    lines.contain("perform{job=\"deliver\" id=");
    Ok(())
}

/// A runtime that tells all of them.
fn observed(metrics: &Metrics, deaths: &Notes, reports: &Notes) -> jobs::RuntimeBuilder {
    let alarm = Alarm(watch::Sender::new(false));
    let (performed, retried, slow) = (metrics.clone(), metrics.clone(), metrics.clone());
    let (deaths, reports) = (deaths.clone(), reports.clone());
    Runtime::builder()
        .connect("sqlite:instrumentation.db")
        .provide(alarm.clone())
        // Watchers are called in the midst of work, so they count and hand on, and never block.
        .on::<Performed>(move |event| performed.add_run(&event.job.name, event.duration))
        .on::<RetryScheduled>(move |event| retried.add_retry(&event.error.class))
        .slow_after(Duration::from_millis(20))
        .on::<RanSlowly>(move |event| {
            println!("ALERT: {} has run for {:?}, and runs on", event.job.name, event.duration);
            slow.add_alert();
            alarm.0.send_replace(true);
        })
        .on_death(move |job, error| deaths.add(format!("{}: {}", job.arguments, error.message)))
        .report_errors_to(move |report: &Report<'_>| {
            let Report { job, error, will_retry, .. } = report;
            reports.add(format!("{} attempt {}: {}, again: {will_retry}", job.arguments, job.attempt, error.message));
        })
}

#[derive(Debug)]
enum Trouble {
    Weather,
    NoSuchStreet,
    Lost,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Weather => "the weather is bad",
            Self::NoSuchStreet => "there is no such street",
            Self::Lost => "it is lost",
        })
    }
}

impl std::error::Error for Trouble {}

#[derive(Clone)]
struct Alarm(watch::Sender<bool>);

/// What somebody was told.
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
