//! Jobs on their way: enqueued, dispatched, claimed, settled and recovered.

mod call;
mod claim;
pub(crate) mod claims;
mod dispatch;
mod enqueue;
mod fleet;
mod heartbeat;
mod held;
mod known_claims;
mod lost_claims;
mod process_view;
mod recover;
mod settle;
mod steps;

pub(crate) use enqueue::check as check_new;
pub(crate) use known_claims::KnownClaims;
pub(crate) use lost_claims::LostClaims;
pub(crate) use process_view::{ProcessView, Registered};
pub(crate) use steps::{Source, Steps, Target, count};
