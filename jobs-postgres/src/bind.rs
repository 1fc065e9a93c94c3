//! Values of core as the driver takes and gives them.

use std::time::Duration;

use jobs_core::{Clock, Due, JobId, Timestamp};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, accepts, to_sql_checked};

/// A job's id as a `uuid`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(pub(crate) JobId);

type Fault = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Id {
    fn to_sql(&self, _type: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }

    accepts!(UUID);
    to_sql_checked!();
}

impl<'a> FromSql<'a> for Id {
    fn from_sql(_type: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(Self(JobId::from_bytes(raw.try_into()?)))
    }

    accepts!(UUID);
}

/// Ids for a list.
pub(crate) fn ids(jobs: &[JobId]) -> Vec<Id> {
    jobs.iter().copied().map(Id).collect()
}

/// The time to tell the server; `None` for its own.
pub(crate) fn now(clock: Option<&dyn Clock>) -> Option<i64> {
    clock.map(|clock| clock.now().as_micros())
}

/// Microseconds that can be added to any present time.
pub(crate) fn micros(span: Duration) -> i64 {
    // 146,000 years, and as many are left for the present time.
    const MOST: i64 = i64::MAX / 2;
    i64::try_from(span.as_micros()).unwrap_or(MOST).min(MOST)
}

/// When something is due, if that is known here, and otherwise how long after the server's present time.
pub(crate) fn moment(due: Due) -> (Option<i64>, i64) {
    match due {
        Due::Now => (None, 0),
        Due::In(wait) => (None, micros(wait)),
        Due::At(point) => (Some(point.as_micros()), 0),
    }
}

/// A number of jobs as a LIMIT.
pub(crate) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// A count of rows as a number of jobs.
pub(crate) fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

/// From one stored time to another.
pub(crate) fn between(from: i64, to: i64) -> Duration {
    Timestamp::from_micros(to).since(Timestamp::from_micros(from))
}
