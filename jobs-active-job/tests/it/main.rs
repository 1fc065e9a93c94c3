//! The format of Active Job, both ways.

mod arguments;
mod envelope;
mod hashes;
mod properties;
mod samples;
mod typed;
mod values;
