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
//! **How it is fast.** One thread owns the only connection that writes. It takes all waiting calls, runs them in one
//! transaction and replies to them together (group commit); there are no timers. Reading goes over a second connection
//! on a second thread and never makes a writer wait.
//!
//! **How safe it is.** A killed process (`kill -9`, a crash, an abort) loses nothing that was acknowledged. With
//! [`Synchronous::Normal`], the default, a power cut or a crash of the operating system may lose the last commits, but
//! it never damages the file. With [`Synchronous::Full`] nothing is lost; each commit then waits for the disk.
//!
//! **Where not to put it.** A network file system: its locks do not give what `SQLite`'s write-ahead log needs.

mod error;
mod fault_points;
mod numbers;
mod statements;

mod connection;
mod migrate;
mod options;
mod path;
mod record;
mod url;

mod enqueue;
mod work;

mod store;

mod adapter;
mod inspect;
mod open;
mod recurring;
mod transaction;

pub use options::{SqliteOptions, Synchronous};
pub use store::SqliteStore;
pub use transaction::Driver;
