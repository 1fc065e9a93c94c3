//! What tests of an application with jobs look like, as a program that ends by itself.
//!
//! In a test file each function below would be a `#[tokio::test]`.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs::prelude::*;
use jobs_testing::{JobMatcher, TestJobs};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[derive(Debug)]
enum Undelivered {
    /// The other side is busy; it may work later.
    Busy,
    /// There is no such address.
    Unknown,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Busy => "the other side is busy",
            Self::Unknown => "there is no such address",
        })
    }
}

impl std::error::Error for Undelivered {}

/// Stands for a mail server and remembers what it was asked to send.
#[derive(Clone, Default)]
struct Mailer {
    asked: Arc<Mutex<Vec<String>>>,
}

impl Mailer {
    fn send(&self, what: &str, to: &str) -> Result<(), Undelivered> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(format!("{what} for {to}"));
        match to {
            "nobody" => Err(Undelivered::Unknown),
            "busy" if asked.len() < 3 => Err(Undelivered::Busy),
            _ => Ok(()),
        }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[job(queue = "mail", retry_on(Undelivered::Busy, wait = 10m, attempts = 3, jitter = 0.0))]
async fn welcome(to: String, mailer: &Mailer) -> Result<(), Undelivered> {
    mailer.send("welcome", &to)
}

#[job(queue = "mail", priority = -5)]
async fn remind(to: String, mailer: &Mailer) -> Result<(), Undelivered> {
    mailer.send("reminder", &to)
}

/// The code under test: it enqueues, and knows nothing of tests.
async fn sign_up(to: &str) -> jobs::Result<()> {
    Welcome::perform_later(to).await?;
    Remind::perform_later(to).wait(DAY).await?;
    Ok(())
}

fn test() -> (TestJobs, Mailer) {
    let mailer = Mailer::default();
    (TestJobs::builder().provide(mailer.clone()).build(), mailer)
}

type Done = Result<(), Box<dyn std::error::Error>>;

async fn a_sign_up_sends_a_welcome_and_a_reminder_the_day_after() -> Done {
    let (test, mailer) = test();
    test.scope(sign_up("ada")).await?;
    test.assert_enqueued_jobs(2);
    test.queue("mail").assert_enqueued_with(Welcome::new("ada"));
    let reminder = test.assert_enqueued_with(JobMatcher::from(Remind::new("ada")).wait(DAY).priority(-5));
    println!("enqueued: {reminder}");

    assert_eq!(test.perform_enqueued_jobs().await?, 1, "the reminder is not due");
    test.travel(DAY);
    assert_eq!(test.perform_enqueued_jobs().await?, 1);
    assert_eq!(mailer.asked(), ["welcome for ada", "reminder for ada"]);
    test.assert_no_enqueued_jobs();
    Ok(())
}

async fn a_busy_server_is_asked_again_every_ten_minutes() -> Done {
    let (test, mailer) = test();
    let start = test.now();
    test.scope(sign_up("busy")).await?;
    test.only::<Welcome>().perform_enqueued_jobs().until_empty().await?;
    test.only::<Welcome>().assert_performed_jobs(3);
    assert_eq!(test.now().since(start), Duration::from_secs(20 * 60));
    println!("asked {} times within {:?}", mailer.asked().len(), test.now().since(start));
    Ok(())
}

async fn an_unknown_address_comes_out_as_an_error_that_names_the_job() -> Done {
    let (test, _) = test();
    let signed_up = test.perform_enqueued_jobs().during(sign_up("nobody")).await;
    let error = signed_up.err().ok_or("nobody got a welcome")?;
    assert!(error.is::<Undelivered>());
    println!("failed: {error}");
    assert_eq!(test.failed_jobs().len(), 1);
    Ok(())
}

async fn a_sign_up_without_a_store_is_refused_and_nothing_is_enqueued() -> Done {
    let (test, _) = test();
    test.faults().fail_before("enqueue", 1, || jobs::Error::transient("the database is gone"));
    let error = test.scope(sign_up("ada")).await.err().ok_or("the store took it")?;
    assert!(error.is_transient());
    println!("refused: {error}");
    test.assert_no_enqueued_jobs();
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Done {
    a_sign_up_sends_a_welcome_and_a_reminder_the_day_after().await?;
    a_busy_server_is_asked_again_every_ten_minutes().await?;
    an_unknown_address_comes_out_as_an_error_that_names_the_job().await?;
    a_sign_up_without_a_store_is_refused_and_nothing_is_enqueued().await?;
    println!("4 tests passed");
    Ok(())
}
