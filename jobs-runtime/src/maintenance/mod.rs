//! Background work of a process: heartbeats, cancellations, recovery, dispatch, pruning, recurring tasks.

pub(crate) mod cancellations;
pub(crate) mod dispatcher;
pub(crate) mod figures;
pub(crate) mod heartbeat;
pub(crate) mod pruning;
pub(crate) mod recovery;
pub(crate) mod recurring_plan;
pub(crate) mod scheduler;
pub(crate) mod store_contact;
pub(crate) mod task_states;
pub(crate) mod task_ticks;
pub(crate) mod tick;
pub(crate) mod tick_batcher;
