//! What all pages share.

use std::fmt;
use std::sync::Arc;

use jobs_core::{Clock, Error, Inspect, JobIds, Manage, Registry, Store, StoreExt, SystemEntropy};

use crate::access::Access;
use crate::action::{Action, Witness};
use crate::hosts::Hosts;
use crate::recurring::Runner;
use crate::sampler::Sampler;
use crate::sweep::Sweeps;

/// The store with how it is to be shown.
pub(crate) struct Board {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) registry: Option<Registry>,
    pub(crate) access: Access,
    pub(crate) hosts: Hosts,
    pub(crate) title: String,
    pub(crate) public_path: String,
    pub(crate) read_only: bool,
    pub(crate) is_https: bool,
    pub(crate) shows_unknown_arguments: bool,
    pub(crate) witness: Option<Witness>,
    pub(crate) runner: Option<Runner>,
    pub(crate) ids: JobIds,
    pub(crate) entropy: SystemEntropy,
    pub(crate) sampler: Sampler,
    pub(crate) sweeps: Sweeps,
}

impl Board {
    pub(crate) fn inspect(&self) -> Result<&dyn Inspect, Error> {
        self.store.looking()
    }

    pub(crate) fn manage(&self) -> Result<&dyn Manage, Error> {
        self.store.acting()
    }

    /// Tells of what a person did.
    pub(crate) fn tell(&self, action: &Action) {
        action.log();
        if let Some(witness) = &self.witness {
            witness(action);
        }
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Board").field("store", &self.store).finish_non_exhaustive()
    }
}
