//! The dashboard of `jobs`: shows a store in a browser and lets people act on its jobs.
//!
//! It is an axum router, to be mounted in a program that has a web server. There is nothing to build, and pages load nothing
//! from other servers. Every page works without scripts.
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use jobs_core::Store;
//! use jobs_dashboard::Dashboard;
//!
//! # fn example(store: Arc<dyn Store>, password: String) -> Result<(), jobs_core::Error> {
//! let dashboard = Dashboard::new(store).password("ops", password).router()?;
//! let app: Router = Router::new().nest_service("/jobs", dashboard);
//! # drop(app);
//! # Ok(())
//! # }
//! ```
//!
//! Without such a program, `jobsctl dashboard` of the command line serves the dashboard for any store.
//!
//! # Access
//!
//! [`Dashboard::router`] returns an error until the program has chosen who has access: users with
//! [a password](Dashboard::password), users that [its own layer](Dashboard::authenticated_by_layer) has authenticated, everyone
//! [on this machine](Dashboard::only_local), or [everyone](Dashboard::without_authentication).
//!
//! # Protection
//!
//! The dashboard rejects forms that other sites submit (it checks a token in each form against a cookie, `Origin` and
//! `Sec-Fetch-Site`), requests for host names other than its own, and bodies of more than 64 KiB. It escapes everything that
//! is stored, its content security policy allows only its own script and style sheet, and its pages cannot be framed. Every
//! action of a user is logged by `tracing` under the target `jobs::audit` and passed to [`Dashboard::on_action`].

mod actions;
mod api;
mod app_state;
mod assets;
mod bulk;
mod dashboard;
mod endpoints;
mod error;
mod middleware;
mod pages;
mod request;
mod router;
mod search;
mod security;
mod serve;
mod stats;
mod write_limit;

pub use actions::audit::Action;
pub use dashboard::Dashboard;
pub use endpoints::health::HealthCheck;
#[cfg(feature = "metrics")]
pub use endpoints::metrics::Metrics;
#[cfg(feature = "metrics")]
pub use endpoints::server::{serve_endpoints, serve_health};
pub use security::actor::Actor;
