//! The assertions of a test, what they compare with, and the text of their messages.

mod assertions;
mod job_matcher;
mod messages;

pub use job_matcher::JobMatcher;
