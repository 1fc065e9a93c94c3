//! The live processes of both languages on a store whose queues are lists: a worker cannot choose by the class of a job there.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jobs::store::{ClaimOrder, ProcessRecord};
use jobs::{Error, Timestamp};

use crate::store::OpenStore;

/// A process whose last heartbeat is older is not alive: the time after which Resque removes a worker.
const SILENCE: Duration = Duration::from_secs(300);

/// A clock that is behind or ahead by more is told. Heartbeats come every ten seconds at least.
const SKEW: Duration = Duration::from_secs(30);

/// The processes that share the store.
pub(super) struct Fleet {
    /// Those of `jobs`.
    rust: Vec<ProcessRecord>,
    ruby: Vec<ProcessRecord>,
    /// The time of the store.
    now: Timestamp,
}

impl Fleet {
    /// The processes; `None` on a store that gives each worker only the jobs that it can run.
    pub(super) async fn of(store: &OpenStore) -> Result<Option<Self>, Error> {
        if store.handle.guarantees().order != ClaimOrder::QueueFifo {
            return Ok(None);
        }
        let now = store.inspect()?.stats().await?.at;
        let processes = store.inspect()?.processes().await?.into_iter();
        // What Sidekiq writes of a dead process expires, and the clock of a live one may be wrong.
        let is_alive = |process: &ProcessRecord| {
            software(process) == Some("Sidekiq") || now.duration_since(process.heartbeat_at) < SILENCE
        };
        let (ruby, rust) = processes.filter(is_alive).partition(|process| software(process).is_some());
        Ok(Some(Self { rust, ruby, now }))
    }

    /// Whether a live process takes from this queue.
    pub(super) fn serves(&self, queue: &str) -> bool {
        self.ruby_serves(queue) || serves(&self.rust, queue)
    }

    pub(super) fn ruby_serves(&self, queue: &str) -> bool {
        serves(&self.ruby, queue)
    }

    /// What there is, a line for each software with its version.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut versions: BTreeMap<&str, u64> = BTreeMap::new();
        for version in self.ruby.iter().filter_map(|process| process.process.details.version.as_deref()) {
            *versions.entry(version).or_default() += 1;
        }
        let line = |(version, count): (&str, u64)| format!("{} of {version}", jobs_core::counted(count, "process"));
        versions.into_iter().map(line).collect()
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.queues_of_both().into_iter().chain(self.mixed_versions()).chain(self.wrong_clocks()).collect()
    }

    fn queues_of_both(&self) -> Vec<String> {
        let exact = |processes: &[ProcessRecord]| -> BTreeSet<String> {
            let selectors = processes.iter().flat_map(|process| process.process.details.queues.clone());
            selectors.filter(|selector| !selector.contains(['*', '?', '!', '[', '{'])).collect()
        };
        let names: BTreeSet<String> = &exact(&self.ruby) | &exact(&self.rust);
        let of_both = names.iter().filter(|queue| self.ruby_serves(queue) && serves(&self.rust, queue));
        let told = |queue: &String| {
            format!(
                "processes of both Ruby and Rust take from the queue `{queue}`: each side also takes jobs that only the other \
                 can run; give each side queues of its own"
            )
        };
        of_both.map(told).collect()
    }

    /// From 8 on Sidekiq writes times in another unit.
    fn mixed_versions(&self) -> Option<String> {
        let major = |process: &ProcessRecord| -> Option<u32> {
            let version = process.process.details.version.as_deref()?.strip_prefix("Sidekiq ")?;
            version.split('.').next()?.parse().ok()
        };
        let majors: BTreeSet<u32> = self.ruby.iter().filter_map(major).collect();
        let is_mixed =
            majors.first().is_some_and(|oldest| *oldest < 8) && majors.last().is_some_and(|newest| *newest >= 8);
        is_mixed.then(|| {
            "Sidekiq 8 runs beside an older Sidekiq, which reads its times wrongly: `retry_for` does not end there, and its pages \
             show wrong ages"
                .to_owned()
        })
    }

    /// Sidekiq writes the time of its own clock with each heartbeat. Resque writes that of the Redis server.
    fn wrong_clocks(&self) -> Vec<String> {
        let of_sidekiq = self.ruby.iter().filter(|process| software(process) == Some("Sidekiq"));
        let told = |process: &ProcessRecord| {
            let (ahead, behind) =
                (process.heartbeat_at.duration_since(self.now), self.now.duration_since(process.heartbeat_at));
            let (skew, how) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
            let (name, seconds) = (&process.process.name, skew.as_secs());
            (skew > SKEW).then(|| {
                format!(
                    "the clock of the process `{name}` is {seconds} s {how} that of the Redis server: its scheduled jobs and \
                     retries come at wrong times; set the clock of its machine"
                )
            })
        };
        of_sidekiq.filter_map(told).collect()
    }
}

/// The software of a process of Ruby.
fn software(process: &ProcessRecord) -> Option<&'static str> {
    let version = process.process.details.version.as_deref()?;
    ["Sidekiq", "Resque"].into_iter().find(|software| version.split(' ').next() == Some(software))
}

fn serves(processes: &[ProcessRecord], queue: &str) -> bool {
    processes.iter().any(|process| selects(&process.process.details.queues, queue))
}

/// Whether a worker with these selectors takes from a queue. `!name` leaves one out in Resque, whose patterns with `[` and `{` are
/// taken to fit.
fn selects(selectors: &[String], queue: &str) -> bool {
    let is_left_out = selectors.iter().filter_map(|selector| selector.strip_prefix('!')).any(|it| fits(it, queue));
    !is_left_out && selectors.iter().any(|selector| !selector.starts_with('!') && fits(selector, queue))
}

fn fits(pattern: &str, queue: &str) -> bool {
    match pattern.chars().next() {
        None => queue.is_empty(),
        Some('[' | '{') => true,
        Some('*') => {
            let mut rests = queue.char_indices().map(|(at, _)| &queue[at..]).chain([""]);
            rests.any(|rest| fits(&pattern[1..], rest))
        }
        Some(first) => {
            let mut queue = queue.chars();
            let fits_first = queue.next().is_some_and(|letter| first == '?' || first == letter);
            fits_first && fits(&pattern[first.len_utf8()..], queue.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::selects;

    #[test]
    fn a_queue_is_selected_by_name_and_pattern_unless_it_is_left_out() {
        let of = |selectors: &[&str], queue: &str| {
            selects(&selectors.iter().map(|&it| it.to_owned()).collect::<Vec<_>>(), queue)
        };
        assert!(of(&["mail"], "mail") && of(&["m*l", "x"], "mail") && of(&["*"], "größe") && of(&["m?il"], "mail"));
        assert!(of(&["{mail,slow}"], "mail") && of(&["*", "!slow"], "mail"));
        assert!(!of(&["mail"], "mails") && !of(&["m*x"], "mail") && !of(&["*", "!sl*"], "slow") && !of(&[], "mail"));
    }
}
