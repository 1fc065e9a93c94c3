//! What every store promises, by verb: one function a promise.
//!
//! [`store_contract!`](crate::store_contract) makes each a test. They see a store only through
//! [`Store`](jobs_core::Store) and its powers. Where a store lacks the power to look, what can only be
//! seen with it is not checked. No case waits; one that needs a hint gives up at a deadline.
#![expect(clippy::missing_panics_doc, reason = "a case panics when the promise is broken; it does nothing else")]

mod case;
mod keys;
mod race;
mod stage;
mod subject;
mod world;

pub mod beating;
pub mod carrying;
pub mod churning;
pub mod claiming;
pub mod continuing;
pub mod counting;
pub mod crashing;
pub mod declaring;
pub mod dispatching;
pub mod dropping;
pub mod enqueuing;
pub mod erring;
pub mod fencing;
pub mod fused;
pub mod inspecting;
pub mod keeping_out;
pub mod letting_in;
pub mod listing;
pub mod managing;
pub mod ordering;
pub mod paging;
pub mod pausing;
pub mod pruning;
pub mod racing;
pub mod recovering;
pub mod repeating;
pub mod retaking;
pub mod selecting;
pub mod settling;
pub mod ticking;
pub mod waking;
pub mod walking;
pub mod watching;

pub use case::{Case, Playing};
pub use stage::Stage;
pub use subject::Subject;

crate::__cases! { __list {} }
