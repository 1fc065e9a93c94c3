//! Types, patterns, guards, predicates, causes and alternatives of them.
#![deny(warnings)]

use std::fmt;
use std::io;

use jobs::prelude::*;

#[derive(Debug)]
enum PaymentError {
    Gateway(u16),
    Refused { code: u16 },
    Declined,
    Io(io::Error),
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gateway(code) | Self::Refused { code } => write!(f, "{code}"),
            Self::Declined => f.write_str("declined"),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for PaymentError {}

impl From<io::Error> for PaymentError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

mod errors {
    pub(crate) use super::PaymentError;
    pub(crate) type Short = super::PaymentError;
}

fn is_small(error: &PaymentError) -> bool {
    matches!(error, PaymentError::Gateway(code) if *code < 100)
}

#[job(
    discard_on(PaymentError::Declined),
    retry_on(PaymentError::Gateway(500..=599)),
    retry_on(PaymentError::Gateway(code) if *code > 400),
    retry_on(PaymentError::Refused { code: 1 | 2 }),
    retry_on(PaymentError::Refused { code } if *code == 3 || *code == 4, wait = 1s),
    retry_on(errors::PaymentError::Gateway(7) | errors::PaymentError::Gateway(8)),
    retry_on(matches errors::Short::Refused { .. }),
    retry_on(matches PaymentError::Io(error) if error.kind() == io::ErrorKind::NotFound),
    retry_on(when is_small),
    retry_on(TimedOut | Panic | io::Error, wait = 1s),
    retry_on(PaymentError::Declined | TimedOut),
    retry_on(type errors::Short),
    retry_on(PaymentError),
    retry_on(cause fmt::Error),
    retry_on(cause Box<io::Error>),
    discard_on(DeserializeError),
    retry_on(any, attempts = unlimited),
)]
async fn pay(order: u64) -> Result<(), PaymentError> {
    match order {
        0 => Err(PaymentError::Declined),
        1 => Err(PaymentError::Refused { code: 1 }),
        2 => Err(io::Error::other("x").into()),
        _ => Ok(()),
    }
}

fn main() {
    let rule = |error| format!("{:?}", Pay::policy().rule_for(&Failure::raised::<Pay>(error)));
    assert_eq!(rule(PaymentError::Declined), "Some(discard_on(PaymentError::Declined))");
    assert_eq!(rule(PaymentError::Gateway(550)), "Some(retry_on(PaymentError::Gateway(500..=599)))");
    assert_eq!(rule(PaymentError::Gateway(50)), "Some(retry_on(when is_small))");
}
