//! How far a claim reads along ready rows, and where the next one goes on behind rows that this program cannot perform. Pure.

use std::time::Duration;

use jobs_core::{Error, Timestamp};
use jobs_sql::{Cell, Dialect, SqlRow, SqlValue};

use super::selectors::Conditions;

/// How many rows a claim reads of a selector at most, and how many bytes of handlers.
const ROWS_MAX: usize = 2000;
const BYTES_MAX: usize = 4 * 1024 * 1024;

/// How many rows a statement reads behind those that the claim asked for.
const ROWS_AT_A_TIME: usize = 100;

/// For how long claims go on where they found jobs, before they read all rows before that position again.
const GOES_ON_FOR: Duration = Duration::from_secs(60);

/// A position in the order of claims: by priority, then by the time at which a job is due, then by number.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Position {
    /// Behind this row.
    Row { priority: Option<i64>, run_at: SqlValue, id: i64 },
    /// Before the rows without a priority, which PostgreSQL sorts last. The other databases sort them first.
    WithoutPriority,
}

impl Position {
    /// The position of a row that was selected with `{columns}`. Its time stays as it is written, since SQLite compares texts.
    pub(crate) fn of(row: &SqlRow) -> Result<Self, Error> {
        let run_at = match row.cell(5) {
            Cell::Time(time) => SqlValue::from(*time),
            Cell::Text(text) => text.as_str().into(),
            Cell::Int(number) => (*number).into(),
            Cell::Null => SqlValue::Time(None),
        };
        Ok(Self::Row { priority: row.int_or_null(1), run_at, id: row.int(0)? })
    }

    /// What selects the rows behind this position.
    pub(crate) fn behind(&self, dialect: Dialect) -> Conditions {
        let mut behind = Conditions::default();
        match self.clone() {
            // MySQL finds the beginning in its index by the first of the two comparisons.
            Self::Row { priority: Some(priority), run_at, id } => {
                let values = [priority.into(), priority.into(), run_at, id.into()];
                behind.and("priority >= ? AND (priority, run_at, id) > (?, ?, ?)", values);
            }
            Self::Row { priority: None, run_at, id } if dialect == Dialect::Postgres => {
                behind.and("priority IS NULL AND (run_at, id) > (?, ?)", [run_at, id.into()]);
            }
            Self::Row { priority: None, run_at, id } => {
                behind.and("(priority IS NOT NULL OR (run_at, id) > (?, ?))", [run_at, id.into()]);
            }
            Self::WithoutPriority => behind.and("priority IS NULL", []),
        }
        behind
    }
}

/// Where claims go on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bookmark {
    position: Position,
    /// When a claim first got all jobs there that it asked for.
    found_at: Option<Timestamp>,
}

/// What one claim reads of one selector.
#[derive(Debug)]
pub(crate) struct Walk {
    bookmark: Option<Bookmark>,
    position: Option<Position>,
    rows: usize,
    bytes: usize,
    /// Whether it goes on at the bookmark.
    is_at_bookmark: bool,
    is_at_end: bool,
}

impl Walk {
    /// Begins at the front, and goes on at the bookmark if the rows at the front are of others.
    pub(crate) fn begin(bookmark: Option<Bookmark>, now: Timestamp) -> Self {
        let is_old = |mark: &Bookmark| mark.found_at.is_some_and(|at| now.duration_since(at) >= GOES_ON_FOR);
        let bookmark = bookmark.filter(|mark| !is_old(mark));
        Self { bookmark, position: None, rows: 0, bytes: 0, is_at_bookmark: false, is_at_end: false }
    }

    pub(crate) const fn position(&self) -> Option<&Position> {
        self.position.as_ref()
    }

    /// How many rows the next statement reads, if so many jobs are wanted.
    pub(crate) fn limit(&self, wanted: usize) -> usize {
        if self.rows == 0 && !self.is_at_bookmark { wanted } else { wanted.max(ROWS_AT_A_TIME) }
    }

    /// A row was read that was claimed or is of others.
    pub(crate) fn pass(&mut self, position: Position, bytes: usize) {
        self.position = Some(position);
        self.rows += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Whether another statement reads on. `is_last` says that there were no more rows behind the position.
    pub(crate) fn goes_on(&mut self, is_last: bool, dialect: Dialect) -> bool {
        if is_last {
            let is_before_nulls = matches!(self.position, Some(Position::Row { priority: Some(_), .. }));
            if dialect == Dialect::Postgres && is_before_nulls {
                self.position = Some(Position::WithoutPriority);
                return true;
            }
            self.is_at_end = true;
            return false;
        }
        if !self.is_at_bookmark
            && self.is_front_read()
            && let Some(mark) = &self.bookmark
        {
            self.position = Some(mark.position.clone());
            self.is_at_bookmark = true;
            // What lies behind the bookmark has limits of its own, or many large rows at the front would end each claim there.
            (self.rows, self.bytes) = (0, 0);
        }
        self.rows < ROWS_MAX && self.bytes < BYTES_MAX
    }

    const fn is_front_read(&self) -> bool {
        self.rows >= ROWS_AT_A_TIME || self.bytes >= BYTES_MAX
    }

    /// Where the next claim goes on. `is_full` says that this one got all jobs that it asked for.
    pub(crate) fn end(self, is_full: bool, now: Timestamp) -> Option<Bookmark> {
        if self.is_at_end {
            return None;
        }
        let is_far = self.is_at_bookmark || self.is_front_read();
        let found_at = self.bookmark.as_ref().and_then(|mark| mark.found_at).or_else(|| is_full.then_some(now));
        match self.position {
            Some(position) if is_far => Some(Bookmark { position, found_at }),
            _ => self.bookmark,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_000_000);

    fn row(id: i64) -> Position {
        Position::Row { priority: Some(0), run_at: NOW.into(), id }
    }

    /// Reads rows of others until the walk ends; the last one.
    fn walk(walk: &mut Walk, mut id: i64) -> i64 {
        loop {
            for _ in 0..walk.limit(10) {
                walk.pass(row(id), 100);
                id += 1;
            }
            if !walk.goes_on(false, Dialect::Sqlite) {
                return id - 1;
            }
        }
    }

    #[test]
    fn a_claim_reads_so_far_and_the_next_one_goes_on_there() {
        let mut first = Walk::begin(None, NOW);
        let last = walk(&mut first, 1);
        assert!((2000..2100).contains(&last), "{last}");
        let mark = first.end(false, NOW);
        assert_eq!(mark, Some(Bookmark { position: row(last), found_at: None }));
        let mut next = Walk::begin(mark, NOW + Duration::from_secs(3600));
        assert_eq!(next.position(), None, "the front is looked at each time");
        (1..=100).for_each(|id| next.pass(row(id), 100));
        assert!(next.goes_on(false, Dialect::Sqlite));
        assert_eq!(next.position(), Some(&row(last)));
        assert!(!next.goes_on(true, Dialect::Sqlite));
        assert_eq!(next.end(false, NOW), None, "behind the last row it begins anew");
    }

    #[test]
    fn a_place_where_jobs_were_found_is_left_after_a_minute() {
        let mut first = Walk::begin(None, NOW);
        walk(&mut first, 1);
        let mark = first.end(true, NOW);
        assert!(Walk::begin(mark.clone(), NOW + GOES_ON_FOR / 2).bookmark.is_some());
        assert!(Walk::begin(mark, NOW + GOES_ON_FOR).bookmark.is_none());
    }

    #[test]
    fn large_handlers_end_a_claim_earlier() {
        let mut walk = Walk::begin(None, NOW);
        walk.pass(row(1), BYTES_MAX);
        assert!(!walk.goes_on(false, Dialect::MySql));
    }

    #[test]
    fn large_or_many_rows_at_the_front_keep_no_claim_from_what_is_behind_the_bookmark() {
        for (count, bytes) in [(110, BYTES_MAX / 100), (ROWS_MAX + 1, 10), (1, BYTES_MAX)] {
            let mark = Bookmark { position: row(9_000), found_at: None };
            let mut walk = Walk::begin(Some(mark), NOW);
            (0..count).for_each(|_| walk.pass(row(1), bytes));
            assert!(walk.goes_on(false, Dialect::Sqlite), "{count} rows");
            assert_eq!((walk.position(), walk.limit(10)), (Some(&row(9_000)), ROWS_AT_A_TIME));
        }
    }

    #[test]
    fn rows_without_a_priority_come_last_on_postgresql() {
        let mut walk = Walk::begin(None, NOW);
        walk.pass(row(1), 1);
        assert!(walk.goes_on(true, Dialect::Postgres));
        assert_eq!(walk.position(), Some(&Position::WithoutPriority));
        assert!(!walk.goes_on(true, Dialect::Postgres));
    }
}
