//! A database and its transactions, over one of three drivers.

mod database;
mod server;
mod sqlite;
mod transaction;

pub use database::Database;
pub use transaction::Transaction;
