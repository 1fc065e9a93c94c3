//! Transactions of the drivers that people use, each in a file of its own.
//!
//! Another driver is one more such file, in this crate or in any other: run a statement whose parameters are texts, give
//! the first column of each row, and put the driver's error into words with [`refused`](crate::refused).

mod tokio_postgres;

#[cfg(feature = "diesel-async")]
mod diesel_async;
#[cfg(feature = "sea-orm")]
mod sea_orm;
#[cfg(feature = "sqlx")]
mod sqlx;

/// What says, for the compiler, that a transaction of another crate is spoken for here.
#[derive(Debug)]
pub enum Driver {}

/// What all of these are on.
const PRODUCT: &str = "PostgreSQL";
