//! Rules about the code of one file.

pub(super) mod cancel_safety;
pub(super) mod expectations;
pub(super) mod file_length;
pub(super) mod function_length;
pub(super) mod invariants;
pub(super) mod lints;
pub(super) mod panics;
pub(super) mod pub_docs;
pub(super) mod quote_length;
pub(super) mod sleeps;
pub(super) mod statements;
