//! Numbers of jobs as `SQLite` counts them.

/// A number of jobs as a LIMIT.
pub(crate) fn row_limit(jobs: usize) -> i64 {
    i64::try_from(jobs).unwrap_or(i64::MAX)
}

/// A count of changed rows as a number of jobs.
pub(crate) fn changed(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
