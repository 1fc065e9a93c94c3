//! Values that travel with every job from where it is enqueued to where it runs: a language, a tenant.
//!
//! ```
//! use jobs::propagation::{Propagated, propagated, with_propagated};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Clone, Serialize, Deserialize)]
//! struct Tenant(u64);
//!
//! impl Propagated for Tenant {
//!     const KEY: &'static str = "tenant";
//! }
//!
//! # async fn example() {
//! with_propagated(Tenant(7), async {
//!     // Every job that is enqueued here has the tenant, and so does this code.
//!     assert_eq!(propagated::<Tenant>().map(|Tenant(id)| id), Some(7));
//! })
//! .await;
//! # }
//! ```
//!
//! The guide explains [propagated context](crate::guide::context).

pub use jobs_core::{Propagated, PropagatedValues, PropagationError};
pub use jobs_runtime::{propagated, with_propagated};
