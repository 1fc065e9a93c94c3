//! A server of its own.

use std::future::Future;
use std::time::Duration;

use axum::Router;
use jobs_core::Error;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long answers may take that are under way when it is to stop. Live pages would go on for ever.
const GRACE: Duration = Duration::from_secs(2);

pub(crate) async fn until(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), Error> {
    let (stopping, mut stopped) = watch::channel(false);
    let stop = async move {
        stop.await;
        stopping.send_replace(true);
    };
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop);
    let too_late = async {
        // It ends with an error if the server ended before, and then nobody waits for this.
        let _ended = stopped.wait_for(|stopped| *stopped).await.is_ok();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = serving => served.map_err(|cause| Error::other("the dashboard cannot be served").with_source(cause)),
        () = too_late => Ok(()),
    }
}
