//! Priorities: in Solid Queue lower numbers run first, here higher ones.

const LOWEST_BUT_ONE: i32 = i32::MIN + 1;

/// The priority of a job in its column. There is one number less for low priorities: the lowest but one is stored as the
/// next one.
pub(crate) fn to_column(priority: i32) -> i32 {
    match priority {
        i32::MIN => i32::MAX,
        LOWEST_BUT_ONE => i32::MAX - 1,
        _ => -priority,
    }
}

/// The priority that a column says.
pub(crate) fn of_column(column: i64) -> i32 {
    match i32::try_from(column) {
        Ok(i32::MAX) => i32::MIN,
        Ok(column) => column.saturating_neg(),
        Err(_) if column > 0 => i32::MIN,
        Err(_) => i32::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_priority_is_a_lower_number_in_the_column_and_comes_back() {
        for (priority, column) in [(7, -7), (0, 0), (-5, 5), (i32::MAX, i32::MIN + 1), (i32::MIN, i32::MAX)] {
            assert_eq!((to_column(priority), of_column(column.into())), (column, priority));
        }
        assert_eq!(to_column(i32::MIN + 1), to_column(i32::MIN + 2), "the lowest but one is one with the next");
        assert_eq!(of_column(i64::from(i32::MIN)), i32::MAX);
    }
}
