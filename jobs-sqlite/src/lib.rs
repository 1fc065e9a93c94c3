//! The embedded default store of `jobs`: one file, no server, several processes on it at once.
//!
//! ```no_run
//! # fn main() -> Result<(), jobs_core::Error> {
//! use jobs_sqlite::{SqliteOptions, SqliteStore, Synchronous};
//!
//! let store = SqliteStore::open("jobs.db")?;
//! let careful = SqliteOptions::new("bank.db").synchronous(Synchronous::Full).open()?;
//! let by_url = SqliteOptions::from_url("sqlite:jobs.db?busy_timeout=10s")?.open()?;
//! # Ok(())
//! # }
//! ```
//!
//! **How it is fast.** One thread owns the only connection that writes. It takes all calls that wait, runs
//! them in one transaction and answers them together (group commit); there are no timers. Looking goes over
//! a second connection on a second thread and never makes a writer wait.
//!
//! **How safe it is.** A killed process (`kill -9`, a crash, an abort) loses nothing that was answered. With
//! [`Synchronous::Normal`], the default, a power cut or a crash of the operating system may lose the last
//! commits, though it never damages the file; with [`Synchronous::Full`] it loses nothing, at the price of
//! waiting for the disk at each commit.
//!
//! **Where not to put it.** A network file system: its locks do not hold what `SQLite`'s write-ahead log needs.

mod error;
mod fault;
mod statements;

mod migrate;
mod options;
mod path;
mod url;

mod call;
mod connection;
mod place;
mod places;
mod reader;
mod turn;
mod unique;
mod wakeups;
mod writer;

mod by_hand;
mod claim;
mod enqueue;
mod list;
mod look;
mod pick;
mod processes;
mod record;
mod recover;
mod recurring;
mod settle;

mod adapter;
mod inspect;
mod manage;
mod store;
mod within;

pub use options::{SqliteOptions, Synchronous};
pub use store::SqliteStore;
pub use within::Driver;
