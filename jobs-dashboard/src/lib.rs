//! The dashboard of [`jobs`](https://docs.rs/jobs): what is stored, seen in a browser and acted on by hand.
//!
//! It is a router of axum, to be mounted in a program that has one. There is nothing to build and nothing is fetched from
//! elsewhere; every page works without scripts.
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
//! let app: Router = Router::new().nest("/jobs", dashboard);
//! # drop(app);
//! # Ok(())
//! # }
//! ```
//!
//! Where there is no such program, `jobsctl dashboard` of the command line serves it for any store.
//!
//! # Who may see it
//!
//! [`Dashboard::router`] is an error until it was said who may: by [a password](Dashboard::password), by
//! [a layer of yours](Dashboard::authenticated_by_layer), whoever is [on this machine](Dashboard::only_local), or
//! [everybody](Dashboard::without_authentication).
//!
//! # What it keeps out
//!
//! Forms of foreign pages (a token in each form and in a cookie, `Origin`, `Sec-Fetch-Site`), scripts in what is stored
//! (all is escaped, and the policy of each page allows its own script and style sheet alone), frames, names of hosts that are
//! not its own, bodies of more than 64 KiB. What a person did is told by `tracing` under the target `jobs::audit`, and to
//! [`Dashboard::on_action`].

mod access;
mod action;
mod acts;
mod api;
mod arguments;
mod assets;
mod board;
mod charts;
mod cookies;
mod dashboard;
mod deed;
mod due;
#[cfg(feature = "metrics")]
mod endpoints;
mod failure;
mod fields;
mod gate;
mod headers;
mod health;
mod hosts;
mod layout;
mod live;
mod login;
mod looks;
#[cfg(feature = "metrics")]
mod metrics;
mod origin;
mod pages;
mod recurring;
mod routes;
mod sampler;
mod samples;
mod seeking;
mod serve;
mod sweep;
mod token;
mod visit;
mod which;
mod words;

pub use access::Actor;
pub use action::Action;
pub use dashboard::Dashboard;
#[cfg(feature = "metrics")]
pub use endpoints::serve_endpoints;
pub use health::HealthCheck;
#[cfg(feature = "metrics")]
pub use metrics::Metrics;
