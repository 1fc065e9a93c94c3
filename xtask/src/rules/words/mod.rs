//! Rules about names and sentences.

pub(super) mod glossary;
pub(super) mod name_words;
pub(super) mod prose;
pub(super) mod shared_names;
