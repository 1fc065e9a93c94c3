//! What is written of a job instead of a decision that the store refuses for good.

use crate::failure::error_limits::{CAUSES, shorten};
use crate::plain_text::{ascii, ascii_json};
use crate::{Decision, ErrorRecord};

/// The class of the error of a job whose own decision could not be stored.
pub const NOT_STORABLE_CLASS: &str = "jobs::NotStorable";

/// The most bytes of each text of a substitute. It is short, because a text may have been refused for its length.
const TEXT_BYTES: usize = 1024;

/// The decisions to write instead of one that a store refuses for good, in the order in which they are to be tried.
///
/// `reason` is the error of the store, and `meta` what it holds as the job's `meta`. First the same decision with texts that
/// every store can hold: ASCII, short, and with the reason. If this is refused too, the job fails with the reason, so that a
/// person sees it. An execution that was released or put off has not ended, and does not fail.
pub fn substitutes(decision: &Decision, reason: &str, meta: Option<String>) -> Vec<Decision> {
    let reason = plain(reason);
    let failure = failure(decision, &reason).map(|error| Decision::Fail { meta, error });
    in_plain_text(decision, &reason).into_iter().chain(failure).collect()
}

fn in_plain_text(decision: &Decision, reason: &str) -> Option<Decision> {
    let mut plain = decision.clone();
    match &mut plain {
        Decision::Retry { meta, error, .. } | Decision::Fail { meta, error } => {
            *meta = meta.as_deref().map(ascii_json);
            *error = plain_error(error, reason);
        }
        Decision::Discard { error: Some(error) } => *error = plain_error(error, reason),
        Decision::Continue { meta: Some(meta), .. } => *meta = ascii_json(meta),
        _ => return None,
    }
    Some(plain)
}

/// The error with texts that any store can hold.
fn plain_error(error: &ErrorRecord, reason: &str) -> ErrorRecord {
    let mut plain_error = error.clone();
    plain_error.class = plain(&error.class);
    plain_error.message = format!(
        "{} (the text of this error was escaped, because the store refused it as it is: {reason})",
        plain(&error.message)
    );
    plain_error.causes = error.causes.iter().take(CAUSES).map(|cause| plain(cause)).collect();
    plain_error
}

/// The error of a job whose end could not be written.
fn failure(decision: &Decision, reason: &str) -> Option<ErrorRecord> {
    let (end, error) = match decision {
        Decision::Finish { .. } => ("succeeded", None),
        Decision::Retry { error, .. } => ("is to be retried", Some(error)),
        Decision::Discard { error } => ("is to be discarded", error.as_ref()),
        Decision::Fail { error, .. } => ("failed", Some(error)),
        _ => return None,
    };
    let cause = error.map(|error| format!(" because of {}: {}", plain(&error.class), plain(&error.message)));
    let message = format!(
        "the job was performed and {end}{}, but the store refused to write this: {reason}. Remove the cause before you retry \
         the job manually; it is performed again then",
        cause.unwrap_or_default()
    );
    let mut failure = ErrorRecord::new(NOT_STORABLE_CLASS, message);
    if let Some(error) = error {
        (failure.attempt, failure.duration_ms) = (error.attempt, error.duration_ms);
        (failure.at, failure.process) = (error.at, error.process);
    }
    Some(failure)
}

fn plain(text: &str) -> String {
    let mut start = text.to_owned();
    shorten(&mut start, TEXT_BYTES);
    ascii(&start)
}
