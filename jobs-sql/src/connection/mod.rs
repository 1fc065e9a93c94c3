//! A database and its transactions, over one of three drivers.

mod database;
mod lent;
mod server;
mod server_connection;
mod sqlite;
mod transaction;

pub use database::Database;
pub use lent::{Lender, lend};
pub use transaction::Transaction;
