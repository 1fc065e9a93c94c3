//! The HTTP endpoints of `start --listen`: health and metrics.

use std::future::pending;
use std::sync::Arc;

use jobs::{Client, Error, RuntimeBuilder};
use jobs_dashboard::{HealthCheck, Metrics, serve_health};
use tokio::net::TcpListener;

use crate::process::bind::bind;

/// The server of the endpoints, if an address was given.
pub(crate) struct HttpServer(Option<(TcpListener, Metrics)>);

impl HttpServer {
    /// Binds the address before anything runs, so that an invalid one is reported at once.
    pub(crate) async fn bind(address: Option<&str>) -> Result<Self, Error> {
        let Some(address) = address else { return Ok(Self(None)) };
        let listener = bind(address, "--listen", "127.0.0.1:9394").await?;
        if let Ok(address) = listener.local_addr() {
            anstream::eprintln!("health and metrics are at http://{address}/health and http://{address}/metrics");
        }
        Ok(Self(Some((listener, Metrics::new()))))
    }

    /// Makes the runtime report its metrics to this server.
    pub(crate) fn add_metrics_to(&self, builder: RuntimeBuilder) -> RuntimeBuilder {
        match &self.0 {
            Some((_, metrics)) => builder.metrics_to(metrics.recorder()),
            None => builder,
        }
    }

    /// Serves the endpoints; without an address it never returns. The health includes the loops of this process. Cancel
    /// safe.
    pub(crate) async fn serve(self, client: Client) -> Result<(), Error> {
        match self.0 {
            Some((listener, metrics)) => {
                let store = Arc::clone(client.store());
                let health = HealthCheck::new(Arc::clone(&store)).loops(move || client.stalled_loops());
                serve_health(listener, health, store, metrics).await
            }
            None => pending().await,
        }
    }
}
