//! The store of `jobs` on the tables of Solid Queue, the job backend of Rails 8: Ruby enqueues and Rust performs, and the
//! other way round.
//!
//! The tables are those of Solid Queue 0.8 to 1.5, on PostgreSQL, on MySQL or `MariaDB`, and on `SQLite`.

mod failed;
mod rails_json;
mod schema;

mod limits;
mod lists;
mod marks;
mod options;
mod payload;
mod queue_database;
mod table_check;
mod url;

mod store;
mod work;

mod adapter;
mod inspect;
mod manage;
mod notifier;
mod recurring;
mod transaction;

pub use failed::{read_error, written_error};
pub use jobs_active_job::Rails;
pub use limits::ConcurrencyLimit;
pub use options::SolidQueueOptions;
pub use schema::{create_tables, tables};
pub use store::SolidQueueStore;
