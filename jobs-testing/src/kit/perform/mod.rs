//! Performing jobs when the test asks for it.

mod block;
mod claimed;
mod drain;
mod error;

pub use drain::Drain;
pub use error::DrainError;
