//! Notifies open pages of each new sample, by server-sent events.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::app_state::SharedState;
use crate::error::HttpError;

/// How many pages can be live at the same time.
const MAX_SUBSCRIBERS: usize = 100;

/// How long one response lasts. The browser then connects again, so that a lost connection is not held for long.
const DURATION: Duration = Duration::from_secs(60);

pub(crate) async fn live_updates(
    State(app): SharedState,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, HttpError> {
    if app.sampler.subscribers() >= MAX_SUBSCRIBERS {
        return Err(HttpError::unavailable(format!(
            "{MAX_SUBSCRIBERS} pages are live already. Reload this page to see changes."
        )));
    }
    let end = Instant::now() + DURATION;
    let events = stream::unfold(app.sampler.subscribe(), move |ticks| next(ticks, end));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// The event of the next sample; `None` at the end of the response.
async fn next(
    mut ticks: watch::Receiver<u64>,
    end: Instant,
) -> Option<(Result<Event, Infallible>, watch::Receiver<u64>)> {
    timeout_at(end, ticks.changed()).await.ok()?.ok()?;
    let count = ticks.borrow_and_update().to_string();
    Some((Ok(Event::default().event("sample").data(count).retry(Duration::from_secs(1))), ticks))
}
