//! Which jobs the lists of the live view show, as the user types it: `state=failed queue=mail name=send_mail`.

use jobs::State;
use jobs::store::Filter;

/// The conditions that a job has to match; an empty one matches all jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListFilter {
    pub(crate) state: Option<State>,
    queue: Option<String>,
    name: Option<String>,
}

impl ListFilter {
    /// A word without a key is a state, or else the name of a job. An empty text matches all jobs.
    ///
    /// # Errors
    /// A key or a state is unknown, a value is missing, or a condition stands there twice; the text says so.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut filter = Self::default();
        for word in text.split_whitespace() {
            let is_new = match word.split_once('=') {
                None if State::parse(word).is_some() => filter.state.replace(state(word)?).is_none(),
                None => filter.name.replace(word.to_owned()).is_none(),
                Some((key, "")) => return Err(format!("`{key}=` needs a value")),
                Some(("state", value)) => filter.state.replace(state(value)?).is_none(),
                Some(("queue", value)) => filter.queue.replace(value.to_owned()).is_none(),
                Some(("name" | "job", value)) => filter.name.replace(value.to_owned()).is_none(),
                Some((key, _)) => return Err(format!("`{key}` is no condition; there are state=, queue= and name=")),
            };
            if !is_new {
                return Err(format!("`{word}` is a second condition of its kind"));
            }
        }
        Ok(filter)
    }

    /// The same without the state, for a list of one state.
    pub(crate) fn without_state(&self) -> Self {
        Self { state: None, ..self.clone() }
    }

    /// As text that is parsed to the same filter.
    pub(crate) fn to_text(&self) -> String {
        let state = self.state.map(|state| state.as_str().to_owned());
        let parts = [("state", &state), ("queue", &self.queue), ("name", &self.name)];
        let parts = parts.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?)));
        parts.collect::<Vec<_>>().join(" ")
    }

    /// The filter for the store, of jobs in this state or in any.
    pub(crate) fn of_state(&self, state: Option<State>) -> Filter {
        Filter { state, queue: self.queue.clone(), name: self.name.clone(), ..Filter::default() }.summaries()
    }
}

fn state(text: &str) -> Result<State, String> {
    let states = || State::ALL.map(State::as_str).join(", ");
    State::parse(text).ok_or_else(|| format!("`{text}` is no state; the states are {}", states()))
}
