//! The calls of workers: enqueue, dispatch, claim, settle, heartbeats and recovery.

mod claim;
mod claim_names;
mod dispatch;
mod enqueue;
mod heartbeat;
mod known_names;
mod process_memory;
mod process_orders;
mod processes;
mod recover;
mod selectors;
mod settle;
mod settled_row;
mod walk;

pub(crate) use claim_names::{BATCHES, process_of};
pub(crate) use enqueue::{SharedEnqueue, answers};
pub(crate) use known_names::KnownNames;
pub(crate) use process_memory::{HeldRows, LeftOut, LostClaims, UnansweredClaim};
pub(crate) use processes::ProcessRow;
pub(crate) use settled_row::ChangedRow;
