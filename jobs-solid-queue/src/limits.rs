//! Concurrency limits, as `limits_concurrency` of Ruby's classes declares them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::NewJob;
use serde_json::Value;

/// Solid Queue's `default_concurrency_control_period`.
pub(crate) const DEFAULT_DURATION: Duration = Duration::from_secs(180);

/// How many jobs of a class with the same key may run at once: `limits_concurrency` of Solid Queue. The tables do not say it,
/// so it has to be the same in Ruby and here.
///
/// ```
/// use std::time::Duration;
///
/// use jobs_solid_queue::ConcurrencyLimit;
///
/// // limits_concurrency to: 2, key: ->(account_id, _) { account_id }, duration: 5.minutes
/// let limit = ConcurrencyLimit::new(2).by("account_id").duration(Duration::from_secs(300));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcurrencyLimit {
    pub(crate) to: u32,
    pub(crate) duration: Duration,
    group: Option<String>,
    by: Option<String>,
    pub(crate) discards: bool,
}

impl ConcurrencyLimit {
    /// So many at once, and at least one; for three minutes, which is the default of Solid Queue.
    pub const fn new(to: u32) -> Self {
        let to = if to == 0 { 1 } else { to };
        Self { to, duration: DEFAULT_DURATION, group: None, by: None, discards: false }
    }

    /// A permit that was not given back is free again after this duration.
    pub const fn duration(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// The limit is for all classes of this group together. By default the group is the class.
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Each value of this argument has a limit of its own. By default there is one for all jobs. A record, as `GlobalId`
    /// writes it, counts by its model and id.
    pub fn by(mut self, argument: impl Into<String>) -> Self {
        self.by = Some(argument.into());
        self
    }

    /// A new job that would have to wait is discarded instead: `on_conflict: :discard`. One that has run before, and runs again
    /// after an error or because a person retries it, waits.
    pub const fn discard(mut self) -> Self {
        self.discards = true;
        self
    }

    /// The key of a new job: group and parameter.
    fn key(&self, class: &str, job: &NewJob) -> String {
        let group = self.group.as_deref().unwrap_or(class);
        let argument = || {
            let arguments: Value = serde_json::from_str(&job.arguments).ok()?;
            parameter(arguments.get(self.by.as_deref()?)?)
        };
        argument().map_or_else(|| group.to_owned(), |parameter| format!("{group}/{parameter}"))
    }
}

/// The text of a parameter in a key; `None` of a null.
fn parameter(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Object(fields) => {
            let record = fields.get("_aj_globalid").and_then(Value::as_str).and_then(|id| id.strip_prefix("gid://"));
            // What follows the name of the application: model and id.
            record
                .and_then(|record| record.split_once('/'))
                .map_or_else(|| Some(value.to_string()), |(_, id)| Some(id.to_owned()))
        }
        other => Some(other.to_string()),
    }
}

/// The limits of a program, by class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limits(Arc<HashMap<String, ConcurrencyLimit>>);

impl Limits {
    pub(crate) fn add(&mut self, class: String, limit: ConcurrencyLimit) {
        Arc::make_mut(&mut self.0).insert(class, limit);
    }

    pub(crate) fn of(&self, class: &str) -> Option<&ConcurrencyLimit> {
        self.0.get(class)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The classes of Ruby that have a limit, in no order.
    pub(crate) fn classes(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The key of a new job of this class: the one that it has, or the one that its limit gives it.
    pub(crate) fn key_of(&self, class: &str, job: &NewJob) -> Option<String> {
        job.concurrency_key.clone().or_else(|| Some(self.of(class)?.key(class, job)))
    }
}

#[cfg(test)]
mod tests {
    use jobs_core::JobId;

    use super::*;

    #[test]
    fn a_key_is_group_and_parameter_as_ruby_writes_it() {
        let job = |arguments: &str| NewJob::new(JobId::from_number(1), "charge", arguments);
        let by_account = ConcurrencyLimit::new(2).by("account");
        let key = |arguments: &str| by_account.key("ChargeJob", &job(arguments));
        assert_eq!(key(r#"{"account":42}"#), "ChargeJob/42");
        assert_eq!(key(r#"{"account":"a"}"#), "ChargeJob/a");
        assert_eq!(key(r#"{"account":{"_aj_globalid":"gid://shop/Account/7"}}"#), "ChargeJob/Account/7");
        assert_eq!((key(r#"{"account":null}"#), key("{}")), ("ChargeJob".to_owned(), "ChargeJob".to_owned()));
        assert_eq!(ConcurrencyLimit::new(1).group("money").key("ChargeJob", &job("{}")), "money");
    }
}
