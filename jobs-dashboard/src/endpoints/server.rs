//! Serves health checks and metrics in a program that has no web server.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use jobs_core::{Error, HealthLimits, Store};
use tokio::net::TcpListener;

use crate::endpoints::health::HealthCheck;
use crate::endpoints::metrics::Metrics;
use crate::serve::serve_until;

/// Serves [`HealthCheck`] at `/health` and [`Metrics`] at `/metrics`, without authentication, until it is dropped. It is for
/// programs that have no web server.
///
/// Cancel safe.
///
/// # Errors
/// The listener fails.
pub async fn serve_endpoints(
    listener: TcpListener,
    store: Arc<dyn Store>,
    limits: HealthLimits,
    metrics: Metrics,
) -> Result<(), Error> {
    let health = HealthCheck::new(Arc::clone(&store)).limits(limits).router();
    let router = Router::new().nest("/health", health).nest("/metrics", metrics.router(store));
    serve_until(listener, router, pending()).await
}
