//! Whether all is well, for load balancers, monitors and Kubernetes.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jobs_core::{Health, HealthLimits, Store};

use crate::looks::Looks;

/// A router that says whether all is well. It stands alone and asks nobody who they are: it tells names and sizes of queues,
/// and neither where the store is nor what it said when it failed, which is in the log.
///
/// | path | answer |
/// |---|---|
/// | `/` | 200 if the limits hold, otherwise 503; as JSON, as `jobsctl health --json` prints it |
/// | `/ready` | 200 if the store answers, otherwise 503 |
/// | `/live` | 200: the program answers |
///
/// However often it is asked, the store is looked at once a second at most, and not for more than a twentieth of the time.
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
    patience: Duration,
}

#[derive(Debug)]
struct Check {
    looks: Arc<Looks>,
    limits: HealthLimits,
}

impl HealthCheck {
    /// Over a store, with the usual [limits](HealthLimits::default).
    pub fn new(store: impl Into<Arc<dyn Store>>) -> Self {
        Self { store: store.into(), limits: HealthLimits::default(), patience: Duration::from_secs(5) }
    }

    /// What has to hold.
    pub fn limits(mut self, limits: HealthLimits) -> Self {
        self.limits = limits;
        self
    }

    /// How long the store may take to answer; by default 5 seconds. Let whoever asks wait longer.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The router.
    pub fn router(self) -> Router {
        let check = Check { looks: Arc::new(Looks::new(self.store, self.patience)), limits: self.limits };
        Router::new()
            .route("/", get(health))
            .route("/ready", get(ready))
            .route("/live", get(|| async { said(StatusCode::OK, "the program answers") }))
            .with_state(Arc::new(check))
    }
}

async fn health(State(check): State<Arc<Check>>) -> Response {
    let health = match check.looks.figures().await {
        Some(stats) => Health::of(&stats, &check.limits),
        None => Health::out_of_reach("the store does not answer"),
    };
    let status = if health.healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    // Texts and flags always serialise.
    let json = serde_json::to_string(&health).unwrap_or_default();
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "application/json")], json).into_response()
}

async fn ready(State(check): State<Arc<Check>>) -> Response {
    match check.looks.figures().await {
        Some(_) => said(StatusCode::OK, "the store answers"),
        None => said(StatusCode::SERVICE_UNAVAILABLE, "the store does not answer"),
    }
}

fn said(status: StatusCode, words: &'static str) -> Response {
    (status, [(CACHE_CONTROL, "no-store"), (CONTENT_TYPE, "text/plain; charset=utf-8")], words).into_response()
}
