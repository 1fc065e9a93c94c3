//! The row of a process: its name and its metadata, by which Ruby shows it and we know it again.

use std::time::Duration;

use jobs_core::{Process, ProcessDetails, ProcessId};
use serde::{Deserialize, Serialize};

/// The names of our processes begin so. Those of Ruby's workers are `worker-` and twenty hexadecimal digits.
const PREFIX: &str = "worker-rs-";

/// The names of all our processes, as a pattern.
pub(crate) const NAMES: &str = "worker-rs-%";

/// The name of a process in its row.
pub(crate) fn name_of(process: ProcessId) -> String {
    format!("{PREFIX}{process}")
}

/// The process that has this name; `None` if it is none of ours.
pub(crate) fn of_name(name: &str) -> Option<ProcessId> {
    ProcessId::try_from(name.strip_prefix(PREFIX)?.to_owned()).ok()
}

/// The metadata of a process, with the keys of Ruby's workers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    /// How often it looks for jobs, in seconds: what Ruby's page shows.
    polling_interval: f64,
    queues: String,
    thread_pool_size: usize,
    /// What its last heartbeat said; nothing before its first one.
    jobs_rs: Option<Process>,
}

impl Metadata {
    /// The metadata of a process that has asked for jobs of these queues, and for so many at once.
    pub(crate) fn new(process: Option<&Process>, queues: &[String], capacity: usize) -> Self {
        let queues = if queues.is_empty() { "*".to_owned() } else { queues.join(",") };
        let thread_pool_size = capacity.max(1);
        Self { queues, thread_pool_size, jobs_rs: process.cloned(), ..Self::default() }
    }

    /// The metadata of a process that looks for jobs so often.
    pub(crate) const fn polling_every(mut self, interval: Duration) -> Self {
        self.polling_interval = interval.as_secs_f64();
        self
    }

    /// The text of the column.
    pub(crate) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads the text of the column; what is no metadata of ours says nothing.
    pub(crate) fn parse(text: Option<&str>) -> Self {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    /// What a worker of Ruby can run.
    pub(crate) fn details(self) -> ProcessDetails {
        let queues = self.queues.split(',').map(|queue| queue.trim().to_owned()).filter(|queue| !queue.is_empty());
        ProcessDetails::new(u64::try_from(self.thread_pool_size).unwrap_or(0), queues, None)
    }

    /// The process as its last heartbeat described it; `None` if it has sent none.
    pub(crate) fn process(self) -> Option<Process> {
        self.jobs_rs
    }
}

/// Whether a worker with this metadata takes jobs from every queue.
pub(crate) fn takes_every_queue(metadata: Option<&str>) -> bool {
    Metadata::parse(metadata).queues.split(',').any(|queue| queue.trim() == "*")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_of_ruby_that_takes_every_queue_is_known_by_its_metadata() {
        let of = |queues| takes_every_queue(Some(&format!(r#"{{"polling_interval":0.1,"queues":"{queues}"}}"#)));
        assert!(of("*") && of("mail,*"));
        assert!(!of("mail") && !of("mail*") && !takes_every_queue(Some("{}")) && !takes_every_queue(None));
    }

    #[test]
    fn a_worker_of_ruby_says_how_many_threads_and_which_queues_it_has() {
        let of = |text| Metadata::parse(Some(text)).details();
        let worker = of(r#"{"polling_interval":0.1,"queues":"mail, reports*","thread_pool_size":3}"#);
        assert_eq!(worker, ProcessDetails::new(3, ["mail".to_owned(), "reports*".to_owned()], None));
        assert!(of("{}").is_empty(), "a supervisor runs no jobs");
    }

    #[test]
    fn a_process_is_known_again_by_its_name_and_a_worker_of_ruby_is_none() {
        let process = ProcessId::new(7);
        assert_eq!(name_of(process), "worker-rs-0000000000000007");
        assert_eq!(of_name(&name_of(process)), Some(process));
        assert_eq!(of_name("worker-0123456789abcdef0123"), None);
    }

    #[test]
    fn metadata_has_the_keys_of_rubys_workers() {
        let process = Process::new(ProcessId::new(7), "web-1", "host", 42);
        let text = Metadata::new(Some(&process), &["a".to_owned(), "b*".to_owned()], 5).text();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&value["queues"], &value["thread_pool_size"]), (&"a,b*".into(), &5.into()));
        assert!(value["polling_interval"].is_number());
        assert_eq!(Metadata::parse(Some(&text)).process(), Some(process));
        assert_eq!(Metadata::parse(Some("{}")).process(), None);
    }
}
