//! Which jobs are meant: what stands in the address of a list, and in the forms of it.

use jobs_core::{Filter, Period, ProcessId, State, Timestamp};

use crate::due::point;
use crate::failure::Failure;
use crate::fields::{Fields, address};

/// All jobs that match; empty fields mean all. Times are kept as they were written, for the form to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Which {
    pub(crate) state: Option<State>,
    pub(crate) queue: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) process: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    filter: Filter,
}

impl Which {
    /// # Errors
    /// A field says what cannot be.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let text = |name| fields.value(name).map(str::to_owned);
        let mut which = Self {
            state: fields.value("state").map(state).transpose()?,
            queue: text("queue"),
            name: text("name"),
            process: text("process"),
            error: text("error"),
            text: text("text"),
            since: text("since"),
            until: text("until"),
            filter: Filter::default(),
        };
        which.filter = which.asked()?;
        Ok(which)
    }

    fn asked(&self) -> Result<Filter, Failure> {
        Ok(Filter {
            state: self.state,
            queue: self.queue.clone(),
            name: self.name.clone(),
            claimed_by: self.process.as_deref().map(process).transpose()?,
            error: self.error.clone(),
            text: self.text.clone(),
            enqueued: Period { from: time(self.since.as_ref())?, until: time(self.until.as_ref())? },
            ..Filter::default()
        })
    }

    /// What a store is asked for, the newest first.
    pub(crate) fn filter(&self, limit: usize) -> Filter {
        Filter { limit, ..self.filter.clone().newest_first() }
    }

    /// The fields but the state, with what they mean in words.
    fn texts(&self) -> [(&'static str, &'static str, &Option<String>); 7] {
        [
            ("name", "named", &self.name),
            ("queue", "in the queue", &self.queue),
            ("process", "held by", &self.process),
            ("error", "with the error", &self.error),
            ("text", "with", &self.text),
            ("since", "enqueued since", &self.since),
            ("until", "enqueued until", &self.until),
        ]
    }

    /// The fields that say the same.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &str)> {
        let state = self.state.map(|state| ("state", state.as_str()));
        let texts = self.texts().into_iter().filter_map(|(name, _, value)| Some((name, value.as_deref()?)));
        state.into_iter().chain(texts).collect()
    }

    /// An address with them.
    pub(crate) fn address(&self, path: &str) -> String {
        address(path, self.fields())
    }

    /// The same in another state.
    pub(crate) fn in_state(&self, state: Option<State>) -> Self {
        let filter = Filter { state, ..self.filter.clone() };
        Self { state, filter, ..self.clone() }
    }

    /// Whether all jobs of the state are meant.
    pub(crate) fn is_whole_state(&self) -> bool {
        self.filter.is_plain()
    }

    /// In words: `failed jobs in the queue mail`.
    pub(crate) fn words(&self) -> String {
        let jobs = self.state.map_or_else(|| "jobs".to_owned(), |state| format!("{state} jobs"));
        let rest = self.texts().into_iter().filter_map(|(_, what, value)| Some(format!("{what} {}", value.as_ref()?)));
        [jobs].into_iter().chain(rest).collect::<Vec<_>>().join(" ")
    }
}

fn state(word: &str) -> Result<State, Failure> {
    let words = State::ALL.map(State::as_str).join(", ");
    State::parse(word).ok_or_else(|| Failure::invalid(format!("`{word}` is no state; the states are {words}.")))
}

fn process(text: &str) -> Result<ProcessId, Failure> {
    ProcessId::try_from(text.to_owned()).map_err(|error| Failure::invalid(error.to_string()))
}

fn time(text: Option<&String>) -> Result<Option<Timestamp>, Failure> {
    text.map(|text| point(text)).transpose()
}
