//! Errors of attempts, which are stored as JSON.

use std::collections::HashMap;

use jobs_core::error_limits::{CAUSE_BYTES, CAUSES, CLASS_BYTES, FIRST_ERRORS, LAST_ERRORS, MESSAGE_BYTES};
use jobs_core::{AttemptLog, CORRUPT_CLASS, Content, ErrorRecord, JobId, JobRecord};

use super::bind::{Id, row_limit};
use super::encoding::Encoding;
use crate::connection::session::Session;
use crate::error::Result;
use crate::statements::Sql;

/// The most characters of an error as JSON, where each byte takes six characters at most. Earlier versions stored longer ones.
const JSON_MAX: usize = 6 * (MESSAGE_BYTES + CLASS_BYTES + CAUSES * CAUSE_BYTES) + 1024;

/// How much of an error is read that was cut. More than is kept of its texts.
const START_MAX: usize = 20_000;

/// An error as it is stored, within the limits that every store keeps.
pub(crate) fn error_json(error: &ErrorRecord, encoding: Encoding) -> String {
    // A record of texts and numbers always serialises. JSON escapes U+0000.
    encoding.json(&serde_json::to_string(&*error.bounded()).unwrap_or_default()).into_owned()
}

/// Reads the errors of jobs as far as a page contains them, without the logs of the attempts.
pub(crate) async fn add_errors(session: &Session, jobs: &mut [JobRecord], content: Content) -> Result<()> {
    read_errors(session, jobs, content, false).await
}

/// Reads the errors of one job with the logs of the attempts.
pub(crate) async fn add_errors_with_logs(session: &Session, job: &mut JobRecord) -> Result<()> {
    read_errors(session, std::slice::from_mut(job), Content::Whole, true).await
}

async fn read_errors(session: &Session, jobs: &mut [JobRecord], content: Content, with_logs: bool) -> Result<()> {
    let ids: Vec<Id> = jobs.iter().map(|job| Id(job.id)).collect();
    let (first, last) = if content.has_all_errors() { (FIRST_ERRORS, LAST_ERRORS) } else { (0, 1) };
    let most = i32::try_from(JSON_MAX).unwrap_or(i32::MAX);
    let rows = session.query(Sql::ErrorsOf, &[&ids, &row_limit(first), &row_limit(last), &most, &with_logs]).await?;
    let mut errors: HashMap<JobId, Vec<ErrorRecord>> = HashMap::new();
    for row in &rows {
        let Id(job) = row.try_get(0)?;
        let mut error = read(job, row.try_get(1)?);
        error.log = AttemptLog::from_json(row.try_get(2)?);
        errors.entry(job).or_default().push(error);
    }
    for job in jobs {
        job.errors = errors.remove(&job.id).unwrap_or_default();
    }
    Ok(())
}

/// A stored error; if it cannot be read, an error with the stored text.
fn read(job: JobId, json: &str) -> ErrorRecord {
    let error = serde_json::from_str(json).ok().or_else(|| read_start(json));
    let unreadable = || ErrorRecord::new(CORRUPT_CLASS, format!("an error of {job} cannot be read: {json}"));
    error.unwrap_or_else(unreadable).bounded().into_owned()
}

/// The class and the start of the texts of an error whose JSON was cut because it is too long.
fn read_start(json: &str) -> Option<ErrorRecord> {
    // The cut may be within an escape, which has up to 12 characters, and within the message or a cause.
    let ends = (0..=START_MAX).rev().take(16).filter_map(|end| json.get(..end));
    let closed = ends.flat_map(|start| ["\"", "\"]"].map(|close| format!("{start}{close},\"attempt\":0}}")));
    closed.into_iter().find_map(|json| serde_json::from_str(&json).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_of_an_error_is_read_whose_json_was_cut() {
        for (message, causes) in
            [("crab 🦀".repeat(9_000), Vec::new()), ("short".to_owned(), vec!["\n\u{1}é".repeat(9_000)])]
        {
            let mut error = ErrorRecord::new("shop::Refused", message);
            error.causes = causes;
            for cut in 30_000..30_030 {
                let json: String = serde_json::to_string(&error).unwrap().chars().take(cut).collect();
                let read = read(JobId::from_bytes([7; 16]), &json);
                assert_eq!((read.class.as_str(), read.message.get(..4)), ("shop::Refused", error.message.get(..4)));
                assert!(read.message.len() <= MESSAGE_BYTES, "it is within the limits");
            }
        }
    }
}
