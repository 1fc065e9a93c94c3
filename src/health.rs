//! Whether a store is healthy: its figures compared with limits.
//!
//! ```
//! use std::time::Duration;
//!
//! use jobs::health::{Health, HealthLimits};
//!
//! # async fn example(client: &jobs::Client) -> jobs::Result<()> {
//! let stats = client.inspect()?.stats().await?;
//! let mut limits = HealthLimits::default();
//! limits.max_latency = Some(Duration::from_secs(60));
//! let health = Health::of(&stats, &limits);
//! println!("healthy: {}", health.healthy);
//! # Ok(())
//! # }
//! ```
//!
//! `jobsctl health` and `jobs_dashboard::HealthCheck` use the same rules.

pub use jobs_core::{Check, Health, HealthLimits};
