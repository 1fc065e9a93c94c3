//! What a change of many jobs would be about: how many jobs of which names and errors, and a few of them.

use std::time::Duration;

use crate::JobRecord;

/// How many jobs are shown as a sample.
const SAMPLE: usize = 5;

/// The jobs that were read before a change is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Breakdown {
    /// How many jobs were read.
    pub read: u64,
    /// How many of them have each name and class of the last error, the most frequent first.
    pub kinds: Vec<JobKind>,
    /// The first of them.
    pub sample: Vec<JobRecord>,
}

/// Jobs of one name whose last error has one class.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobKind {
    /// The name of the jobs.
    pub job: String,
    /// The class of their last error; `None` if they have no error.
    pub class: Option<String>,
    /// How many they are.
    pub count: u64,
}

impl Breakdown {
    /// How many jobs are read before a change is asked for, unless all are to be counted.
    pub const MAX_READ: u64 = 10_000;

    /// For how long they are read.
    pub const MAX_TIME: Duration = Duration::from_millis(500);

    /// How many kinds a person is told.
    pub const MAX_KINDS: usize = 12;

    /// Adds jobs that were read.
    pub fn add(&mut self, jobs: &[JobRecord]) {
        for job in jobs {
            let class = job.errors.last().map(|error| error.class.as_str());
            match self.kinds.iter_mut().find(|kind| kind.job == job.name && kind.class.as_deref() == class) {
                Some(kind) => kind.count += 1,
                None => self.kinds.push(JobKind { job: job.name.clone(), class: class.map(str::to_owned), count: 1 }),
            }
        }
        self.read += jobs.len() as u64;
        self.sample.extend(jobs.iter().take(SAMPLE.saturating_sub(self.sample.len())).cloned());
        self.kinds.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.job.cmp(&other.job)));
    }
}
