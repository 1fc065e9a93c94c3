//! Converts values of `jobs-core` to parameters, and columns to values of `jobs-core`.

use std::time::Duration;

use jobs_core::{Clock, Due, JobId, Timestamp};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// A job's id as a `uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) JobId);

type BoxError = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Id {
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    accepts!(UUID);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Id {
    fn from_sql(_type: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        Ok(Self(JobId::from_bytes(raw.try_into()?)))
    }

    accepts!(UUID);
}

/// Ids as a list parameter.
pub(crate) fn ids(jobs: &[JobId]) -> Vec<Id> {
    jobs.iter().copied().map(Id).collect()
}

/// The current time as a parameter; `None` for the time of the server.
pub(crate) fn now_param(clock: Option<&dyn Clock>) -> Option<i64> {
    clock.map(|clock| clock.now().as_micros())
}

/// Microseconds, limited so that they can be added to any current time.
pub(crate) fn micros(duration: Duration) -> i64 {
    // 146,000 years; the same number is left for the current time.
    const MAX: i64 = i64::MAX / 2;
    i64::try_from(duration.as_micros()).unwrap_or(MAX).min(MAX)
}

/// When something is due: as a time if it is known here, otherwise as a wait that the server adds to its current time.
pub(crate) fn due_params(due: Due) -> (Option<i64>, i64) {
    match due {
        Due::Now => (None, 0),
        Due::In(wait) => (None, micros(wait)),
        Due::At(time) => (Some(time.as_micros()), 0),
    }
}

/// A number of jobs as a LIMIT.
pub(crate) fn row_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A count of rows as a number of jobs.
pub(crate) fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// The duration from one stored time to another.
pub(crate) fn duration_between(from: i64, to: i64) -> Duration {
    Timestamp::from_micros(to).duration_since(Timestamp::from_micros(from))
}
