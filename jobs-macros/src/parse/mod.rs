//! The first pass: what the attribute and the function say, each read by itself.

pub(crate) mod attribute;
pub(crate) mod callback;
mod duration;
pub(crate) mod function;
pub(crate) mod keys;
pub(crate) mod matcher;
mod options;
pub(crate) mod parameter;
pub(crate) mod rule;
pub(crate) mod schedule;
pub(crate) mod signature;
mod split;
pub(crate) mod unique;
pub(crate) mod values;
