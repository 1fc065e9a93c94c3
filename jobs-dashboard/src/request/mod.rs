//! What handlers know of a request: its context and its form fields.

pub(crate) mod context;
pub(crate) mod due_time;
pub(crate) mod fields;
pub(crate) mod parameters;
pub(crate) mod percent;
