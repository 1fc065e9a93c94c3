//! The commands, a file for each group of them.

mod change;
mod check;
#[cfg(feature = "dashboard")]
mod dashboard;
#[cfg(feature = "generate")]
mod generate;
mod health;
mod look;
mod queues;
mod recurring;
mod shell;
mod start;
mod stats;

pub(crate) use change::{discard, prune, reschedule, retry};
pub(crate) use check::{check, migrate};
#[cfg(feature = "dashboard")]
pub(crate) use dashboard::dashboard;
#[cfg(feature = "generate")]
pub(crate) use generate::{generate, new};
pub(crate) use health::health;
#[cfg(feature = "top")]
pub(crate) use look::described;
pub(crate) use look::{list, processes, show};
pub(crate) use queues::{pause, queues, resume};
pub(crate) use recurring::recurring;
pub(crate) use shell::{completions, man};
pub(crate) use start::start;
pub(crate) use stats::stats;
