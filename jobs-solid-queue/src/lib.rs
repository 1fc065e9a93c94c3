//! The tables of Solid Queue, the job backend of Rails 8: their schema on three databases, and the errors in them.
//!
//! **This is no store yet.** It holds what a store needs before its first statement. The tables are those of Solid Queue 0.9 to
//! 1.5, on PostgreSQL, on MySQL or `MariaDB`, and on `SQLite`.

mod failed;
mod payload;
mod rails_json;
mod schema;

pub use failed::{read_error, written_error};
pub use schema::{create_tables, tables};
