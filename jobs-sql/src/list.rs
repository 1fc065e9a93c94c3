//! Lists of values: a statement about many rows is about one array in PostgreSQL, and has a placeholder for each value elsewhere.

use jobs_core::Timestamp;

use crate::{Dialect, SqlValue};

/// An array, which PostgreSQL alone has. No element is NULL, except in texts.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlArray {
    /// Whole numbers: `bigint[]`.
    Ints(Vec<i64>),
    /// Texts: `text[]`.
    Texts(Vec<Option<String>>),
    /// Times in UTC: `timestamp[]`.
    Times(Vec<Timestamp>),
}

impl Dialect {
    /// The statement for a list of numbers or of texts in place of `IN {ids}`, with the values of the list.
    ///
    /// PostgreSQL takes them as one array. Elsewhere the list is filled up with its last value to a power of two, so that there are
    /// few different statements to prepare; `SQLite` takes 32,766 values in one statement.
    pub fn with_list<T: Clone + Into<SqlValue>>(self, statement: &str, list: &[T]) -> (String, Vec<SqlValue>) {
        let values = list.iter().map(|value| value.clone().into());
        if self == Self::Postgres {
            return (statement.replace("IN {ids}", "= ANY (?)"), vec![array(values)]);
        }
        let length = list.len().next_power_of_two();
        let filler = list.last().into_iter().cycle().map(|value| value.clone().into());
        (statement.replace("{ids}", &Self::list(length)), values.chain(filler).take(length).collect())
    }
}

fn array(values: impl ExactSizeIterator<Item = SqlValue>) -> SqlValue {
    let (mut numbers, mut texts) = (Vec::with_capacity(values.len()), Vec::new());
    for value in values {
        match value {
            SqlValue::Int(number) => numbers.extend(number),
            SqlValue::Text(text) => texts.push(text),
            _ => {}
        }
    }
    if texts.is_empty() { SqlArray::Ints(numbers).into() } else { SqlArray::Texts(texts).into() }
}

impl From<SqlArray> for SqlValue {
    fn from(array: SqlArray) -> Self {
        Self::Array(array)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_one_array_or_filled_up_to_a_power_of_two() {
        let statement = "a = ? AND id IN {ids}";
        let (text, values) = Dialect::MySql.with_list(statement, &[1_i64, 2, 3]);
        assert_eq!(
            (text.as_str(), values),
            ("a = ? AND id IN (?, ?, ?, ?)", [1, 2, 3, 3].map(SqlValue::from).to_vec())
        );
        let (text, values) = Dialect::Postgres.with_list(statement, &[1_i64, 2, 3]);
        assert_eq!((text.as_str(), values), ("a = ? AND id = ANY (?)", vec![SqlArray::Ints(vec![1, 2, 3]).into()]));
        let (_, values) = Dialect::Postgres.with_list(statement, &["a"]);
        assert_eq!(values, [SqlArray::Texts(vec![Some("a".to_owned())]).into()]);
    }
}
