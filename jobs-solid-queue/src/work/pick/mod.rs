//! Chooses ready jobs for a claim and locks their rows, and no others.

mod selection;

use std::collections::HashSet;

use jobs_core::{Claim, Error};
use jobs_sql::{Dialect, SqlRow, SqlValue, Transaction};

use self::selection::{Pick, Queues, needs_names, picks};
use crate::SolidQueueStore;

const PAUSED: &str = include_str!("../../sql/claim/paused.sql");
const NAMES: &str = include_str!("../../sql/claim/queue_names.sql");
const NAMES_MYSQL: &str = include_str!("../../sql/claim/queue_names.mysql.sql");
const PICK: &str = include_str!("../../sql/claim/pick.sql");

impl SolidQueueStore {
    /// The ready rows that a claim gets, in the order in which their jobs start.
    pub(crate) async fn pick(&self, transaction: &mut Transaction, claim: &Claim) -> Result<Vec<i64>, Error> {
        let paused: HashSet<String> = texts(&transaction.query(PAUSED, &[]).await?).into_iter().collect();
        let names = match needs_names(&claim.queues, !paused.is_empty()) {
            true if transaction.dialect() == Dialect::MySql => Some(texts(&transaction.query(NAMES_MYSQL, &[]).await?)),
            true => Some(texts(&transaction.query(NAMES, &[]).await?)),
            false => None,
        };
        let classes = claim.names.as_ref().map(|names| self.classes_of(names));
        let mut picked = Vec::new();
        for pick in picks(&claim.queues, &paused, names.as_deref()) {
            let limit = pick.limit.min(claim.limit.saturating_sub(picked.len()));
            if limit > 0 {
                let (statement, values) = statement(&pick, classes.as_deref(), limit, transaction.dialect());
                let rows = transaction.query(&statement, &values).await?;
                picked.extend(rows.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?);
            }
        }
        Ok(picked)
    }

    /// The classes of Ruby that these jobs are.
    fn classes_of(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.queue.options.names.class_of(name).into_owned()).collect()
    }
}

fn texts(rows: &[SqlRow]) -> Vec<String> {
    rows.iter().filter_map(|row| row.text_or_null(0).map(str::to_owned)).collect()
}

/// The query of a pick. The class is looked up for each row, in the order of the index: a join might sort all rows first, and
/// MySQL would lock all of them. For the same reason MySQL reads many queues along the index of all.
fn statement(pick: &Pick, classes: Option<&[String]>, limit: usize, dialect: Dialect) -> (String, Vec<SqlValue>) {
    let (mut conditions, mut values) = (Vec::new(), Vec::new());
    let mut is_many = false;
    if let Queues::Named(names) = &pick.queues {
        is_many = names.len() > 1;
        conditions.push(is_one_of("r.queue_name", names, &mut values));
        if dialect == Dialect::MySql {
            // The collation of the column takes `A` and `a` for one.
            let list = vec!["CAST(? AS BINARY)"; names.len()].join(", ");
            conditions.push(format!("CAST(r.queue_name AS BINARY) IN ({list})"));
            values.extend(names.iter().map(|name| name.as_str().into()));
        }
    }
    if let Some(classes) = classes {
        let class = "(SELECT j.class_name FROM solid_queue_jobs j WHERE j.id = r.job_id)";
        conditions.push(is_one_of(class, classes, &mut values));
    }
    if conditions.is_empty() {
        conditions.push("1 = 1".to_owned());
    }
    values.push(limit.into());
    let index = if is_many && dialect == Dialect::MySql { "FORCE INDEX (index_solid_queue_poll_all)" } else { "" };
    (PICK.replace("{poll_index}", index).replace("{conditions}", &conditions.join(" AND ")), values)
}

fn is_one_of(column: &str, texts: &[String], values: &mut Vec<SqlValue>) -> String {
    values.extend(texts.iter().map(|text| text.as_str().into()));
    if let [_one] = texts { format!("{column} = ?") } else { format!("{column} IN {}", Dialect::list(texts.len())) }
}
