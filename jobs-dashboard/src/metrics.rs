//! Metrics in the text format of Prometheus.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jobs_core::Store;
use jobs_metrics::{BUCKETS, Figures, SharedRecorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::looks::Looks;

/// How often what was measured is sorted into its buckets, also where nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// A router that gives out metrics at `/`: how the store stands at each scrape, and what the runtimes of this program count
/// that were given its [recorder](Self::recorder). It stands alone and asks nobody who they are; names of jobs and queues
/// are in it, arguments and errors are not.
///
/// However often it is scraped, the store is looked at once a second at most, and not for more than a twentieth of the time.
/// A program that has an exporter of its own needs no other: it calls [`Figures::sample`].
///
/// ```
/// use std::sync::Arc;
///
/// use axum::Router;
/// use jobs_core::Store;
/// use jobs_dashboard::Metrics;
///
/// # fn example(store: Arc<dyn Store>) -> Router {
/// let metrics = Metrics::new();
/// // `Runtime::builder().metrics_to(metrics.recorder())`, with the feature `metrics` of jobs.
/// Router::new().nest("/metrics", metrics.router(store))
/// # }
/// ```
#[must_use = "metrics are given out when their router is mounted"]
pub struct Metrics {
    recorder: SharedRecorder,
    handle: PrometheusHandle,
}

struct Endpoint {
    looks: Arc<Looks>,
    figures: Figures,
    handle: PrometheusHandle,
}

impl Metrics {
    /// With a recorder of its own.
    pub fn new() -> Self {
        // Refused only if there were no buckets; then spans are summed up in quantiles.
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        Self { recorder: Arc::new(recorder), handle }
    }

    /// Where to count: for `metrics_to` of a runtime's builder, or for `metrics::set_global_recorder`, if all metrics of the
    /// program are to be given out here.
    pub fn recorder(&self) -> SharedRecorder {
        Arc::clone(&self.recorder)
    }

    /// The router over a store. What was measured is kept small by a task, for as long as the router is there and if this is called
    /// within tokio; elsewhere by each scrape.
    pub fn router(self, store: impl Into<Arc<dyn Store>>) -> Router {
        let looks = Arc::new(Looks::new(store.into(), Duration::from_secs(5)));
        let endpoint = Arc::new(Endpoint { looks, figures: Figures::to(self.recorder), handle: self.handle });
        if let Ok(runtime) = Handle::try_current() {
            let weak = Arc::downgrade(&endpoint);
            runtime.spawn(async move {
                while let Some(endpoint) = weak.upgrade() {
                    endpoint.handle.run_upkeep();
                    drop(endpoint);
                    sleep(UPKEEP).await;
                }
            });
        }
        Router::new().route("/", get(scrape)).with_state(endpoint)
    }
}

async fn scrape(State(endpoint): State<Arc<Endpoint>>) -> Response {
    match endpoint.looks.figures().await {
        Some(stats) => endpoint.figures.tell(&stats),
        None => endpoint.figures.out_of_reach(),
    }
    let kind = "text/plain; version=0.0.4; charset=utf-8";
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-store")], endpoint.handle.render()).into_response()
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
