//! What the writer remembers of the file between its transactions.

use super::row_id_cache::RowIdCache;
use crate::work::open_queues::OpenQueues;
use crate::work::paused_queues::PausedQueues;

/// It speeds up what could be read from the file too.
#[derive(Debug, Default)]
pub(crate) struct WriterMemory {
    pub(crate) row_ids: RowIdCache,
    pub(crate) open_queues: OpenQueues,
    pub(crate) paused: PausedQueues,
}

impl WriterMemory {
    /// A transaction was rolled back, and what it has changed here did not happen.
    pub(crate) fn rolled_back(&self) {
        self.open_queues.forget();
        self.paused.forget();
    }
}
