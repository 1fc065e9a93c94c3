//! The selectors of a claim as conditions of a statement.

use jobs_core::{Claim, QueueSelector};
use jobs_sql::{Dialect, SqlValue};

use crate::store::Statements;

/// A part of a statement behind its other conditions, and its values.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    pub(crate) text: String,
    pub(crate) values: Vec<SqlValue>,
}

impl Conditions {
    pub(crate) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = SqlValue>) {
        self.text.push_str("\nAND ");
        self.text.push_str(condition);
        self.values.extend(values);
    }

    /// That an expression is one of these values, or none of them.
    pub(crate) fn and_in(&mut self, expression: &str, operator: &str, values: Vec<SqlValue>) {
        if !values.is_empty() {
            self.and(&format!("{expression} {operator} {}", Dialect::list(values.len())), values);
        }
    }
}

/// What one selector of a claim selects.
#[derive(Debug)]
pub(crate) struct Selected<'c> {
    pub(crate) selector: &'c QueueSelector,
    pub(crate) conditions: Conditions,
    pub(crate) limit: usize,
}

/// The selectors that can give jobs, in their order, each without the queues of earlier selectors and without paused queues.
pub(crate) fn selected<'c>(claim: &'c Claim, paused: &[String], statements: &Statements) -> Vec<Selected<'c>> {
    let mut earlier: Vec<&QueueSelector> = Vec::new();
    let mut all = Vec::new();
    for queue in &claim.queues {
        let selector = &queue.selector;
        let is_covered = earlier.iter().any(|earlier| earlier.covers(selector));
        let is_paused = matches!(selector, QueueSelector::Exact(name) if paused.contains(name));
        if !is_covered && !is_paused && queue.limit > 0 {
            let conditions = conditions(selector, &earlier, paused, statements);
            all.push(Selected { selector, conditions, limit: queue.limit });
        }
        earlier.push(selector);
    }
    all
}

fn conditions(
    selector: &QueueSelector,
    earlier: &[&QueueSelector],
    paused: &[String],
    statements: &Statements,
) -> Conditions {
    let mut conditions = Conditions::default();
    match selector {
        // A row without a queue belongs to those who serve all queues, as in Ruby.
        QueueSelector::Exact(name) => {
            conditions.and(&format!("{} = ?", statements.exact("queue")), [name.as_str().into()]);
        }
        QueueSelector::Prefix(prefix) => conditions.and(&begins(prefix, statements), [prefix.as_str().into()]),
        _ => {}
    }
    if matches!(selector, QueueSelector::Exact(_)) {
        return conditions;
    }
    let mut names = Vec::new();
    for other in earlier.iter().filter(|other| selector.covers(other)) {
        match other {
            QueueSelector::Exact(name) => names.push(name.as_str().into()),
            QueueSelector::Prefix(prefix) => {
                let condition = format!("(queue IS NULL OR NOT {})", begins(prefix, statements));
                conditions.and(&condition, [prefix.as_str().into()]);
            }
            _ => {}
        }
    }
    if !names.is_empty() {
        let list = Dialect::list(names.len());
        conditions.and(&format!("(queue IS NULL OR {} NOT IN {list})", statements.exact("queue")), names);
    }
    conditions.and_in("{queue}", "NOT IN", paused.iter().map(|name| name.as_str().into()).collect());
    conditions
}

fn begins(prefix: &str, statements: &Statements) -> String {
    let start = format!("substr(queue, 1, {})", prefix.chars().count());
    format!("{} = ?", statements.exact(&start))
}
