//! The oldest snapshot of a database: while it is held, dead rows stay, and claims read past them.

use std::fmt;
use std::time::Duration;

use crate::format_duration;

/// What holds the oldest snapshot of the database, such as a report, a backup or a forgotten transaction. Text of queries is
/// not part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OldestSnapshot {
    /// For how long it has been held; `None` if the database does not say, or not to this user.
    pub age: Option<Duration>,
    /// How many transactions have begun since. Dead rows of all of them stay.
    pub transactions: u64,
    /// `session`, `prepared transaction` or `replication slot`.
    pub holder: String,
    /// The process of the server that holds it, for a session or an active slot.
    pub pid: Option<i32>,
    /// The name of the prepared transaction or of the slot, or the application name of the session.
    pub name: Option<String>,
    /// The user of the session or of the prepared transaction.
    pub user: Option<String>,
    /// The state of the session, as `idle in transaction`.
    pub state: Option<String>,
}

impl fmt::Display for OldestSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.holder)?;
        if let Some(pid) = self.pid {
            write!(f, " {pid}")?;
        }
        let named = [("", &self.name), ("user ", &self.user), ("", &self.state)];
        let details = named.iter().filter_map(|(what, text)| text.as_ref().map(|text| format!("{what}{text}")));
        let details = details.collect::<Vec<_>>();
        if !details.is_empty() {
            write!(f, " ({})", details.join(", "))?;
        }
        match self.age {
            Some(age) => write!(f, " for {}", format_duration(age)),
            None => write!(f, " for {} transactions", self.transactions),
        }
    }
}
