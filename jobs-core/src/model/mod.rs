//! The plain values that stores keep, receive and return.

pub(crate) mod debug;
pub mod entropy;
mod execution;
mod foreign_id;
mod id;
pub mod lifecycle;
mod meta;
mod new_job;
mod process;
mod process_details;
pub mod queue;
mod record;
mod settlement;
mod state;
mod store_clock;
mod time;

pub use execution::Execution;
pub use foreign_id::ForeignId;
pub use id::{ClaimToken, JobId, JobIds, ProcessId};
pub use meta::Meta;
pub use new_job::{Due, Enqueued, Expires, NewJob};
pub use process::{
    HeartbeatReply, Process, ProcessOrder, ProcessRecord, ProcessStatus, Recovered, Recovery, SlowJob,
    has_one_death_left, is_poisonous,
};
pub use process_details::ProcessDetails;
pub use record::{JobRecord, QueueRecord};
pub use settlement::{
    CORRUPT_CLASS, Decision, ErrorRecord, POISON_CLASS, Settled, Settlement, corrupt_record, crash_record,
    death_record, poison_record,
};
pub use state::State;
pub use store_clock::StoreClock;
pub use time::{Clock, SystemClock, Timestamp, format_duration, format_relative};
