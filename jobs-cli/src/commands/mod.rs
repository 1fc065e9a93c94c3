//! The commands, one file for each group of them.

mod cancel;
mod change;
mod check;
mod count;
#[cfg(feature = "dashboard")]
mod dashboard;
mod enqueue;
mod expired;
mod failures;
mod figures;
#[cfg(feature = "generate")]
mod generate;
mod health;
mod list;
mod migrate;
mod processes;
mod prune;
mod queues;
mod recurring;
mod shell;
mod start;
mod stats;
mod unchanged;

pub(crate) use cancel::cancel;
#[cfg(feature = "top")]
pub(crate) use cancel::{Cancelled, cancel_one};
#[cfg(feature = "top")]
pub(crate) use change::JobChange;
pub(crate) use change::{discard, reschedule, retry};
pub(crate) use check::check;
#[cfg(feature = "dashboard")]
pub(crate) use dashboard::dashboard;
pub(crate) use enqueue::enqueue;
pub(crate) use failures::failures;
pub(crate) use figures::figures;
#[cfg(feature = "generate")]
pub(crate) use generate::{generate, new};
pub(crate) use health::health;
pub(crate) use list::{list, show};
pub(crate) use migrate::migrate;
pub(crate) use processes::{processes, quiet, stop};
pub(crate) use prune::prune;
pub(crate) use queues::{pause, queues, resume};
pub(crate) use recurring::recurring;
pub(crate) use shell::{completions, man};
pub(crate) use start::start;
pub(crate) use stats::stats;
