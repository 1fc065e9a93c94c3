//! What the stores of `jobs` on Rails' tables share: connections to PostgreSQL, MySQL and SQLite, their URLs and their errors.
//!
//! For the crates `jobs-solid-queue` and `jobs-delayed-job`. It may change in any release.
//!
//! A statement is written once, with `?` for its values and with the [markers](Dialect::sql) of what differs. It lies in a file
//! of the crate that uses it. Times are UTC without a zone, as Rails writes them.

mod changes;
mod connection;
mod deadlock;
mod dialect;
mod error;
mod list;
mod url;
mod value;

pub use changes::Changes;
pub use connection::{Database, Lender, Transaction, lend};
pub use deadlock::repeat_deadlocked;
pub use dialect::Dialect;
pub use list::SqlArray;
pub use url::{UrlOptions, is_yes, split_url};
pub use value::{Cell, SqlRow, SqlValue};
