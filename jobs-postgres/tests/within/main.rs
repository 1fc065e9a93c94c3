//! Jobs that are enqueued and completed in a transaction of the caller, with each driver.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

#[path = "../common/mod.rs"]
mod common;

mod bank;
mod cases;
mod completing;
mod killed;
mod notifying;
mod refusing;

mod with_tokio_postgres;

#[cfg(feature = "diesel-async")]
mod with_diesel_async;
#[cfg(feature = "sea-orm")]
mod with_sea_orm;
#[cfg(feature = "sqlx")]
mod with_sqlx;
