//! Which jobs are meant: what stands in the address of a list, and in the forms of it.

use jobs_core::{Filter, JobId, JobRecord, State};

use crate::failure::Failure;
use crate::fields::{Fields, address};

/// How many jobs a page has.
pub(crate) const PAGE: usize = 50;

/// All jobs that match; empty fields mean all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Which {
    pub(crate) state: Option<State>,
    pub(crate) queue: Option<String>,
    pub(crate) name: Option<String>,
}

impl Which {
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let text = |name| fields.value(name).map(str::to_owned);
        Ok(Self { state: fields.value("state").map(state).transpose()?, queue: text("queue"), name: text("name") })
    }

    /// The fields that say the same.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &str)> {
        let state = self.state.map(|state| ("state", state.as_str()));
        let texts = [("queue", &self.queue), ("name", &self.name)];
        let texts = texts.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        state.into_iter().chain(texts).collect()
    }

    /// An address with them.
    pub(crate) fn address(&self, path: &str) -> String {
        address(path, self.fields())
    }

    /// The same in another state.
    pub(crate) fn in_state(&self, state: Option<State>) -> Self {
        Self { state, ..self.clone() }
    }

    /// Whether all jobs of the state are meant.
    pub(crate) fn is_whole_state(&self) -> bool {
        *self == Self::default().in_state(self.state)
    }

    pub(crate) fn filter(&self, after: Option<JobId>, limit: usize) -> Filter {
        Filter {
            state: self.state,
            queue: self.queue.clone(),
            name: self.name.clone(),
            after,
            limit,
            ..Filter::default()
        }
    }

    /// In words: `failed jobs in the queue mail`.
    pub(crate) fn words(&self) -> String {
        let jobs = self.state.map_or_else(|| "jobs".to_owned(), |state| format!("{state} jobs"));
        let rest = [("named", &self.name), ("in the queue", &self.queue)];
        let rest = rest.into_iter().filter_map(|(what, value)| Some(format!("{what} {}", value.as_ref()?)));
        [jobs].into_iter().chain(rest).collect::<Vec<_>>().join(" ")
    }
}

fn state(word: &str) -> Result<State, Failure> {
    let words = State::ALL.map(State::as_str).join(", ");
    State::parse(word).ok_or_else(|| Failure::invalid(format!("`{word}` is no state; the states are {words}.")))
}

/// The job that a page begins after.
pub(crate) fn place(fields: &Fields, name: &str) -> Result<Option<JobId>, Failure> {
    let id = fields.value(name).map(str::parse).transpose();
    id.map_err(|error: jobs_core::Error| Failure::invalid(error.to_string()))
}

/// The last of a page, if there may be more.
pub(crate) fn more(page: &[JobRecord], limit: usize) -> Option<JobId> {
    (page.len() >= limit).then(|| page.last().map(|job| job.id)).flatten()
}
