//! The `PostgreSQL` store of `jobs`: one statement settles a batch and claims the next.
//!
//! ```no_run
//! # async fn example() -> Result<(), jobs_core::Error> {
//! use jobs_postgres::{PostgresOptions, PostgresStore};
//!
//! let store = PostgresStore::connect("postgres://shop:secret@db.example/shop?sslmode=verify-full").await?;
//! let beside = PostgresOptions::from_url("postgres://shop@localhost/shop")?.schema("background").connect().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **How it is fast.** All claims and settlements of a process go over one connection, many in flight at once, and
//! finishing a batch and claiming the next is one statement. Jobs of concurrent callers that enqueue are stored
//! together while the statement before them is in flight (group commit); there are no timers. Finished jobs leave
//! the table that claims look at.
//!
//! **How safe it is.** What was answered is on the server's disk, as safe as its `synchronous_commit` says. A lost
//! connection makes calls fail as transient and is made anew by the next one, which ends what the lost one left behind
//! on the server; every call but a claim may be repeated.
//!
//! **Through a pooler** in transaction mode, such as pgbouncer, nothing can be prepared and nothing heard. That is
//! noticed by itself, whether the pooler refuses the settings of a session or swallows them; `?prepare=off` says it
//! beforehand. Workers then poll.
//!
//! **What the user of the URL may do.** At first it creates the schema, which needs CREATE on the database; with a
//! schema that is there already, CREATE on that.

mod error;
mod statements;
mod stats;
mod text;

mod migrate;
mod options;
mod tls;
mod url;

mod again;
mod carrier;
mod dial;
mod line;
mod session;
mod wakeups;

mod bind;
mod columns;
mod parameter;
mod record;

mod claim;
mod desk;
mod list;
mod look;
mod processes;
mod recover;
mod recurring;
mod settle;
mod tickets;
mod unique;
mod vacuum;
mod work;

mod adapter;
mod inspect;
mod manage;
mod many;
mod store;

mod drivers;
mod within;

pub use drivers::Driver;
pub use options::PostgresOptions;
pub use store::PostgresStore;
pub use within::refused;
