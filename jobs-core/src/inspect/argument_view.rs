//! Which arguments of stored jobs may be displayed, and searches that look only into these.

use std::borrow::Cow;

use crate::inspect::filter::contains_text;
use crate::{Error, Filter, Inspect, JobRecord, Page, Registry, Settings};

/// How many jobs are read with one call for a search that the store must not do. Each of them has its arguments, so the
/// number bounds the memory.
const SEARCH_PAGE: usize = 500;

/// What a program may display of the arguments of stored jobs: for jobs that it knows, what their definitions allow.
///
/// It also searches for a text without revealing what is not displayed. If a store looked for the text in hidden arguments,
/// the answer, its duration or the position of the next page would tell what they contain, and a secret could be guessed
/// character by character.
#[derive(Debug, Default)]
pub struct ArgumentView {
    registry: Option<Registry>,
    shows_unknown: bool,
}

impl ArgumentView {
    /// The view of a program with these jobs; `None` if it has no jobs. The arguments of other jobs are hidden, since only
    /// the definition of a job tells which of them are secret.
    pub const fn new(registry: Option<Registry>) -> Self {
        Self { registry, shows_unknown: false }
    }

    /// With these jobs instead.
    pub fn with_registry(self, registry: Registry) -> Self {
        Self { registry: Some(registry), ..self }
    }

    /// Also displays the arguments of jobs that the program does not know.
    pub const fn show_unknown(mut self) -> Self {
        self.shows_unknown = true;
        self
    }

    /// The settings of the job with this name; `None` if the program does not know it.
    pub fn settings(&self, name: &str) -> Option<&Settings> {
        Some(self.registry.as_ref()?.get(name)?.definition.settings())
    }

    /// The arguments of a job with secrets replaced, as JSON text; `None` if they are hidden.
    pub fn arguments<'a>(&self, job: &'a JobRecord) -> Option<Cow<'a, str>> {
        match self.settings(&job.name) {
            Some(settings) => settings.of_version(job.version).visible_arguments(&job.arguments),
            None => self.shows_unknown.then(|| job.arguments.as_str().into()),
        }
    }

    /// One page of the jobs that match. A text is looked for in the ids and in what [`arguments`](Self::arguments) returns.
    ///
    /// Neither the number of calls of the store nor the next position depends on hidden arguments: unless all arguments of
    /// the jobs in question are displayed, the store does not learn the text. It then reads up to 500 jobs, and the page may
    /// have fewer jobs than its size, or none, and a next page nevertheless.
    ///
    /// Cancel safe: it changes nothing.
    ///
    /// # Errors
    /// As [`Inspect::page`].
    pub async fn page(&self, inspect: &dyn Inspect, filter: &Filter) -> Result<Page, Error> {
        let Some(text) = filter.text.as_deref().filter(|_| !self.shows_all(filter)) else {
            return inspect.page(filter).await;
        };
        let without_text = Filter { text: None, limit: SEARCH_PAGE.max(filter.page_size()), ..filter.clone() };
        let mut page = inspect.page(&without_text).await?;
        page.jobs.retain(|job| self.visibly_contains(job, text));
        if page.jobs.len() > filter.page_size() {
            page.jobs.truncate(filter.page_size());
            page.next = page.jobs.last().map(|job| inspect.cursor_at(job));
        }
        Ok(page)
    }

    fn visibly_contains(&self, job: &JobRecord, text: &str) -> bool {
        let contains = |whole: &str| contains_text(whole, text);
        contains(&job.id.to_string()) || self.arguments(job).is_some_and(|arguments| contains(&arguments))
    }

    /// Whether all arguments of the jobs that can match are displayed as they are stored.
    fn shows_all(&self, filter: &Filter) -> bool {
        match &filter.name {
            Some(name) => self.settings(name).map_or(self.shows_unknown, Settings::shows_all_arguments),
            None => self.shows_unknown && self.known().all(Settings::shows_all_arguments),
        }
    }

    fn known(&self) -> impl Iterator<Item = &Settings> {
        self.registry.iter().flat_map(Registry::iter).map(|known| known.definition.settings())
    }
}
