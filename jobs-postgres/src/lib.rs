//! The `PostgreSQL` store of `jobs`: one statement settles a batch and claims the next.
//!
//! ```no_run
//! # async fn example() -> Result<(), jobs_core::Error> {
//! use jobs_postgres::{PostgresOptions, PostgresStore};
//!
//! let store = PostgresStore::connect("postgres://shop:secret@db.example/shop?sslmode=verify-full").await?;
//! let background = PostgresOptions::from_url("postgres://shop@localhost/shop")?.schema("background").connect().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **How it is fast.** All claims and settlements of a process go over one connection, many in flight at once, and one
//! statement finishes a batch and claims the next. Jobs of concurrent callers gather while the statement before them is
//! in flight, and are then stored together (group commit); there are no timers. Finished jobs leave the table that
//! claims read.
//!
//! **How safe it is.** A call that has returned is on the server's disk, as safe as its `synchronous_commit` says. If a
//! connection is lost, its calls fail as transient. The next call makes a new connection and ends what the lost one
//! left running on the server. Every call except a claim may be repeated.
//!
//! **Through a pooler** in transaction mode, such as pgbouncer, statements cannot be prepared and notifications do not
//! arrive. The store detects such a pooler, whether it refuses the settings of a session or drops them; `?prepare=off`
//! says it in advance. Workers then poll.
//!
//! **The rights of the user.** The first start creates the schema, which needs CREATE on the database. If the schema
//! exists, CREATE on the schema is enough.

mod error;
mod statements;

mod codec;
mod migrate;
mod options;
mod url;

mod connection;

mod enqueue;
mod work;

mod store;

mod adapter;
mod inspect;
mod open;
mod recurring;
mod recurring_columns;
mod transaction;

pub use options::PostgresOptions;
pub use store::PostgresStore;
pub use transaction::{Driver, refused};
