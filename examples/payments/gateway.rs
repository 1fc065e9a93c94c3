//! A fake payment gateway: it charges once for each idempotency key, and fails in many ways.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs::{Error, JobId};

/// Why the gateway refused a payment.
#[derive(Debug)]
pub(crate) enum PaymentError {
    /// Try again soon.
    Unavailable,
    /// Try again, but only a few times.
    RateLimited,
    /// Never try again.
    Declined { reason: &'static str },
    /// No rule of the job covers this error: a person must decide.
    AccountFrozen,
    /// The gateway's ledger cannot be written.
    Ledger(std::io::Error),
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable => f.write_str("the gateway is unavailable"),
            Self::RateLimited => f.write_str("too many requests"),
            Self::Declined { reason } => write!(f, "declined: {reason}"),
            Self::AccountFrozen => f.write_str("the account is frozen"),
            Self::Ledger(_) => f.write_str("the charge could not be written to the ledger"),
        }
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Ledger(error) => Some(error),
            _ => None,
        }
    }
}

impl From<std::io::Error> for PaymentError {
    fn from(error: std::io::Error) -> Self {
        Self::Ledger(error)
    }
}

/// The gateway. Its ledger is a file, which survives when the process is killed.
pub(crate) struct Gateway {
    ledger: Mutex<Ledger>,
}

struct Ledger {
    file: File,
    charged: HashSet<String>,
}

impl Gateway {
    /// Opens the ledger, or creates it.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let unreadable = |cause: std::io::Error| {
            Error::other(format!("the gateway's ledger at {} cannot be opened", path.display())).with_source(cause)
        };
        let written = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unreadable(error)),
        };
        let charged = written.lines().filter_map(|line| line.split(',').next()).map(str::to_owned).collect();
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(unreadable)?;
        Ok(Self { ledger: Mutex::new(Ledger { file, charged }) })
    }

    /// Charges an order once for each key; a repeated call with the same key does nothing.
    pub(crate) async fn charge(&self, key: JobId, order: u64, cents: u64, attempt: u32) -> Result<(), PaymentError> {
        // The time of a request over the network.
        tokio::time::sleep(Duration::from_millis(4)).await;
        fail_some(order, attempt).await?;
        let mut ledger = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
        if ledger.charged.insert(key.to_string()) {
            ledger.file.write_all(format!("{key},{order},{cents}\n").as_bytes())?;
        }
        Ok(())
    }
}

/// Certain orders fail in certain ways, so that every run shows all of them.
async fn fail_some(order: u64, attempt: u32) -> Result<(), PaymentError> {
    match order {
        _ if order % 10 == 3 && attempt <= 2 => Err(PaymentError::Unavailable),
        _ if order % 25 == 7 => Err(PaymentError::Declined { reason: "no cover" }),
        _ if order % 40 == 11 => Err(PaymentError::RateLimited),
        _ if order % 70 == 31 => Err(PaymentError::AccountFrozen),
        _ if order % 60 == 18 && attempt == 1 => crash(order),
        _ if order % 50 == 29 && attempt == 1 => std::future::pending().await,
        _ => Ok(()),
    }
}

#[expect(clippy::panic, reason = "a bug in the gateway's client is one of the ways it fails")]
fn crash(order: u64) -> Result<(), PaymentError> {
    panic!("the gateway's client has a bug with order {order}")
}
