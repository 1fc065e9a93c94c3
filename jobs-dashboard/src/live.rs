//! Says when there is something new to see, by server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::board::Board;
use crate::failure::Failure;

/// The most pages that are told at once.
const WATCHERS: usize = 100;

/// How long one answer goes on; the browser then asks again. A server that stops waits no longer for it.
const LASTS: Duration = Duration::from_secs(60);

pub(crate) async fn live(
    State(board): State<Arc<Board>>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    if board.sampler.watchers() >= WATCHERS {
        return Err(Failure::unavailable(format!("{WATCHERS} pages are live already; this one can be loaded again.")));
    }
    let end = Instant::now() + LASTS;
    let looks = stream::unfold(board.sampler.watch(), move |looks| next(looks, end));
    Ok(Sse::new(looks).keep_alive(KeepAlive::default()))
}

/// The next look; `None` when it is time to end.
async fn next(
    mut looks: watch::Receiver<u64>,
    end: Instant,
) -> Option<(Result<Event, Infallible>, watch::Receiver<u64>)> {
    timeout_at(end, looks.changed()).await.ok()?.ok()?;
    let count = looks.borrow_and_update().to_string();
    Some((Ok(Event::default().event("look").data(count).retry(Duration::from_secs(1))), looks))
}
