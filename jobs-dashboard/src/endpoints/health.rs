//! Health checks for load balancers, monitors and Kubernetes.

use std::fmt;
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
/// | `/live` | 200: the program answers, and its [loops](Self::loops) turn; otherwise 503 |
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
#[must_use = "a health check answers when its router is mounted"]
pub struct HealthCheck {
    store: Arc<dyn Store>,
    limits: HealthLimits,
    timeout: Duration,
    loops: Option<StalledLoops>,
}

/// The names of the loops of this process that make no progress.
type StalledLoops = Box<dyn Fn() -> Vec<&'static str> + Send + Sync>;

struct HealthEndpoint {
    cache: Arc<StatsCache>,
    limits: HealthLimits,
    loops: Option<StalledLoops>,
}

impl fmt::Debug for HealthCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HealthCheck").field("store", &self.store).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl HealthCheck {
    /// Checks this store, with the default [limits](HealthLimits::default).
    pub fn new(store: impl Into<Arc<dyn Store>>) -> Self {
        Self { store: store.into(), limits: HealthLimits::default(), timeout: Duration::from_secs(5), loops: None }
    }

    /// The limits that have to hold.
    pub fn limits(mut self, limits: HealthLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Also checks the loops of a runtime in this process: a process that answers while its worker or its dispatcher stands
    /// still is not healthy. The function returns the names of the loops that stand still, as `Client::stalled_loops` of the
    /// crate `jobs` does; they are also part of `/live`.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use jobs_core::Store;
    /// # use jobs_dashboard::HealthCheck;
    /// # fn example(store: Arc<dyn Store>, stalled_loops: impl Fn() -> Vec<&'static str> + Send + Sync + 'static) {
    /// let check = HealthCheck::new(store).loops(stalled_loops);
    /// # drop(check);
    /// # }
    /// ```
    pub fn loops(mut self, stalled: impl Fn() -> Vec<&'static str> + Send + Sync + 'static) -> Self {
        self.loops = Some(Box::new(stalled));
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
            .route("/ready/", get(ready))
            .route("/live", get(live))
            .route("/live/", get(live))
            .layer(from_fn(no_parameters::refuse))
            .with_state(Arc::new(HealthEndpoint { cache, limits: self.limits, loops: self.loops }))
    }
}

async fn health(State(endpoint): State<Arc<HealthEndpoint>>) -> Response {
    let health = match endpoint.cache.get().await {
        Some(stats) => Health::of(&stats, &endpoint.limits),
        None => Health::unreachable("the store does not answer"),
    };
    let health = match &endpoint.loops {
        Some(stalled) => health.with_loops(&stalled()),
        None => health,
    };
    let status = if health.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Strings and booleans always serialise.
    let json = serde_json::to_string(&health).unwrap_or_default();
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], json).into_response()
}

async fn live(State(endpoint): State<Arc<HealthEndpoint>>) -> Response {
    match &endpoint.loops {
        Some(stalled) if !stalled().is_empty() => {
            text(StatusCode::SERVICE_UNAVAILABLE, "a loop of the program stands still")
        }
        _ => text(StatusCode::OK, "the program answers"),
    }
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
