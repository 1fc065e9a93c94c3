//! The times that all three databases can hold.

use jobs_core::Timestamp;

/// The first moment of the year 1000, and the last of the year 9999: what a `datetime` of MySQL can hold, and what texts in
/// `SQLite` compare rightly.
const FIRST: i64 = -30_610_224_000_000_000;
const LAST: i64 = 253_402_300_799_999_999;

/// The time, or the nearest one that a column can hold.
pub(crate) fn storable(time: Timestamp) -> Timestamp {
    Timestamp::from_micros(time.as_micros().clamp(FIRST, LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_no_column_can_hold_becomes_the_nearest_one() {
        assert_eq!(storable(Timestamp::from_micros(i64::MAX)).to_string(), "9999-12-31T23:59:59.999999Z");
        assert!(storable(Timestamp::from_micros(i64::MIN)).to_string().starts_with("1000-01-01T00:00:00"));
        assert_eq!(storable(Timestamp::from_micros(7)), Timestamp::from_micros(7));
    }
}
