//! Jobs on their way: enqueued, dispatched, claimed, settled and recovered.

mod change;
mod claim;
mod dispatch;
mod dropped_call;
mod enqueue;
mod heartbeat;
mod limit_maintenance;
mod locked_claims;
mod lost_claims;
mod pick;
mod process_orders;
pub(crate) mod process_row;
mod process_view;
mod recover;
mod release;
mod semaphores;
mod settle;
mod undeclared_limits;

pub(crate) use dropped_call::DroppedCall;
pub(crate) use enqueue::check as check_new;
pub(crate) use enqueue::shared::SharedEnqueue;
pub(crate) use limit_maintenance::LastMaintenance;
pub(crate) use lost_claims::LostCommits;
pub(crate) use pick::ExactNames;
pub(crate) use process_view::ProcessView;
pub(crate) use undeclared_limits::UndeclaredLimits;
