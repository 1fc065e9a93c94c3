//! Chooses ready jobs of several queues by priority and age. No row of another queue is read, as of a long one that is paused.

use std::collections::HashSet;

use jobs_core::Error;
use jobs_sql::{Dialect, SqlValue, Transaction};

use super::conditions::ClaimConditions;
use crate::lists;

const HEADS: &str = include_str!("../../sql/claim/heads.sql");
pub(super) const LOCK_READY: &str = include_str!("../../sql/claim/lock_ready.sql");

/// So many queues are read by one statement at most, and with so many values.
const QUEUES_AT_ONCE: usize = 64;
const VALUES_AT_ONCE: usize = 16_000;

/// How often rows are looked for that no other program locks, each time twice as many.
const ROUNDS: usize = 8;

/// A ready row by its priority and the number of its job.
type Head = (i64, i64, i64);

/// The first ready rows of these queues that no other program locks, locked. They are read without locks first: to lock the
/// first ones of each queue would hide them from others.
pub(super) async fn pick(
    transaction: &mut Transaction,
    lock_ready: &str,
    queues: &[String],
    (classes, limit): (Option<&[String]>, usize),
) -> Result<Vec<i64>, Error> {
    let (mut picked, mut tried): (Vec<i64>, HashSet<i64>) = (Vec::new(), HashSet::new());
    for round in 0..ROUNDS {
        let wanted = limit - picked.len();
        let size = tried.len().saturating_add(wanted.saturating_mul(1 << round));
        let heads = heads(transaction, queues, classes, size).await?;
        let is_all = heads.len() < size;
        let fresh: Vec<i64> = heads.into_iter().map(|head| head.2).filter(|row| !tried.contains(row)).collect();
        let lock = lock_ready.replace("{limit}", &wanted.to_string());
        for row in lists::query(transaction, &lock, &fresh).await? {
            picked.push(row.int(0)?);
        }
        if is_all || picked.len() >= limit {
            break;
        }
        tried.extend(fresh);
    }
    picked.truncate(limit);
    Ok(picked)
}

/// So many ready rows of these queues at most, the first ones first.
async fn heads(
    transaction: &mut Transaction,
    queues: &[String],
    classes: Option<&[String]>,
    size: usize,
) -> Result<Vec<Head>, Error> {
    let values_of_one = classes.map_or(0, <[String]>::len) + 3;
    let at_once = (VALUES_AT_ONCE / values_of_one).clamp(1, QUEUES_AT_ONCE);
    let mut heads = Vec::new();
    for some in queues.chunks(at_once) {
        let (statement, values) = statement(some, classes, size, transaction.dialect());
        for row in transaction.query(&statement, &values).await? {
            heads.push((row.int_or_null(1).unwrap_or(0), row.int(2)?, row.int(0)?));
        }
    }
    heads.sort_unstable();
    heads.truncate(size);
    Ok(heads)
}

fn statement(queues: &[String], classes: Option<&[String]>, size: usize, dialect: Dialect) -> (String, Vec<SqlValue>) {
    let (mut texts, mut values) = (Vec::with_capacity(queues.len()), Vec::new());
    for (queue, number) in queues.iter().zip(1..) {
        let conditions = ClaimConditions::new(Some(queue), classes, dialect);
        texts.push(conditions.fill(HEADS).replace("{name}", &format!("queue_{number}")));
        values.extend(conditions.values);
        values.push(size.into());
    }
    (texts.join(" UNION ALL\n"), values)
}
