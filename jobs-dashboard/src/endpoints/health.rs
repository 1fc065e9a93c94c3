//! Health checks for load balancers, monitors and Kubernetes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jobs_core::{Health, HealthLimits, Store};

use crate::endpoints::no_parameters;
use crate::stats::cache::StatsCache;

/// A router that answers health checks. It is separate from the dashboard and requires no authentication: its responses name
/// queues and their sizes, but neither the location of the store nor its error messages, which are logged.
///
/// | path | response |
/// |---|---|
/// | `/` | 200 if the limits hold, otherwise 503; JSON, as `jobsctl health --json` prints it |
/// | `/ready` | 200 if the store answers, otherwise 503 |
/// | `/live` | 200: the program answers |
///
/// However often it is called, it queries the store at most once a second, and for at most a twentieth of the time.
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use jobs_core::{HealthLimits, Store};
/// use jobs_dashboard::HealthCheck;
///
/// # fn example(store: Arc<dyn Store>) -> Router {
/// let limits = HealthLimits { max_failed: Some(100), ..HealthLimits::default() };
/// Router::new().nest("/health", HealthCheck::new(store).limits(limits).router())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a health check answers when its router is mounted"]
pub struct HealthCheck {
    store: Arc<dyn Store>,
    limits: HealthLimits,
    timeout: Duration,
}

#[derive(Debug)]
struct HealthEndpoint {
    cache: Arc<StatsCache>,
    limits: HealthLimits,
}

impl HealthCheck {
    /// Checks this store, with the default [limits](HealthLimits::default).
    pub fn new(store: impl Into<Arc<dyn Store>>) -> Self {
        Self { store: store.into(), limits: HealthLimits::default(), timeout: Duration::from_secs(5) }
    }

    /// The limits that have to hold.
    pub fn limits(mut self, limits: HealthLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How long the store may take to answer; by default 5 seconds. The client needs a longer timeout.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The router.
    pub fn router(self) -> Router {
        let cache = Arc::new(StatsCache::new(self.store, self.timeout));
        Router::new()
            .route("/", get(health))
            .route("/ready", get(ready))
            .route("/live", get(|| async { text(StatusCode::OK, "the program answers") }))
            .layer(from_fn(no_parameters::refuse))
            .with_state(Arc::new(HealthEndpoint { cache, limits: self.limits }))
    }
}

async fn health(State(endpoint): State<Arc<HealthEndpoint>>) -> Response {
    let health = match endpoint.cache.get().await {
        Some(stats) => Health::of(&stats, &endpoint.limits),
        None => Health::unreachable("the store does not answer"),
    };
    let status = if health.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Strings and booleans always serialise.
    let json = serde_json::to_string(&health).unwrap_or_default();
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], json).into_response()
}

async fn ready(State(endpoint): State<Arc<HealthEndpoint>>) -> Response {
    match endpoint.cache.get().await {
        Some(_) => text(StatusCode::OK, "the store answers"),
        None => text(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer"),
    }
}

fn text(status: StatusCode, text: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}
