//! Enqueues and settles in a transaction of the caller, on the caller's connection.

mod driver_error;
mod drivers;
pub(crate) mod portable;
mod transactional;

pub use driver_error::refused;
pub use drivers::Driver;
