//! Times and durations as a person reads them.

pub(crate) use jobs::time::{format_duration, format_relative as relative_time};
