//! Where a page of jobs starts, and the ranges of ids for stores that order their jobs by id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Error, Filter, JobId, Order};

/// A position in the list of jobs: a short text that the store chooses, and that only this store reads.
///
/// A page says [where the next one starts](crate::Page::next), and [`Inspect::cursor_at`](crate::Inspect::cursor_at)
/// gives the cursor of a job. The text may be part of a URL without being escaped.
///
/// ```
/// use jobs_core::{Cursor, JobId};
///
/// let id: JobId = "0192f0c1-2b7a-7000-8000-000000000000".parse()?;
/// let cursor = Cursor::from(id);
/// assert_eq!(cursor.to_string().parse::<Cursor>()?, cursor);
/// assert_eq!(cursor.job_id()?, id);
/// # Ok::<(), jobs_core::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cursor(String);

/// The greatest length of a cursor in bytes.
const LENGTH_MAX: usize = 200;

impl Cursor {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The job at this position, for stores whose cursors are ids of jobs.
    ///
    /// # Errors
    /// It is the cursor of a store that chooses other texts.
    pub fn job_id(&self) -> Result<JobId, Error> {
        self.0.parse().map_err(|error: Error| {
            error.context(format!(
                "`{self}` is not a position in this list, whose positions are ids of jobs: begin at the first page again, \
                 and continue only with positions that pages of this store returned"
            ))
        })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.to_owned().try_into()
    }
}

impl TryFrom<String> for Cursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        // The characters that RFC 3986 calls unreserved.
        let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        if !text.is_empty() && text.len() <= LENGTH_MAX && text.bytes().all(is_safe) {
            return Ok(Self(text));
        }
        Err(Error::invalid(format!(
            "`{text}` is not a position in a list of jobs, which is 1 to {LENGTH_MAX} letters, digits and `-._~`: take the \
             position that a page returned, or begin at the first page"
        )))
    }
}

impl From<JobId> for Cursor {
    fn from(id: JobId) -> Self {
        Self(id.to_string())
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

/// The ids between the cursors of a filter, for stores that order their jobs by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct IdRange {
    /// Only ids that come after this one.
    pub after: Option<JobId>,
    /// Only ids that come before this one.
    pub before: Option<JobId>,
}

impl IdRange {
    /// The range between [`Filter::after`] and [`Filter::before`].
    ///
    /// # Errors
    /// A cursor is not the id of a job.
    pub fn of(filter: &Filter) -> Result<Self, Error> {
        let id = |cursor: &Option<Cursor>| cursor.as_ref().map(Cursor::job_id).transpose();
        Ok(Self { after: id(&filter.after)?, before: id(&filter.before)? })
    }

    /// Only ids up to and including this one, in this order: for stores that read some jobs at a time.
    pub fn up_to(mut self, order: Order, last: JobId) -> Self {
        let number = u128::from_be_bytes(*last.as_bytes());
        let id = |number: u128| JobId::from_bytes(number.to_be_bytes());
        match order {
            Order::OldestFirst => self.before = number.checked_add(1).map(id).or(self.before),
            Order::NewestFirst => self.after = number.checked_sub(1).map(id).or(self.after),
        }
        self
    }

    /// Only ids beyond this one, in this order: for stores that read a page in parts.
    pub fn beyond(mut self, order: Order, last: JobId) -> Self {
        match order {
            Order::OldestFirst => self.after = Some(last),
            Order::NewestFirst => self.before = Some(last),
        }
        self
    }

    /// Whether no id can be in it.
    pub fn is_empty(&self) -> bool {
        self.after.zip(self.before).is_some_and(|(after, before)| after >= before)
    }

    /// Whether an id is in it.
    pub fn contains(&self, id: JobId) -> bool {
        self.after.is_none_or(|after| id > after) && self.before.is_none_or(|before| id < before)
    }
}
