//! What is promised when processes stop, crash, or drop a call.

pub mod crash;
pub mod dropped_calls;
pub mod heartbeat;
pub mod orders;
pub mod recovery;
