//! A line and a column of a file.

/// A line and a column, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Location {
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl Location {
    /// The first character of a file.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// The location in a line after the text `before`. Columns count characters, as editors do.
    pub(crate) fn after(line: u64, before: &str) -> Self {
        Self { line, column: 1 }.further(before)
    }

    /// The location after this text in the same line.
    pub(crate) fn further(self, text: &str) -> Self {
        let count = u64::try_from(text.chars().count()).unwrap_or(0);
        Self { column: self.column.saturating_add(count), ..self }
    }
}

impl From<serde_saphyr::Location> for Location {
    fn from(location: serde_saphyr::Location) -> Self {
        Self { line: location.line(), column: location.column() }
    }
}
