//! A payment gateway as they are: it charges once for each key, and fails in many ways.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jobs::{Error, JobId};

/// What the gateway says no with.
#[derive(Debug)]
pub(crate) enum PaymentError {
    /// Try again soon.
    Unavailable,
    /// Try again, but not for ever.
    RateLimited,
    /// Never try again.
    Declined { reason: &'static str },
    /// Nobody has thought of this one: a person must look.
    AccountFrozen,
    /// The gateway's own books cannot be written.
    Books(std::io::Error),
}

impl std::fmt::Display for PaymentError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unavailable => f.write_str("the gateway is unavailable"),
            Self::RateLimited => f.write_str("too many requests"),
            Self::Declined { reason } => write!(f, "declined: {reason}"),
            Self::AccountFrozen => f.write_str("the account is frozen"),
            Self::Books(_) => f.write_str("the charge could not be written to the books"),
        }
    }
}

impl std::error::Error for PaymentError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Books(error) => Some(error),
            _ => None,
        }
    }
}

impl From<std::io::Error> for PaymentError {
    fn from(error: std::io::Error) -> Self {
        Self::Books(error)
    }
}

/// The gateway. Its books are a file, so that they outlive a kill.
pub(crate) struct Gateway {
    books: Mutex<Books>,
}

struct Books {
    file: File,
    charged: HashSet<String>,
}

impl Gateway {
    /// Opens the books, or new ones.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let fault = |cause: std::io::Error| {
            Error::other(format!("the gateway's books at {} cannot be opened", path.display())).with_source(cause)
        };
        let written = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(fault(error)),
        };
        let charged = written.lines().filter_map(|line| line.split(',').next()).map(str::to_owned).collect();
        let file = OpenOptions::new().create(true).append(true).open(path).map_err(fault)?;
        Ok(Self { books: Mutex::new(Books { file, charged }) })
    }

    /// Charges an order once for each key, however often it is asked.
    pub(crate) async fn charge(&self, key: JobId, order: u64, cents: u64, attempt: u32) -> Result<(), PaymentError> {
        // The way there and back.
        tokio::time::sleep(Duration::from_millis(4)).await;
        misbehave(order, attempt).await?;
        let mut books = self.books.lock().unwrap_or_else(PoisonError::into_inner);
        if books.charged.insert(key.to_string()) {
            books.file.write_all(format!("{key},{order},{cents}\n").as_bytes())?;
        }
        Ok(())
    }
}

/// Each kind of trouble hits certain orders, so that every run shows all of them.
async fn misbehave(order: u64, attempt: u32) -> Result<(), PaymentError> {
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
    panic!("order {order} was too much for the gateway's client")
}
