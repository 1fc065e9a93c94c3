//! Code for jobs that cross the border to Ruby: Rust for jobs of Ruby, and Ruby for jobs of Rust.

mod classes;
mod parameters;
mod remote;
mod source;
mod stubs;

pub(crate) use remote::remote_jobs;
pub(crate) use stubs::ruby_classes;
