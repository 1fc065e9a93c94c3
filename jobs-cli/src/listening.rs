//! Health and metrics of a program that runs jobs, where it is told to listen.

use std::future::pending;
use std::sync::Arc;

use jobs::{Error, HealthLimits, RuntimeBuilder, Store};
use jobs_dashboard::{Metrics, serve_endpoints};
use tokio::net::TcpListener;

/// Where to serve what, if anywhere.
pub(crate) struct Listening(Option<(TcpListener, Metrics)>);

impl Listening {
    /// Listens, so that an address that cannot be is told before anything runs.
    pub(crate) async fn begin(address: Option<&str>) -> Result<Self, Error> {
        let Some(address) = address else { return Ok(Self(None)) };
        let listener = TcpListener::bind(address).await.map_err(|cause| {
            let words = format!("`{address}` is no address that can be listened at; write `--listen 127.0.0.1:9394`");
            Error::invalid(words).with_source(cause)
        })?;
        if let Ok(address) = listener.local_addr() {
            anstream::eprintln!("health and metrics are at http://{address}/health and http://{address}/metrics");
        }
        Ok(Self(Some((listener, Metrics::new()))))
    }

    /// A runtime that counts for it.
    pub(crate) fn counted(&self, builder: RuntimeBuilder) -> RuntimeBuilder {
        match &self.0 {
            Some((_, metrics)) => builder.metrics_to(metrics.recorder()),
            None => builder,
        }
    }

    /// Serves for as long as this is polled; never ready if there is nothing to serve. Cancel safe.
    pub(crate) async fn serve(self, store: Arc<dyn Store>) -> Result<(), Error> {
        match self.0 {
            Some((listener, metrics)) => serve_endpoints(listener, store, HealthLimits::default(), metrics).await,
            None => pending().await,
        }
    }
}
