//! Hints for misspelled words.

pub(crate) use jobs_syntax::spelling::{hint, nearest};
