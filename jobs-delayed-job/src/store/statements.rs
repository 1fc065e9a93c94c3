//! The statements of this store, with the names of its tables and the expressions of each database.

use jobs_core::Timestamp;
use jobs_sql::{Dialect, SqlValue};

use crate::row::{storable, time_text};

/// The columns of a row, in the order in which `read_row` takes them.
const COLUMNS: &str = "id, priority, attempts, handler, last_error, run_at, locked_at, locked_by, failed_at, queue, created_at, updated_at";

/// What stands in a handler before the id that Rust gave: the end of a line, and the beginning of the comment.
const BEFORE_ID: &str = "\n# jobs_rs {\"id\":\"";

/// What stands before the class of a job of Active Job.
const BEFORE_CLASS: &str = "\n  job_class: ";

/// What stands before the method of a call by `delay`, and how the handler of a call begins.
const BEFORE_METHOD: &str = "\nmethod_name: ";
const CALL: &str = "--- !ruby/object:Delayed::Performable";

/// Fills in what differs between tables and databases.
#[derive(Clone, Debug)]
pub(crate) struct Statements {
    pub(crate) dialect: Dialect,
    /// The markers and what stands for them.
    markers: Vec<(&'static str, String)>,
}

impl Statements {
    pub(crate) fn new(dialect: Dialect, table: &str) -> Self {
        let exact = |expression: &str| match dialect {
            // The usual collations of MySQL compare without regard to case.
            Dialect::MySql => format!("CAST({expression} AS BINARY)"),
            Dialect::Postgres | Dialect::Sqlite => expression.to_owned(),
        };
        let markers = vec![
            ("{jobs}", table.to_owned()),
            ("{processes}", format!("{table}_rs_processes")),
            ("{paused}", format!("{table}_rs_paused")),
            ("{cancellations}", format!("{table}_rs_cancellations")),
            ("{columns}", COLUMNS.to_owned()),
            ("{queue}", exact("COALESCE(queue, 'default')")),
            ("{own_id}", own_id(dialect)),
        ];
        Self { dialect, markers }
    }

    /// The statement with its markers filled in.
    pub(crate) fn fill(&self, statement: &str) -> String {
        self.markers.iter().fold(statement.to_owned(), |text, (marker, stands)| text.replace(marker, stands))
    }

    /// The statement for a [list of values](Dialect::with_list).
    pub(crate) fn with_list<T: Copy + Into<SqlValue>>(&self, statement: &str, list: &[T]) -> (String, Vec<SqlValue>) {
        self.dialect.with_list(&self.fill(statement), list)
    }

    /// A text expression, so that it is compared letter by letter.
    pub(crate) fn exact(&self, expression: &str) -> String {
        match self.dialect {
            Dialect::MySql => format!("CAST({expression} AS BINARY)"),
            Dialect::Postgres | Dialect::Sqlite => expression.to_owned(),
        }
    }

    /// The line of a handler that names what it performs: the class of an Active Job, the method of a call by `delay`, or else the
    /// first line.
    pub(crate) fn class_line(&self) -> String {
        let start = BEFORE_CLASS.chars().count();
        let at = position(self.dialect, BEFORE_CLASS);
        let method_at = position(self.dialect, BEFORE_METHOD);
        let rest = format!(
            "CASE WHEN {method_at} > 0 AND handler LIKE '{CALL}%' THEN substr(handler, {method_at} + 1)
             WHEN {at} > 0 THEN substr(handler, {at} + {start}) ELSE handler END"
        );
        match self.dialect {
            Dialect::Postgres => format!("split_part({rest}, '\n', 1)"),
            Dialect::MySql => format!("SUBSTRING_INDEX({rest}, '\n', 1)"),
            Dialect::Sqlite => format!("substr({rest}, 1, instr({rest} || '\n', '\n') - 1)"),
        }
    }

    /// A time as the columns of Rails hold it. SQLite compares texts, so all six digits of the second are there.
    pub(crate) fn time(&self, time: Timestamp) -> SqlValue {
        match self.dialect {
            Dialect::Sqlite => time_text(time).into(),
            Dialect::Postgres | Dialect::MySql => storable(time).into(),
        }
    }

    /// The same, or NULL.
    pub(crate) fn time_or_null(&self, time: Option<Timestamp>) -> SqlValue {
        time.map_or(SqlValue::Time(None), |time| self.time(time))
    }
}

fn own_id(dialect: Dialect) -> String {
    let (at, start) = (position(dialect, BEFORE_ID), BEFORE_ID.chars().count());
    format!("CASE WHEN {at} > 0 THEN substr(handler, {at} + {start}, 36) END")
}

/// Where this text begins in the handler, counted from 1; 0 if it is not in it.
fn position(dialect: Dialect, text: &str) -> String {
    match dialect {
        Dialect::Postgres => format!("strpos(handler, '{text}')"),
        Dialect::MySql => format!("LOCATE('{text}', handler)"),
        Dialect::Sqlite => format!("instr(handler, '{text}')"),
    }
}
