//! The statements that are prepared on a connection, because they run so often. All others are planned at each call.

use super::Sql;

/// On the connection that claims and settles.
pub(crate) const WORK: &[Sql] = &[
    Sql::ClaimAll,
    Sql::ClaimQueues,
    Sql::ClaimSelectors,
    Sql::FinishAndClaimAll,
    Sql::FinishAndClaimQueues,
    Sql::FinishAndClaimSelectors,
    Sql::Settle,
    Sql::SettleWithLogs,
    Sql::Dispatch,
    Sql::Holder,
];

/// On the connection that only settles.
pub(crate) const SETTLE: &[Sql] = &[Sql::FinishAndClaimQueues];

/// On the connections that enqueue.
pub(crate) const ENQUEUE: &[Sql] =
    &[Sql::Enqueue, Sql::EnqueueUndoDone, Sql::EnqueueBegin, Sql::EnqueueMayBeDone, Sql::EnqueueCopy, Sql::UniqueTake];
