//! Times of columns: texts in UTC with six digits of the second, as Active Record writes them.

use chrono::{DateTime, NaiveDateTime, Utc};
use jobs_core::Timestamp;

/// The first and the last time that every database of Rails can store, in microseconds since 1970: the years 1000 to 9999.
const FIRST: i64 = -30_610_224_000_000_000;
const LAST: i64 = 253_402_300_799_999_999;

/// The time, or the first or last moment that every database can store.
pub(crate) fn storable(time: Timestamp) -> Timestamp {
    Timestamp::from_micros(time.as_micros().clamp(FIRST, LAST))
}

/// The time as a column holds it: `2026-11-29 16:51:10.858987`. SQLite compares these texts, so the blank and the six digits are
/// always there. Times outside of the years 1000 to 9999 are written as the first or last moment of them.
pub fn time_text(time: Timestamp) -> String {
    let time = DateTime::<Utc>::from_timestamp_micros(storable(time).as_micros()).unwrap_or_default();
    time.format("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// The time of a column, as PostgreSQL, MariaDB, MySQL and SQLite print it: with any number of digits of the second, or none.
/// `None` if it is no such text. Digits after the sixth are cut.
pub fn parse_time(text: &str) -> Option<Timestamp> {
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(Timestamp::from_micros(time.and_utc().timestamp_micros()))
}
