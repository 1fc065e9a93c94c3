//! The store and the settings that all request handlers share.

use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use jobs_core::{ArgumentView, Clock, Error, Inspect, JobIds, Manage, Store, StoreExt, SystemEntropy};

use crate::actions::audit::{Action, ActionHook};
use crate::actions::task_runner::TaskRunner;
use crate::bulk::registry::BulkActions;
use crate::security::access::Access;
use crate::security::allowed_hosts::AllowedHosts;
use crate::stats::last_hour::LastHour;
use crate::stats::sampler::Sampler;

/// The extractor of handlers.
pub(crate) type SharedState = State<Arc<AppState>>;

/// What the router of one dashboard shares between requests.
pub(crate) struct AppState {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) arguments: ArgumentView,
    pub(crate) access: Access,
    pub(crate) hosts: AllowedHosts,
    pub(crate) title: String,
    pub(crate) public_path: String,
    pub(crate) read_only: bool,
    pub(crate) is_https: bool,
    pub(crate) on_action: Option<ActionHook>,
    pub(crate) task_runner: Option<TaskRunner>,
    pub(crate) ids: JobIds,
    pub(crate) entropy: SystemEntropy,
    pub(crate) sampler: Arc<Sampler>,
    pub(crate) last_hour: LastHour,
    pub(crate) bulk_actions: BulkActions,
}

impl AppState {
    pub(crate) fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.store.require_inspect()
    }

    pub(crate) fn manage(&self) -> Result<&dyn Manage, Error> {
        self.store.require_manage()
    }

    /// Logs an action and calls the `on_action` hook.
    pub(crate) fn report(&self, action: &Action) {
        action.log();
        if let Some(on_action) = &self.on_action {
            on_action(action);
        }
    }
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState").field("store", &self.store).finish_non_exhaustive()
    }
}
