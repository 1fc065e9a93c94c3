//! Lists of values, one list for each column of a statement. The trailing `NULL`s of a list are left out, because
//! `unnest` fills a list that is too short with `NULL`.

use super::nul_escape::escape_nul;

/// A column whose values may be `NULL`.
pub(crate) struct Column<T>(pub(crate) Vec<Option<T>>);

impl<T> Default for Column<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Column<T> {
    /// Sets the value of a row. Rows before it that were not set are `NULL`.
    pub(crate) fn set(&mut self, row: usize, value: Option<T>) {
        if value.is_some() {
            self.0.resize_with(row, || None);
            self.0.push(value);
        }
    }

    /// The value of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&T> {
        self.0.get(row)?.as_ref()
    }
}

/// A column whose rows usually all have the same value. Then its list has only this one value, which is sent once.
pub(crate) struct UniformColumn<T> {
    pub(crate) values: Vec<T>,
    rows: usize,
}

impl<T> Default for UniformColumn<T> {
    fn default() -> Self {
        Self { values: Vec::new(), rows: 0 }
    }
}

impl<T: Clone> UniformColumn<T> {
    pub(crate) fn push<V: Into<T>>(&mut self, value: V)
    where
        T: PartialEq<V>,
    {
        let before = self.rows;
        self.rows += 1;
        if let [all] = self.values.as_slice() {
            if *all == value {
                return;
            }
            let all = all.clone();
            self.values.resize(before, all);
        }
        self.values.push(value.into());
    }
}

impl<T> UniformColumn<T> {
    /// The value of a row.
    pub(crate) fn get(&self, row: usize) -> Option<&T> {
        self.values.get(row).or(self.values.first())
    }
}

impl Column<String> {
    pub(crate) fn set_text(&mut self, row: usize, value: Option<&str>) {
        self.set(row, value.map(|text| escape_nul(text).into_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::UniformColumn;

    fn sent(rows: &[i64]) -> Vec<i64> {
        let mut column = UniformColumn::<i64>::default();
        for row in rows {
            column.push(*row);
        }
        column.values
    }

    #[test]
    fn a_column_is_sent_as_one_value_only_if_all_rows_are_equal() {
        assert!(sent(&[]).is_empty());
        assert_eq!(sent(&[7]), [7]);
        assert_eq!(sent(&[7, 7, 7]), [7]);
        assert_eq!(sent(&[7, 7, 8]), [7, 7, 8]);
        assert_eq!(sent(&[7, 8, 7, 7]), [7, 8, 7, 7]);
    }
}
