//! Jobs on their way: enqueued, dispatched, claimed, settled and recovered.

mod claim;
mod claimed_text;
pub(crate) mod claims;
mod dispatch;
mod enqueue;
mod fleet;
mod heartbeat;
mod known_claims;
mod lost_claims;
mod process_view;
mod pushes;
mod recover;
mod settle;
mod steps;
mod work_script;

pub(crate) use enqueue::check as check_new;
pub(crate) use fleet::is_ours;
pub(crate) use known_claims::KnownClaims;
pub(crate) use process_view::ProcessView;
pub(crate) use pushes::Pushes;
pub(crate) use steps::{StepSource, StepTarget, Steps, count};
