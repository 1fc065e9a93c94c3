//! The id of a registered worker: host, pid and queues.

use std::fmt;

use jobs_core::{Error, ProcessId};

/// The id of a worker, `<host>:<pid>:<queues>`, with the queues as configured and commas between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WorkerId {
    /// The name of the host.
    pub host: String,
    /// The process, a number in Ruby.
    pub pid: String,
    /// The queues as configured, patterns and `*` included.
    pub queues: Vec<String>,
}

/// What follows the name of the host in ids of ours.
const OF_RUST: &str = "-rust";

impl WorkerId {
    /// The id of one slot of a process of ours, counted from 0. As a worker of Resque performs one job, each slot is a worker.
    ///
    /// The host is written as `<host>-rust`. Workers of Ruby remove those of their own host that they do not find among its
    /// processes of Resque, with the jobs that they perform; only another host name keeps them off. Characters of a host other
    /// than ASCII letters, digits, `.`, `-` and `_` become `-`. The part of the pid is `<pid>-<slot>-<process>`: two runtimes of
    /// one program are told apart by it, and Ruby only makes a number of it for display.
    pub fn of_slot(host: &str, pid: u32, slot: usize, process: ProcessId, queues: &[&str]) -> Self {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let host: String = host.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
        let queues = queues.iter().map(|&queue| queue.to_owned()).collect();
        Self { host: host + OF_RUST, pid: format!("{pid}-{slot}-{process}"), queues }
    }

    /// Reads an id. Names of queues may have colons in them.
    ///
    /// # Errors
    /// It has not three parts. The error [is corrupt](Error::is_corrupt).
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut parts = text.splitn(3, ':').map(str::to_owned);
        let (Some(host), Some(pid), Some(queues)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(Error::corrupt(format!("the worker `{}` is not `host:pid:queues`", text.escape_debug())));
        };
        Ok(Self { host, pid, queues: queues.split(',').map(str::to_owned).collect() })
    }

    /// The number of the slot, if it is one of a process of ours.
    pub(crate) fn slot(&self) -> Option<usize> {
        self.pid.split('-').nth(1)?.parse().ok().filter(|_| self.is_ours())
    }

    /// The process of ours that it is a slot of.
    pub(crate) fn process(&self) -> Option<ProcessId> {
        let process = self.pid.splitn(3, '-').nth(2).filter(|_| self.is_ours())?;
        ProcessId::try_from(process.to_owned()).ok()
    }

    /// Whether it is a slot of a process of ours.
    pub fn is_ours(&self) -> bool {
        self.host.ends_with(OF_RUST)
    }
}

impl fmt::Display for WorkerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.host, self.pid, self.queues.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_slot_is_a_worker_on_a_host_that_no_ruby_process_has() {
        let id = WorkerId::of_slot("worker-1", 42, 3, ProcessId::new(7), &["high", "low"]);
        assert_eq!(id.to_string(), format!("worker-1-rust:42-3-{}:high,low", ProcessId::new(7)));
        assert_eq!((id.slot(), id.process()), (Some(3), Some(ProcessId::new(7))));
        assert!(id.is_ours());
        assert_eq!(WorkerId::parse(&id.to_string()).unwrap(), id);
        let odd = WorkerId::of_slot("a:b c\n", 1, 0, ProcessId::new(7), &["*"]);
        assert_eq!((odd.host.as_str(), odd.queues.as_slice()), ("a-b-c--rust", &["*".to_owned()][..]));
    }

    #[test]
    fn an_id_of_ruby_is_read_with_colons_in_its_queues() {
        let id = WorkerId::parse("worker-1:11620:eu:slow,default").unwrap();
        assert_eq!((id.host.as_str(), id.pid.as_str()), ("worker-1", "11620"));
        assert_eq!(id.queues, ["eu:slow", "default"]);
        assert!(!id.is_ours());
        assert!(WorkerId::parse("worker-1:11620").unwrap_err().is_corrupt());
    }
}
