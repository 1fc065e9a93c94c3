//! What a connection is for.

use crate::statements::{Sql, prepared};

/// What a connection is for. Each purpose has a connection of its own, so that a slow call of one does not delay the
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Claims and settles.
    Work,
    /// Settles large batches, while `Work` claims.
    Settle,
    /// Enqueues.
    Enqueue,
    /// Sends heartbeats. They must arrive even while the other connections wait for a lock.
    Heartbeat,
    /// Inspects, manages and recovers.
    Admin,
    /// Removes dead rows.
    Vacuum,
}

impl Purpose {
    /// The statements that are prepared on such a connection.
    pub(crate) const fn prepared(self) -> &'static [Sql] {
        match self {
            Self::Work => prepared::WORK,
            Self::Settle => prepared::SETTLE,
            Self::Enqueue => prepared::ENQUEUE,
            Self::Heartbeat | Self::Admin | Self::Vacuum => &[],
        }
    }

    /// The name that the server shows in `pg_stat_activity`.
    pub(crate) const fn application_name(self) -> &'static str {
        match self {
            Self::Work => "jobs: work",
            Self::Settle => "jobs: settle",
            Self::Enqueue => "jobs: enqueue",
            Self::Heartbeat => "jobs: heartbeat",
            Self::Admin => "jobs: admin",
            Self::Vacuum => "jobs: vacuum",
        }
    }
}
