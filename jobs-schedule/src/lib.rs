//! What people write for when a job of [`jobs`](https://docs.rs/jobs) recurs: cron lines, spans and plain English.
//!
//! It knows calendars and no clock, names zones and has none of their rules, and depends on nothing: so the macro checks
//! a literal by the very rules that the runtime goes by.

mod calendar;
mod cron;
mod describe;
mod english;
mod every;
mod fault;
mod field;
mod read;
mod times;
mod zones;

pub use calendar::Local;
pub use cron::Cron;
pub use every::span;
pub use fault::Fault;
pub use read::{Rhythm, Written, read};
pub use zones::{is_zone, zones};
