//! Types of Ruby that serde's own types do not stand for, as parameters of jobs.

mod hashes;
mod scalars;
mod times;

pub use hashes::{Indifferent, Keywords, SymbolKeys};
pub use scalars::{Decimal, Module, Range, Symbol};
pub use times::{Date, DateTime, Duration, Time, ZonedTime};

/// A type that is stored as a [`Value`](crate::Value), and read from one. `$read` takes the value of the own kind; a plain text is
/// read by `$text`.
macro_rules! by_value {
    ($type:ident, $expected:literal, $kind:pat => $read:expr, $text:expr) => {
        impl TryFrom<$crate::Value> for $type {
            type Error = jobs_core::Error;

            fn try_from(value: $crate::Value) -> Result<Self, jobs_core::Error> {
                let read = match &value {
                    $kind => $read,
                    _ => value.as_str().and_then(|text| $text(&text)),
                };
                read.ok_or_else(|| jobs_core::Error::invalid(concat!("expected ", $expected)))
            }
        }
    };
}
use by_value;
