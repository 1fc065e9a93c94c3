//! Serves health checks and metrics in a program that has no web server.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use jobs_core::{Error, HealthLimits, Store};
use tokio::net::TcpListener;

use crate::endpoints::health::HealthCheck;
use crate::endpoints::metrics::Metrics;
use crate::serve::serve_until;

/// How many connections the server has at a time: few, because they use file descriptors that the workers need.
const MAX_CONNECTIONS: usize = 32;

/// Serves [`HealthCheck`] at `/health` and [`Metrics`] at `/metrics`, without authentication, until it is dropped. It is for
/// programs that have no web server.
///
/// It has at most 32 connections at a time, and closes those that send no complete head of a request for 10 seconds.
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
    let router = Router::new().nest("/health", health.router()).nest("/metrics", metrics.router(store));
    serve_until(listener, router, MAX_CONNECTIONS, pending()).await
}
