//! Serves health checks and metrics in a program that has no web server.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use jobs_core::{Error, HealthLimits, Store};
use tokio::net::TcpListener;

use crate::endpoints::health::HealthCheck;
use crate::endpoints::metrics::Metrics;
use crate::serve::{Limits, serve_until};

/// Few connections, because they use file descriptors that the workers need. A probe must get in although others hold all of
/// them, so the oldest one makes room.
const LIMITS: Limits = Limits { connections: 32, head: Duration::from_secs(2), replaces_oldest: true };

/// Serves [`HealthCheck`] at `/health` and [`Metrics`] at `/metrics`, without authentication, until it is dropped. It is for
/// programs that have no web server.
///
/// It has at most 32 connections at a time: one more takes the place of the oldest. It closes those that send no complete head
/// of a request for 2 seconds, or read nothing of a response for 10.
///
/// Cancel safe.
///
/// # Errors
/// None at present: an error of the listener is logged, and the listener is tried again.
pub async fn serve_endpoints(
    listener: TcpListener,
    store: Arc<dyn Store>,
    limits: HealthLimits,
    metrics: Metrics,
) -> Result<(), Error> {
    serve_health(listener, HealthCheck::new(Arc::clone(&store)).limits(limits), store, metrics).await
}

/// As [`serve_endpoints`], with a health check of the program's choice.
///
/// Cancel safe.
///
/// # Errors
/// The listener fails.
pub async fn serve_health(
    listener: TcpListener,
    health: HealthCheck,
    store: Arc<dyn Store>,
    metrics: Metrics,
) -> Result<(), Error> {
    // `nest` does not answer an address with a slash at its end.
    let router = Router::new().nest_service("/health", health.router()).nest_service("/metrics", metrics.router(store));
    serve_until(listener, router, LIMITS, pending()).await
}
