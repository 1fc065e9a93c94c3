//! What cases may require of a store.

use jobs_core::Store;

/// A capability of a store, or a promise that a store in front of foreign data may be unable to keep.
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
    /// [`Store::inspect`](jobs_core::Store::inspect).
    Inspect,
    /// [`Store::manage`](jobs_core::Store::manage).
    Manage,
    /// [`Store::recurring`](jobs_core::Store::recurring).
    Recurring,
    /// [`Store::wakeups`](jobs_core::Store::wakeups).
    Notifications,
}

impl Requirement {
    /// Whether the store has this, if it is a capability. A promise is not seen on the store.
    pub(crate) fn is_available(self, store: &dyn Store) -> bool {
        match self {
            Self::Inspect => store.inspect().is_some(),
            Self::Manage => store.manage().is_some(),
            Self::Recurring => store.recurring().is_some(),
            Self::Notifications => store.notifier().is_some(),
            Self::Identity | Self::Order | Self::Fencing | Self::History | Self::Retention | Self::Unique => true,
        }
    }

    /// Whether a store without it can show that it refuses it.
    pub(crate) fn can_be_refused(self) -> bool {
        !matches!(self, Self::Identity | Self::Order | Self::Fencing | Self::History | Self::Retention)
    }
}
