//! Implements [`Transaction`](jobs_core::Transaction) for common drivers, each in a file of its own.
//!
//! Another driver needs one more such file, in this crate or in any other: run a statement whose parameters are texts,
//! return the first column of each row, and convert the driver's error with [`refused`](crate::refused).

mod tokio_postgres;

#[cfg(feature = "diesel-async")]
mod diesel_async;
#[cfg(feature = "sea-orm")]
mod sea_orm;
#[cfg(feature = "sqlx")]
mod sqlx;

/// Marks the implementations of [`Transaction`](jobs_core::Transaction) for other crates as those of this crate.
#[derive(Debug)]
pub enum Driver {}

/// The product of all these drivers.
pub(super) const PRODUCT: &str = "PostgreSQL";
