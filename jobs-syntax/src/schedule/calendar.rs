//! The Gregorian calendar: days of months, weekdays, leap years.

/// A local date and time, to the second. The time zone is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// The year.
    pub year: i32,
    /// From 1 to 12.
    pub month: u32,
    /// From 1 to 31.
    pub day: u32,
    /// From 0 to 23.
    pub hour: u32,
    /// From 0 to 59.
    pub minute: u32,
    /// From 0 to 59.
    pub second: u32,
}

impl Local {
    /// The first second of a day.
    pub const fn midnight(year: i32, month: u32, day: u32) -> Self {
        Self { year, month, day, hour: 0, minute: 0, second: 0 }
    }
}

/// How many days a month has.
pub(crate) const fn days_in(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

const fn is_leap(year: i32) -> bool {
    year.rem_euclid(4) == 0 && (year.rem_euclid(100) != 0 || year.rem_euclid(400) == 0)
}

/// The day of the week, 0 for Sunday (Sakamoto's formula).
pub(crate) fn weekday(year: i32, month: u32, day: u32) -> u32 {
    const SHIFT: [i64; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let year = i64::from(year) - i64::from(month < 3);
    let shift = SHIFT.get((month as usize).wrapping_sub(1)).copied().unwrap_or(0);
    let days = year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + shift + i64::from(day);
    u32::try_from(days.rem_euclid(7)).unwrap_or(0)
}

/// The smallest member of a bit set that is not below `from`.
pub(crate) fn at_least(set: u64, from: u32) -> Option<u32> {
    let rest = if from < 64 { set >> from << from } else { 0 };
    (rest != 0).then(|| rest.trailing_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_those_of_the_calendar() {
        assert_eq!(weekday(1970, 1, 1), 4);
        assert_eq!(weekday(2000, 2, 29), 2);
        assert_eq!(weekday(2026, 11, 25), 3);
        assert_eq!(weekday(2100, 3, 1), 1);
    }

    #[test]
    fn february_has_its_days() {
        assert_eq!([2024, 2026, 2000, 2100].map(|year| days_in(year, 2)), [29, 28, 29, 28]);
    }
}
