//! Pages of queues, since there can be one for each tenant.

use jobs_core::{Error, QueueRecord};

use crate::app_state::AppState;
use crate::request::fields::Fields;

/// A page of the queues whose names begin with a prefix, sorted by name.
#[derive(Debug)]
pub(crate) struct QueuePage {
    pub(crate) queues: Vec<QueueRecord>,
    /// The last queue of this page, if there are more pages.
    pub(crate) next: Option<String>,
    /// How many queues there are on all pages.
    pub(crate) total: usize,
}

impl AppState {
    /// The page that the fields `prefix` and `after` name, with at most `size` queues.
    pub(crate) async fn queue_page(&self, fields: &Fields, size: usize) -> Result<QueuePage, Error> {
        let mut queues = self.inspect()?.queues().await?;
        let prefix = fields.value("prefix").unwrap_or_default();
        queues.retain(|queue| queue.name.starts_with(prefix));
        let total = queues.len();
        if let Some(after) = fields.value("after") {
            queues.retain(|queue| queue.name.as_str() > after);
        }
        let has_more = queues.len() > size;
        queues.truncate(size);
        let next = queues.last().filter(|_| has_more).map(|queue| queue.name.clone());
        Ok(QueuePage { queues, next, total })
    }
}
