//! Which arguments jobs of Sidekiq without Active Job have.

use jobs_active_job::{Hash, HashKind, Value, call};
use jobs_core::{Error, NewJob};

/// Refuses arguments that a job of Sidekiq without Active Job cannot have. Sidekiq itself refuses them since 7.0 (its strict
/// arguments): `perform` would get a hash in their place.
///
/// # Errors
/// There is one; the error [is invalid](Error::is_invalid).
pub(crate) fn check_plain(job: &NewJob) -> Result<(), Error> {
    // The name of a key may be written with escapes. What is not a call is stored as it is.
    if !job.arguments.contains("_aj_") && !job.arguments.contains("\\u") {
        return Ok(());
    }
    let Some(kind) = call(&job.arguments, None).ok().and_then(|values| values.iter().find_map(kind_of_ruby)) else {
        return Ok(());
    };
    Err(Error::invalid(format!(
        "an argument of the job `{}` is {kind}, and jobs of Sidekiq without Active Job have only what JSON has: pass a \
         text, a number, a list or a map, or write jobs of Active Job with `jobs=active_job`",
        job.name
    )))
}

/// What a value is in Ruby, unless it is plain JSON.
fn kind_of_ruby(value: &Value) -> Option<&'static str> {
    match value {
        Value::Plain(_) => None,
        Value::Array(values) => values.iter().find_map(kind_of_ruby),
        Value::Hash(Hash { kind, entries, .. }) => match kind {
            HashKind::Keys(keys) if !keys.is_empty() => Some("a hash with symbols as keys"),
            HashKind::Indifferent => Some("a hash with indifferent access"),
            _ => entries.iter().find_map(|(_, value)| kind_of_ruby(value)),
        },
        Value::Symbol(_) => Some("a symbol"),
        Value::Decimal(_) => Some("a decimal"),
        Value::Date(_) => Some("a date"),
        Value::Time(_) | Value::DateTime(_) | Value::ZonedTime { .. } => Some("a time of Ruby"),
        Value::Duration { .. } => Some("a duration"),
        Value::Range { .. } => Some("a range"),
        Value::Module(_) => Some("a class"),
        Value::GlobalId(_) => Some("a record"),
        _ => Some("a value of a serializer"),
    }
}
