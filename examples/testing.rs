//! Tests of an application with jobs, written as a program.
//!
//! In a test file, each test function below would be a `#[tokio::test]`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs::prelude::*;
use jobs_testing::{JobMatcher, TestJobs};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
enum DeliveryError {
    /// The server is busy; a later attempt may succeed.
    Busy,
    /// The address does not exist.
    Unknown,
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the server is busy",
            Self::Unknown => "the address does not exist",
        })
    }
}

impl std::error::Error for DeliveryError {}

/// A fake mail server, which records what it was asked to send.
#[derive(Clone, Default)]
struct Mailer {
    requests: Arc<Mutex<Vec<String>>>,
}

impl Mailer {
    fn send(&self, kind: &str, to: &str) -> Result<(), DeliveryError> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(format!("{kind} for {to}"));
        match to {
            "unknown" => Err(DeliveryError::Unknown),
            "busy" if requests.len() < 3 => Err(DeliveryError::Busy),
            _ => Ok(()),
        }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[job(queue = "mail", retry_on(DeliveryError::Busy, wait = 10m, attempts = 3, jitter = 0.0))]
async fn welcome(to: String, mailer: &Mailer) -> Result<(), DeliveryError> {
    mailer.send("welcome", &to)
}

#[job(queue = "mail", priority = -5)]
async fn remind(to: String, mailer: &Mailer) -> Result<(), DeliveryError> {
    mailer.send("reminder", &to)
}

/// The code under test: it enqueues jobs, and does not depend on the test tools.
async fn sign_up(to: &str) -> jobs::Result<()> {
    Welcome::perform_later(to).await?;
    Remind::perform_later(to).wait(DAY).await?;
    Ok(())
}

fn set_up() -> (TestJobs, Mailer) {
    let mailer = Mailer::default();
    (TestJobs::builder().provide(mailer.clone()).build(), mailer)
}

type TestResult = Result<(), Box<dyn std::error::Error>>;

async fn a_sign_up_sends_a_welcome_and_a_reminder_one_day_later() -> TestResult {
    let (test, mailer) = set_up();
    test.scope(sign_up("ada")).await?;
    test.assert_enqueued_jobs(2);
    test.queue("mail").assert_enqueued_with(Welcome::new("ada"));
    let reminder = test.assert_enqueued_with(JobMatcher::from(Remind::new("ada")).wait(DAY).priority(-5));
    println!("enqueued: {reminder}");

    assert_eq!(test.perform_enqueued_jobs().await?, 1, "the reminder is not due");
    test.travel(DAY);
    assert_eq!(test.perform_enqueued_jobs().await?, 1);
    assert_eq!(mailer.requests(), ["welcome for ada", "reminder for ada"]);
    test.assert_no_enqueued_jobs();
    Ok(())
}

async fn a_busy_server_is_retried_every_ten_minutes() -> TestResult {
    let (test, mailer) = set_up();
    let start = test.now();
    test.scope(sign_up("busy")).await?;
    test.only::<Welcome>().perform_enqueued_jobs().until_empty().await?;
    test.only::<Welcome>().assert_performed_jobs(3);
    assert_eq!(test.now().duration_since(start), Duration::from_secs(20 * 60));
    println!("sent {} requests within {:?}", mailer.requests().len(), test.now().duration_since(start));
    Ok(())
}

async fn an_unknown_address_is_an_error_that_names_the_job() -> TestResult {
    let (test, _) = set_up();
    let signed_up = test.perform_enqueued_jobs().during(sign_up("unknown")).await;
    let error = signed_up.err().ok_or("the sign-up succeeded")?;
    assert!(error.is::<DeliveryError>());
    println!("failed: {error}");
    assert_eq!(test.failed_jobs().len(), 1);
    Ok(())
}

async fn a_sign_up_fails_without_a_store_and_enqueues_nothing() -> TestResult {
    let (test, _) = set_up();
    test.faults().fail_before("enqueue", 1, || jobs::Error::transient("the database is unreachable"));
    let error = test.scope(sign_up("ada")).await.err().ok_or("the sign-up succeeded")?;
    assert!(error.is_transient());
    println!("refused: {error}");
    test.assert_no_enqueued_jobs();
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> TestResult {
    a_sign_up_sends_a_welcome_and_a_reminder_one_day_later().await?;
    a_busy_server_is_retried_every_ten_minutes().await?;
    an_unknown_address_is_an_error_that_names_the_job().await?;
    a_sign_up_fails_without_a_store_and_enqueues_nothing().await?;
    println!("4 tests passed");
    Ok(())
}
