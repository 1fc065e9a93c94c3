//! Performs one claimed job without a worker: for test kits and other drivers.

use std::pin::pin;
use std::sync::Arc;

use jobs_core::{Execution, NeverCancelled, Settlement};

use crate::perform::claim_performer::ClaimPerformer;
use crate::perform::retry_storage::RetryStorage;
use crate::{Client, propagation};

impl Client {
    /// Performs a claimed job here, as a worker would: with callbacks, timeout and rules, and with this as the
    /// current handle. Returns what is to be written; nothing is written yet.
    ///
    /// If the future is dropped, the job is dropped at its current await. It stays claimed then, until its token is settled
    /// or recovered.
    pub async fn perform_execution(&self, execution: Execution) -> Settlement {
        self.perform_claimed(execution, RetryStorage::Settlement).await
    }

    pub(crate) async fn perform_claimed(&self, execution: Execution, retries: RetryStorage) -> Settlement {
        let performer =
            ClaimPerformer { jobs: self.clone(), cancellation: Arc::new(NeverCancelled), limits: None, retries };
        let run = pin!(performer.perform(execution));
        self.scope(propagation::without_values(run)).await.settlement
    }
}
