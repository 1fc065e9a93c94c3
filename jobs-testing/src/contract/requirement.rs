//! What cases may require of a store.

use jobs_core::{AttemptCounting, AttemptLogs, ClaimOrder, Fencing, History, Identity, Retention, Store, Uniqueness};

/// A capability of a store, or one of its [guarantees](jobs_core::Guarantees), which a store in front of the data of
/// another job system may be unable to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Requirement {
    /// An enqueue may be repeated: a job whose id is stored is not stored again.
    Identity,
    /// Jobs are claimed by priority and age.
    Order,
    /// Every claim is fenced from the claims before it, also of the same process.
    Fencing,
    /// The errors of all attempts are kept.
    History,
    /// Finished and discarded jobs are kept until they are pruned.
    Retention,
    /// Unique keys.
    Unique,
    /// An attempt is counted when the job is claimed.
    Attempts,
    /// The logs of attempts are kept.
    AttemptLogs,
    /// [`Store::inspect`](jobs_core::Store::inspect).
    Inspect,
    /// [`Store::manage`](jobs_core::Store::manage).
    Manage,
    /// [`Store::recurring`](jobs_core::Store::recurring).
    Recurring,
    /// [`Store::figures`](jobs_core::Store::figures) that processes add to.
    Figures,
    /// [`Store::process_orders`](jobs_core::Store::process_orders).
    ProcessOrders,
    /// [`Store::wakeups`](jobs_core::Store::notifier).
    Notifications,
}

impl Requirement {
    /// Whether the store has the capability, or gives the guarantee.
    pub fn is_met(self, store: &dyn Store) -> bool {
        let promised = store.guarantees();
        match self {
            Self::Identity => promised.identity == Identity::Idempotent,
            Self::Order => promised.order == ClaimOrder::PriorityThenAge,
            Self::Fencing => promised.fencing == Fencing::PerClaim,
            Self::History => promised.history == History::EveryAttempt,
            Self::Retention => promised.retention == Retention::All,
            Self::Unique => promised.uniqueness == Uniqueness::Supported,
            Self::Attempts => promised.attempts == AttemptCounting::AtClaim,
            Self::AttemptLogs => promised.attempt_logs == AttemptLogs::Kept,
            Self::Inspect => store.inspect().is_some(),
            Self::Manage => store.manage().is_some(),
            Self::Recurring => store.recurring().is_some(),
            Self::Figures => store.figures().is_some_and(|figures| !figures.counts_attempts()),
            Self::ProcessOrders => store.process_orders().is_some(),
            Self::Notifications => store.notifier().is_some(),
        }
    }
}
