//! Arguments: each kind of value arrives as it was, or is refused with the reason.

mod decoding;
mod foreign_values;
mod mixed_versions;
mod numbers;
mod ranges;
mod round_trips;
mod stored_form;
pub(crate) mod support;
mod unreadable;
