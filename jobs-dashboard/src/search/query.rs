//! Which jobs a list shows or a bulk action changes, from the address or a form.

use jobs_core::{Content, FailureKey, Filter, Period, ProcessId, State, Timestamp};

use crate::error::HttpError;
use crate::request::due_time::timestamp;
use crate::request::fields::{Fields, address};

/// The conditions that jobs have to match; an empty field matches all jobs. Times stay as the user wrote them, for the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct JobQuery {
    pub(crate) state: Option<State>,
    pub(crate) queue: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) process: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) failure: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) since: Option<String>,
    pub(crate) until: Option<String>,
    filter: Filter,
}

impl JobQuery {
    /// # Errors
    /// The value of a field is not valid.
    pub(crate) fn parse(fields: &Fields) -> Result<Self, HttpError> {
        let text = |name| fields.value(name).map(str::to_owned);
        let mut query = Self {
            state: fields.value("state").map(parse_state).transpose()?,
            queue: text("queue"),
            name: text("name"),
            process: text("process"),
            error: text("error"),
            failure: text("failure"),
            text: text("text"),
            since: text("since"),
            until: text("until"),
            filter: Filter::default(),
        };
        query.filter = query.to_filter()?;
        Ok(query)
    }

    fn to_filter(&self) -> Result<Filter, HttpError> {
        Ok(Filter {
            state: self.state,
            queue: self.queue.clone(),
            name: self.name.clone(),
            claimed_by: self.process.as_deref().map(parse_process).transpose()?,
            error: self.error.clone(),
            failure: self.failure.as_deref().map(str::parse::<FailureKey>).transpose()?,
            text: self.text.clone(),
            enqueued: Period { from: parse_time(self.since.as_ref())?, until: parse_time(self.until.as_ref())? },
            // Lists show no arguments; a search for a text compares those that may be shown.
            content: if self.text.is_some() { Content::SummaryWithArguments } else { Content::Summary },
            ..Filter::default()
        })
    }

    /// The filter for the store, newest first.
    pub(crate) fn filter(&self, limit: usize) -> Filter {
        Filter { limit, ..self.filter.clone().newest_first() }
    }

    /// The fields except the state, each with the phrase that describes it.
    fn texts(&self) -> [(&'static str, &'static str, &Option<String>); 8] {
        [
            ("name", "named", &self.name),
            ("queue", "in the queue", &self.queue),
            ("process", "held by", &self.process),
            ("error", "with the error", &self.error),
            ("failure", "of the group of failures", &self.failure),
            ("text", "with", &self.text),
            ("since", "enqueued since", &self.since),
            ("until", "enqueued until", &self.until),
        ]
    }

    /// The fields from which this query is parsed again.
    pub(crate) fn fields(&self) -> Vec<(&'static str, &str)> {
        let state = self.state.map(|state| ("state", state.as_str()));
        let texts = self.texts().into_iter().filter_map(|(name, _, value)| Some((name, value.as_deref()?)));
        state.into_iter().chain(texts).collect()
    }

    /// An address with this query.
    pub(crate) fn address(&self, path: &str) -> String {
        address(path, self.fields())
    }

    /// The same query for another state.
    pub(crate) fn in_state(&self, state: Option<State>) -> Self {
        let filter = Filter { state, ..self.filter.clone() };
        Self { state, filter, ..self.clone() }
    }

    /// Whether it matches all jobs of the state.
    pub(crate) fn is_whole_state(&self) -> bool {
        self.filter.is_plain()
    }

    /// As a phrase: `failed jobs in the queue mail`.
    pub(crate) fn describe(&self) -> String {
        let jobs = self.state.map_or_else(|| "jobs".to_owned(), |state| format!("{state} jobs"));
        let rest =
            self.texts().into_iter().filter_map(|(_, phrase, value)| Some(format!("{phrase} {}", value.as_ref()?)));
        [jobs].into_iter().chain(rest).collect::<Vec<_>>().join(" ")
    }
}

fn parse_state(text: &str) -> Result<State, HttpError> {
    let states = State::ALL.map(State::as_str).join(", ");
    State::parse(text)
        .ok_or_else(|| HttpError::invalid(format!("`{text}` is not a valid state; the states are {states}.")))
}

fn parse_process(text: &str) -> Result<ProcessId, HttpError> {
    ProcessId::try_from(text.to_owned()).map_err(|error| HttpError::invalid(error.to_string()))
}

fn parse_time(text: Option<&String>) -> Result<Option<Timestamp>, HttpError> {
    text.map(|text| timestamp(text)).transpose()
}
