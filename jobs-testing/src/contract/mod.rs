//! What every store promises, in groups by concept: one function a promise.
//!
//! [`store_contract!`](crate::store_contract) makes each a test. They see a store only through
//! [`Store`](jobs_core::Store) and its capabilities. If a store lacks what a case [requires](Case::requires), it is
//! checked what the store promises instead: the refusal, or a weaker guarantee. If a store cannot be inspected, other cases leave out what only inspection shows. No case
//! waits for time; a case that needs a notification fails at a deadline.
#![expect(clippy::missing_panics_doc, reason = "a case panics when the promise is broken; it does nothing else")]

mod case;
mod check;
mod claiming;
mod concurrency;
mod enqueuing;
mod fixture;
mod inspection;
mod management;
mod processes;
mod recurring;
mod requirement;
mod settling;
mod unique_keys;
mod weaker;

pub use case::{Case, Playing};
#[doc(hidden)]
pub use check::{check, summary};
pub use claiming::{claim, order, selector_limits, selectors};
pub use concurrency::{model, races, stress};
pub use enqueuing::{dispatch, enqueue, idempotency, notifications, payload, repeated_enqueue};
pub use fixture::{Fixture, StoreUnderTest};
pub use inspection::{figures, find, list, monitoring, page, stats};
pub use management::{manage, pause, prune};
pub use processes::{crash, dropped_calls, heartbeat, orders, recovery};
pub use recurring::{recurring_tasks, recurring_ticks, tick_batches};
pub use requirement::Requirement;
pub use settling::{attempt_logs, continuation, errors, fencing, settle, settle_and_claim};
pub use unique_keys::{unique_conflicts, unique_expiry, unique_release, unique_retry};

crate::__cases! { __list {} }
