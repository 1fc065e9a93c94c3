//! How much is kept of the errors of a job: the first and the last of them, and texts of some kilobytes.
//!
//! A job that is retried without end fails a few thousand times in a week. Its rules count errors in [`Meta`](crate::Meta),
//! so no decision needs the errors themselves.

use std::borrow::Cow;

use crate::{ErrorRecord, floor_char_boundary};

/// How many of the first errors of a job are kept. They show how the trouble began.
pub const FIRST_ERRORS: usize = 5;

/// How many of the last errors of a job are kept, besides the first ones. With them a job has 50 errors at most, which
/// a person can read on one page.
pub const LAST_ERRORS: usize = 45;

/// The most bytes of the message of an error: 8 KiB. It is enough for an SQL statement or a page of an answer.
pub const MESSAGE_BYTES: usize = 8 * 1024;

/// The most bytes of the message of an error in a list of jobs: 1 KiB.
pub const LISTED_MESSAGE_BYTES: usize = 1024;

/// The most bytes of the class of an error. Names of generic types can be long.
pub const CLASS_BYTES: usize = 512;

/// The most causes of an error, and the most bytes of each.
pub const CAUSES: usize = 10;
/// See [`CAUSES`].
pub const CAUSE_BYTES: usize = 1024;

/// What stands at the end of a text that was cut.
const MARK: &str = "… (the rest was cut off)";

impl ErrorRecord {
    /// The error as a store keeps it: texts that are too long are cut, with a mark that says so. Of many causes the
    /// outermost ones and the innermost one are kept.
    pub fn bounded(&self) -> Cow<'_, Self> {
        let is_short = self.class.len() <= CLASS_BYTES
            && self.message.len() <= MESSAGE_BYTES
            && self.causes.len() <= CAUSES
            && self.causes.iter().all(|cause| cause.len() <= CAUSE_BYTES);
        if is_short {
            return Cow::Borrowed(self);
        }
        let mut bounded = self.clone();
        shorten(&mut bounded.class, CLASS_BYTES);
        shorten(&mut bounded.message, MESSAGE_BYTES);
        if bounded.causes.len() > CAUSES {
            let left_out = bounded.causes.len() - (CAUSES - 1);
            let note = format!("… ({left_out} causes were left out)");
            bounded.causes.splice(CAUSES - 2..CAUSES - 2 + left_out, [note]);
        }
        for cause in &mut bounded.causes {
            shorten(cause, CAUSE_BYTES);
        }
        Cow::Owned(bounded)
    }

    /// Adds this error to those of its job, by the rule that every store keeps: the error is [bounded](Self::bounded),
    /// and of many errors only the first [`FIRST_ERRORS`] and the last [`LAST_ERRORS`] stay.
    pub fn append_to(&self, errors: &mut Vec<Self>) {
        errors.push(self.bounded().into_owned());
        let too_many = errors.len().saturating_sub(FIRST_ERRORS + LAST_ERRORS);
        if too_many > 0 {
            errors.drain(FIRST_ERRORS..FIRST_ERRORS + too_many);
        }
    }
}

/// Cuts a text to this many bytes, the mark included.
pub(crate) fn shorten(text: &mut String, most: usize) {
    if text.len() <= most {
        return;
    }
    text.truncate(floor_char_boundary(text, most.saturating_sub(MARK.len())));
    text.push_str(MARK);
}
