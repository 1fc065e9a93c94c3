//! The command line of `jobs`: look at what is stored, repair it, and run the jobs of a program.
//!
//! The program `jobs` looks into any store by its URL and repairs what is there. It has no jobs of its own; a program
//! that has some gets the same commands, and `start` besides, in one line:
//!
//! ```no_run
//! use std::process::ExitCode;
//!
//! # mod my_jobs {}
//! struct Shop;
//!
//! #[tokio::main]
//! async fn main() -> ExitCode {
//!     jobs_cli::run(|builder| builder.provide(Shop)).await
//! }
//! ```
//!
//! ```sh
//! shop start --queue critical --queue mail --threads 20
//! shop list --state failed --error "connection refused" --since 2h
//! shop retry --state failed --queue mail --yes
//! ```
//!
//! # What it prints
//!
//! Tables and words for people, or with `--json` a form that does not change: an object, or for `list`, `queues` and
//! `processes` an object a line. Times are RFC 3339 in UTC, spans are seconds with a fraction, ids are texts. What was
//! asked for goes to the standard output, all else to the standard error. Colours are left away if the output is no
//! terminal or `NO_COLOR` is set.
//!
//! # How it ends
//!
//! | status | what it means |
//! |---|---|
//! | 0 | done |
//! | 1 | it could not be done: the store is out of reach, a job is not there, the configuration is wrong |
//! | 2 | the command line itself is wrong |
//! | 3 | `health` or `check` found something |

mod arguments;
mod commands;
mod ending;
mod foreign;
#[cfg(feature = "generate")]
mod generate;
#[cfg(feature = "metrics")]
mod listening;
#[cfg(feature = "log")]
mod logs;
mod output;
mod place;
mod program;
mod recurrence;
mod selection;
mod shapes;
#[cfg(any(feature = "dashboard", feature = "top"))]
mod signals;
mod spans;
mod starting;
mod systemd;
#[cfg(feature = "top")]
mod top;

pub use program::{operate, run};
