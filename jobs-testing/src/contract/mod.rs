//! What every store promises, by verb: one function a promise.
//!
//! [`store_contract!`](crate::store_contract) makes each a test. They see a store only through
//! [`Store`](jobs_core::Store) and its powers. Where a store lacks the power to look, what can only be
//! seen with it is not checked. No case waits; one that needs a hint gives up at a deadline.
#![expect(clippy::missing_panics_doc, reason = "a case panics when the promise is broken; it does nothing else")]

mod stage;
mod subject;

pub mod claiming;
pub mod dispatching;
pub mod enqueuing;
pub mod recovering;
pub mod settling;

pub use stage::Stage;
pub use subject::Subject;
