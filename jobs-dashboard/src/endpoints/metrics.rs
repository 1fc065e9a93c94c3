//! Serves metrics in the text format of Prometheus.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jobs_core::Store;
use jobs_metrics::{BUCKETS, Figures, SharedRecorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::endpoints::no_parameters;
use crate::stats::cache::StatsCache;

/// How often measurements are sorted into their buckets. Without it they would pile up between scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// A router that serves metrics at `/`: the figures of the store at each scrape, and the counts of the runtimes of this program
/// that use its [recorder](Self::recorder). It is separate from the dashboard and requires no authentication: its responses
/// name jobs and queues, but contain neither arguments nor errors.
///
/// However often it is scraped, it queries the store at most once a second, and for at most a twentieth of the time. A program
/// that has its own exporter does not need this router: it calls [`Figures::sample`].
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
#[must_use = "metrics are served when their router is mounted"]
pub struct Metrics {
    recorder: SharedRecorder,
    handle: PrometheusHandle,
}

struct MetricsEndpoint {
    cache: Arc<StatsCache>,
    figures: Figures,
    handle: PrometheusHandle,
}

impl Metrics {
    /// Metrics with a new recorder.
    pub fn new() -> Self {
        // It fails only without buckets; durations would then be summarised as quantiles.
        let builder = PrometheusBuilder::new().set_buckets(&BUCKETS).unwrap_or_default();
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        Self { recorder: Arc::new(recorder), handle }
    }

    /// The recorder: for `metrics_to` of a runtime's builder, or for `metrics::set_global_recorder` if this router serves all
    /// metrics of the program.
    pub fn recorder(&self) -> SharedRecorder {
        Arc::clone(&self.recorder)
    }

    /// The router for a store. A task compacts the measurements as long as the router exists, if this is called within a tokio
    /// runtime; otherwise each scrape does.
    pub fn router(self, store: impl Into<Arc<dyn Store>>) -> Router {
        let cache = Arc::new(StatsCache::new(store.into(), Duration::from_secs(5)));
        let endpoint = Arc::new(MetricsEndpoint { cache, figures: Figures::to(self.recorder), handle: self.handle });
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
        Router::new().route("/", get(scrape)).layer(from_fn(no_parameters::refuse)).with_state(endpoint)
    }
}

async fn scrape(State(endpoint): State<Arc<MetricsEndpoint>>) -> Response {
    match endpoint.cache.get().await {
        Some(stats) => endpoint.figures.record(&stats),
        None => endpoint.figures.record_unreachable(),
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
