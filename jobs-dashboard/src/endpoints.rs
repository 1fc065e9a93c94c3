//! Health and metrics alone, for programs without a server.

use std::future::pending;
use std::sync::Arc;

use axum::Router;
use jobs_core::{Error, HealthLimits, Store};
use tokio::net::TcpListener;

use crate::health::HealthCheck;
use crate::metrics::Metrics;
use crate::serve;

/// Serves [`HealthCheck`] at `/health` and [`Metrics`] at `/metrics`, and nothing else, until it is dropped: for a program that
/// has no server of its own. It asks nobody who they are.
///
/// Cancel safe.
///
/// # Errors
/// The listener is broken.
pub async fn serve_endpoints(
    listener: TcpListener,
    store: Arc<dyn Store>,
    limits: HealthLimits,
    metrics: Metrics,
) -> Result<(), Error> {
    let health = HealthCheck::new(Arc::clone(&store)).limits(limits).router();
    let router = Router::new().nest("/health", health).nest("/metrics", metrics.router(store));
    serve::until(listener, router, pending()).await
}
