//! Error types that hold any error: a box, and a type that derefs to one.

use std::error::Error;
use std::fmt;
use std::io;
use std::ops::Deref;

use jobs::prelude::*;

/// As `anyhow::Error`.
struct Anything(Box<dyn Error + Send + Sync>);

impl<E: Error + Send + Sync + 'static> From<E> for Anything {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Deref for Anything {
    type Target = dyn Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Display for Anything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[job(retry_on(io::Error), discard_on(fmt::Error))]
async fn boxed(to: u64) -> Result<(), Box<dyn Error + Send + Sync>> {
    Err(format!("nobody at {to}").into())
}

#[job(retry_on(io::Error), discard_on(fmt::Error))]
async fn unboxed(to: u64) -> Result<(), Anything> {
    Err(io::Error::other(to.to_string()).into())
}

fn main() {
    let _ = (Boxed::perform_later(1), Unboxed::perform_later(1));
    let error: Anything = io::Error::other("x").into();
    assert!(Unboxed::cause(&error).is_some_and(|error| error.is::<io::Error>()));
}
