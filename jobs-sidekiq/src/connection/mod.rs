//! The way to Redis: connections, scripts, errors, and the server's clock.

mod clock;
mod error;
mod link;
pub(crate) mod scripts;

pub(crate) use clock::StoreClock;
pub(crate) use link::Link;
