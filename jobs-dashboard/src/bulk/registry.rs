//! The bulk actions that this process has started.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::bulk::action::{BulkAction, BulkRequest};
use crate::error::HttpError;
use crate::security::actor::Actor;

/// How many bulk actions are kept for their status pages.
const KEPT: usize = 50;

/// The latest bulk actions of this process.
#[derive(Debug, Default)]
pub(crate) struct BulkActions(Mutex<Recent>);

/// The newest is the last.
#[derive(Debug, Default)]
struct Recent {
    last_number: u64,
    actions: VecDeque<Arc<BulkAction>>,
}

impl BulkActions {
    /// Adds a bulk action with the next number.
    pub(crate) fn add(&self, request: BulkRequest, actor: Option<Actor>) -> Arc<BulkAction> {
        let mut recent = self.lock();
        recent.last_number += 1;
        let bulk = Arc::new(BulkAction::new(recent.last_number, request, actor));
        if recent.actions.len() >= KEPT {
            recent.actions.pop_front();
        }
        recent.actions.push_back(Arc::clone(&bulk));
        bulk
    }

    /// The bulk action with this number.
    ///
    /// # Errors
    /// It is too old, or another process runs it.
    pub(crate) fn find(&self, number: &str) -> Result<Arc<BulkAction>, HttpError> {
        let number = number.parse::<u64>().ok();
        let found = self.lock().actions.iter().find(|bulk| Some(bulk.number) == number).cloned();
        found.ok_or_else(|| HttpError::not_found(UNKNOWN))
    }

    fn lock(&self) -> MutexGuard<'_, Recent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const UNKNOWN: &str = "This process does not know this bulk action: it ended long ago, or another process runs it, where it \
                       continues.";
