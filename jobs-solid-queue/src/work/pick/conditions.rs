//! The conditions on ready rows: of which queue they are, and of which classes.

use jobs_sql::{Dialect, SqlValue};

/// What a row has to be, with the values of the text, and the order in which an index has such rows.
pub(super) struct ClaimConditions {
    text: String,
    pub(super) values: Vec<SqlValue>,
    order: &'static str,
    /// The index; MySQL is told to use it.
    index: &'static str,
}

impl ClaimConditions {
    /// Rows of this queue, otherwise of any, and of one of these classes, otherwise of any.
    ///
    /// The class is looked up for each row, in the order of the index: a join might sort all rows first, and MySQL would lock
    /// all of them.
    pub(super) fn new(queue: Option<&str>, classes: Option<&[String]>, dialect: Dialect) -> Self {
        let (mut texts, mut values) = (Vec::new(), Vec::new());
        let (mut order, mut index) = ("r.priority, r.job_id", "index_solid_queue_poll_all");
        if let Some(queue) = queue {
            index = "index_solid_queue_poll_by_queue";
            let text = match dialect {
                Dialect::Sqlite => "r.queue_name = ?",
                // As a range, so that only the index of queues has the order: with `=` the planner may choose that of all
                // queues, and read all rows of the others if this queue has none.
                Dialect::Postgres => {
                    order = "r.queue_name, r.priority, r.job_id";
                    "r.queue_name >= ? AND r.queue_name <= ?"
                }
                // The collation of the column takes `A` and `a` for one.
                Dialect::MySql => "r.queue_name = ? AND CAST(r.queue_name AS BINARY) = CAST(? AS BINARY)",
            };
            values.extend(vec![SqlValue::from(queue); text.matches('?').count()]);
            texts.push(text.to_owned());
        }
        if let Some(classes) = classes {
            let class = "(SELECT j.class_name FROM solid_queue_jobs j WHERE j.id = r.job_id)";
            texts.push(is_one_of(class, classes));
            values.extend(classes.iter().map(|class| class.as_str().into()));
        }
        if texts.is_empty() {
            texts.push("1 = 1".to_owned());
        }
        Self { text: texts.join(" AND "), values, order, index }
    }

    /// The statement with these conditions, in the order of the index.
    pub(super) fn fill(&self, statement: &str) -> String {
        let statement = statement.replace("{poll_index}", self.index).replace("{conditions}", &self.text);
        statement.replace("{order}", self.order)
    }
}

fn is_one_of(column: &str, texts: &[String]) -> String {
    if let [_one] = texts { format!("{column} = ?") } else { format!("{column} IN {}", Dialect::list(texts.len())) }
}
