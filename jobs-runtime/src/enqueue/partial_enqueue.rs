//! The error of a bulk: how much of it is stored, and why it ended.

use std::fmt;

use jobs_core::{Enqueued, Error};

/// A bulk that failed. Jobs before the failure may be stored.
///
/// `?` makes an [`Error`] of it in functions that return one.
///
/// ```
/// # use jobs_runtime::Client;
/// # use jobs_core::Job;
/// # async fn example<J: Job>(client: Client, many: Vec<J>) {
/// if let Err(failed) = client.perform_all_later(many).await {
///     println!("go on after {} jobs: {failed}", failed.stored.len());
/// }
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct PartialEnqueue {
    /// The store's answers for the jobs that are stored, in their order.
    pub stored: Vec<Enqueued>,
    /// How many jobs after them were in the call that the store did not answer. They are stored all or
    /// none. If the connection died before the answer, it is not known which, and to enqueue them again may run them
    /// twice. If the store refused them, none is stored.
    pub unanswered: usize,
    pub(crate) error: Error,
}

impl PartialEnqueue {
    /// The error that ended the bulk.
    pub fn error(&self) -> &Error {
        &self.error
    }

    fn message(&self) -> String {
        match self.stored.len() {
            0 => self.error.to_string(),
            count => format!("{} (the {count} jobs before it are stored)", self.error),
        }
    }
}

/// An error before anything was stored.
impl From<Error> for PartialEnqueue {
    fn from(error: Error) -> Self {
        Self { stored: Vec::new(), unanswered: 0, error }
    }
}

/// An error of the same kind and with the same message, whose source is the `PartialEnqueue`.
impl From<PartialEnqueue> for Error {
    fn from(partial: PartialEnqueue) -> Self {
        let message = partial.message();
        let PartialEnqueue { stored, unanswered, error } = partial;
        error.wrap(message, |error| PartialEnqueue { stored, unanswered, error })
    }
}

impl fmt::Display for PartialEnqueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for PartialEnqueue {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The message is that of the error already.
        self.error.source()
    }
}
