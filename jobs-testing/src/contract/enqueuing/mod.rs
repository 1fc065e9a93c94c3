//! What enqueuing promises: storing, waiting for a time, payloads, repeated calls and notifications.

pub mod dispatch;
pub mod enqueue;
pub mod idempotency;
pub mod notifications;
pub mod payload;
pub mod repeated_enqueue;
