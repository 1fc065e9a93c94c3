//! Serves a router until a stop is requested.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use jobs_core::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long open responses may take after the stop. Live updates would otherwise keep the server running.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) async fn serve_until(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let (stopping, mut stopped) = watch::channel(false);
    let stop = async move {
        stop.await;
        stopping.send_replace(true);
    };
    let server = axum::serve(listener, router).with_graceful_shutdown(stop);
    let grace_is_over = async {
        // An error means that the server has ended before; `select!` then takes the other branch.
        let _stopped = stopped.wait_for(|stopped| *stopped).await.is_ok();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        result = server => result.map_err(|cause| Error::other("the dashboard cannot be served").with_source(cause)),
        () = grace_is_over => Ok(()),
    }
}
