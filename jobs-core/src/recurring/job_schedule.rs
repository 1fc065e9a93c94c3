//! When the jobs of a type recur, as the type declares it.

use std::time::Duration;

use crate::{Error, Missed, RecurringTask, Schedule};

/// When a job recurs, known at compile time: what `cron`, `every`, `zone` and `missed` of the macro come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recurs {
    when: When,
    zone: Option<&'static str>,
    missed: Missed,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum When {
    Words(&'static str),
    Every(Duration),
}

impl Recurs {
    /// At the ticks of what [`Schedule::parse`] reads: a cron line, or words.
    pub const fn cron(words: &'static str) -> Self {
        Self { when: When::Words(words), zone: None, missed: Missed::Skip }
    }

    /// Each time so much has passed since 1970; whole seconds.
    pub const fn every(span: Duration) -> Self {
        Self { when: When::Every(span), zone: None, missed: Missed::Skip }
    }

    /// In this zone instead of UTC.
    pub const fn zone(mut self, name: &'static str) -> Self {
        self.zone = Some(name);
        self
    }

    /// What becomes of ticks that nobody took in time, instead of being left out.
    pub const fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// The task of the jobs of this name, under that name.
    ///
    /// # Errors
    /// The span is no number of whole seconds; the error [is invalid](Error::is_invalid).
    pub fn task(&self, job: &str) -> Result<RecurringTask, Error> {
        let words = match self.when {
            When::Words(words) => words.to_owned(),
            When::Every(span) => Schedule::every(span)?.describe(),
        };
        let task = RecurringTask::new(job, job, words).missed(self.missed);
        Ok(self.zone.into_iter().fold(task, RecurringTask::zone))
    }
}
