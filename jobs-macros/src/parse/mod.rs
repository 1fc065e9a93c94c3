//! The first pass: reads the attribute and the function, each by itself.

pub(crate) mod attribute;
mod callback;
mod duration;
pub(crate) mod function;
pub(crate) mod keys;
mod matcher;
mod options;
pub(crate) mod parameter;
mod remote_keys;
mod rule;
pub(crate) mod schedule;
pub(crate) mod signature;
mod split;
mod unique;
mod values;
