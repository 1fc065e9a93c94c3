//! Jobs on their way: enqueued, dispatched, claimed, settled and recovered.

mod claim;
mod dispatch;
mod enqueue;
mod heartbeat;
mod known_runs;
mod lost_claims;
mod recover;
mod ruby_attempts;
mod script;
mod settle;
mod slots;
mod steps;

pub(crate) use dispatch::{of_score, soon};
pub(crate) use enqueue::check as check_new;
pub(crate) use known_runs::KnownRuns;
pub(crate) use slots::ProcessSlots;
pub(crate) use steps::{SOON, StepSource, StepTarget, Steps, count};
