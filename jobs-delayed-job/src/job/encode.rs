//! The row of a job that Rust enqueues: a job of Active Job, with what only we know behind it.

use jobs_active_job::{ClassNames, JsonFields, Rails, SerializedJob, arguments_of, check_keys, from_ruby};
use jobs_core::{Error, JobId, Meta, NewJob, Timestamp};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::own::RowComment;
use crate::PayloadObject;

/// What is inserted of a new job.
#[derive(Debug)]
pub(crate) struct NewColumns {
    pub(crate) priority: i32,
    pub(crate) handler: String,
    pub(crate) queue: String,
    /// When it is due: not before `now`.
    pub(crate) due: Timestamp,
    /// When the store receives it.
    pub(crate) now: Timestamp,
}

/// The columns of a job that the store receives at `now`.
///
/// # Errors
/// Active Job has no form for its arguments. The error [is invalid](Error::is_invalid).
pub(crate) fn columns_of(job: &NewJob, names: ClassNames, rails: Rails, now: Timestamp) -> Result<NewColumns, Error> {
    let due = job.due.at(now).max(now);
    let (arguments, own) = own_of(job, rails)?;
    let class = names.class_of(&job.name);
    let mut serialized = SerializedJob::new(&class, &uuid_of(job.id), &job.queue, arguments, rails)?;
    let meta = Meta::parse(job.meta.as_deref()).unwrap_or_default();
    let travels = |key: &str| meta.carried.get(key).and_then(serde_json::Value::as_str);
    if let Some(locale) = travels("locale") {
        serialized.set_locale(locale);
    }
    serialized.set_timezone(travels("timezone"));
    let priority = column_of_priority(job.priority);
    serialized.set_priority((priority != 0).then_some(priority.into()));
    serialized.set_times(now, (due > now).then_some(due), rails);
    let handler = own.join(&PayloadObject::write_active_job(&serialized)?);
    Ok(NewColumns { priority, handler, queue: job.queue.clone(), due, now })
}

/// The number in the column for a priority of ours: lower numbers run first there.
pub(crate) const fn column_of_priority(priority: i32) -> i32 {
    priority.saturating_neg()
}

/// The id as a UUID, also of a job that has an id of another system.
pub(crate) fn uuid_of(id: JobId) -> String {
    Uuid::from_bytes(*id.as_bytes()).hyphenated().to_string()
}

/// The arguments for Ruby, and what is kept beside them so that Rust reads its own text again.
fn own_of(job: &NewJob, rails: Rails) -> Result<(String, RowComment), Error> {
    let is_call = job.arguments.starts_with(['{', '[']) && serde_json::from_str::<&RawValue>(&job.arguments).is_ok();
    check_keys(job)?;
    let arguments = if is_call { arguments_of(job, rails)? } else { "[]".to_owned() };
    let names = is_call.then(|| names_of(job)).flatten();
    let is_given_back = names.as_ref().is_some_and(|names| {
        from_ruby(&arguments).ok().and_then(|list| named(&list, names)).is_some_and(|text| text == job.arguments)
    });
    let own = RowComment {
        id: Some(uuid_of(job.id)),
        names: names.filter(|_| is_given_back),
        text: (!is_given_back).then(|| job.arguments.clone()),
        priority: (job.priority == i32::MIN).then_some(job.priority),
        version: (job.version != 1).then_some(job.version),
        meta: job.meta.clone(),
        expires: job.expires_at.map(Timestamp::as_micros),
        concurrency_key: job.concurrency_key.clone(),
        batch_id: job.batch_id.clone(),
        ..RowComment::default()
    };
    Ok((arguments, own))
}

/// The names of the arguments in the order in which they are stored.
fn names_of(job: &NewJob) -> Option<Vec<String>> {
    let fields: JsonFields = serde_json::from_str(&job.arguments).ok()?;
    Some(fields.iter().map(|(name, _)| name.to_owned()).collect())
}

/// The object of these names and of the values in a list.
pub(super) fn named(list: &str, names: &[String]) -> Option<String> {
    let values: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    if values.len() != names.len() {
        return None;
    }
    let mut text = String::from("{");
    for (name, value) in names.iter().zip(values) {
        text.push_str(if text.len() > 1 { "," } else { "" });
        text.push_str(&serde_json::Value::from(name.as_str()).to_string());
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    Some(text)
}
