//! The argument that every contestant stores: about 45 bytes of JSON.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The second field of every payload.
pub const METHOD: &str = "credit_card";

/// A small struct, the argument of the benchmark job.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Payload {
    /// A number; when latency is measured, the time of the enqueue in microseconds.
    pub order_id: u64,
    /// Always [`METHOD`].
    pub method: String,
}

impl Payload {
    /// The payload with this number.
    pub fn new(order_id: u64) -> Self {
        Self { order_id, method: METHOD.to_owned() }
    }
}

/// Microseconds since 1970; several processes share this clock.
pub fn now_micros() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}
