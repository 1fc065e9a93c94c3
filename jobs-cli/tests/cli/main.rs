//! The command line as a person uses it: the programs are run, and what they print is read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod changing;
mod checking;
#[cfg(feature = "dashboard")]
mod dashboard;
mod following;
mod generating;
mod looking;
mod migrating;
mod mistakes;
mod place;
mod projects;
mod recurring;
mod ruby;
mod starting;
#[cfg(feature = "top")]
mod top;
