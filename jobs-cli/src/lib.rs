//! The command line of `jobs`: inspect and repair what is stored, and run the jobs of a program.
//!
//! The program `jobs` inspects and repairs any store, which it opens by its URL. It has no jobs of its own. A program that
//! has jobs gets the same commands, and `start`, with one line:
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
//! # Output
//!
//! Tables and text for people, or with `--json` a stable format: one object, or for `list`, `queues`, `recurring` and
//! `processes` one object per line. Times are RFC 3339 in UTC, durations are seconds with a fraction, ids are strings.
//! The result of a command goes to the standard output, everything else to the standard error. There are no colours if
//! the output is not a terminal or `NO_COLOR` is set.
//!
//! # Exit status
//!
//! | status | meaning |
//! |---|---|
//! | 0 | success |
//! | 1 | failure: the store is unreachable, a job does not exist, the configuration is wrong |
//! | 2 | the command line is wrong |
//! | 3 | `health` or `check` found problems |

mod args;
mod commands;
mod configure;
mod exit;
#[cfg(feature = "generate")]
mod generate;
mod output;
mod process;
mod program;
mod store;
#[cfg(feature = "top")]
mod top;

pub use program::{operate, run};
