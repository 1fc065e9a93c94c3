//! Time and random bits, which a runtime is given and never takes from the machine itself.
//!
//! ```
//! use std::time::Duration;
//!
//! use jobs::Timestamp;
//! use jobs::time::format_duration;
//!
//! let start = Timestamp::from_micros(0);
//! let end = start + Duration::from_secs(90);
//! assert_eq!(format_duration(end.duration_since(start)), "1m 30s");
//! ```

pub use jobs_core::{Clock, Entropy, SystemClock, SystemEntropy, format_duration, format_relative};
