//! The list of arguments: from the named fields of a job to the list of Ruby, and back.

use std::borrow::Cow;

use jobs_core::job::reserved_key_error;
use jobs_core::{Error, NewJob, Signature};

use crate::reserved::{KEYWORDS, PREFIX};
use crate::value::{Hash, HashKind, Reader};
use crate::{Rails, Value};

/// The `arguments` that Active Job reads, as JSON, of the arguments that `jobs` stores.
///
/// Fields become a list in the order of the signature, and a hash of keywords after it. A positional argument that is
/// missing is `nil` if a later one is given, and left out otherwise. Without a signature all fields are positional, in the
/// order in which they are stored; fields that a signature does not have are keywords. A list stays a list. Hashes have
/// text keys, unless their type is [`SymbolKeys`](crate::ruby::SymbolKeys) or [`Indifferent`](crate::ruby::Indifferent).
///
/// ```
/// use jobs_active_job::{Rails, to_ruby};
/// use jobs_core::Signature;
///
/// let signature = Signature::new(&["user_id", "template"]).keywords(&["message"]);
/// let stored = r#"{"user_id":7,"template":"welcome","message":"Hello"}"#;
/// let arguments = to_ruby(stored, Some(&signature), Rails::default()).unwrap();
/// assert_eq!(arguments, r#"[7,"welcome",{"message":"Hello","_aj_ruby2_keywords":["message"]}]"#);
/// ```
///
/// # Errors
/// A key begins with `_aj_`, or this release of Rails has no serializer for a value. The error
/// [is invalid](Error::is_invalid).
pub fn to_ruby(arguments: &str, signature: Option<&Signature>, rails: Rails) -> Result<String, Error> {
    Value::Array(call(arguments, signature)?).to_json(rails)
}

/// The `arguments` of a job that is enqueued: [`to_ruby`] with its signature, after the check of its keys.
///
/// # Errors
/// As [`to_ruby`]; also if a user's key is the same as one that Active Job writes, which the text alone does not tell.
pub fn arguments_of(job: &NewJob, rails: Rails) -> Result<String, Error> {
    check_keys(job)?;
    to_ruby(&job.arguments, job.signature.as_ref(), rails)
}

/// Checks that no key of a user begins with `_aj_`, in a job that is enqueued.
///
/// # Errors
/// There is such a key. The error [is invalid](Error::is_invalid) and names it and the job.
pub fn check_keys(job: &NewJob) -> Result<(), Error> {
    let Some(key) = &job.reserved_key else { return Ok(()) };
    let error = reserved_key_error(key);
    let message = format!("the arguments of `{}` cannot be stored: {error}", job.name);
    Err(error.context(message))
}

/// The values that [`to_ruby`] writes, keywords as a last [hash](HashKind::Keywords). Stores whose jobs have a form of
/// their own, such as jobs of Sidekiq without Active Job, write these.
///
/// # Errors
/// A key begins with `_aj_`; the error [is invalid](Error::is_invalid). Or the text is neither a JSON object nor a list; the
/// error [is corrupt](Error::is_corrupt).
pub fn call(arguments: &str, signature: Option<&Signature>) -> Result<Vec<Value>, Error> {
    match Reader::OURS.read(arguments)? {
        Value::Array(values) => Ok(values),
        Value::Hash(Hash { entries, .. }) => Ok(list(entries, signature)),
        _ => Err(Error::corrupt("the arguments of a job are a JSON object or a list")),
    }
}

fn list(mut fields: Vec<(String, Value)>, signature: Option<&Signature>) -> Vec<Value> {
    let Some(signature) = signature else {
        return fields.into_iter().map(|(_, value)| value).collect();
    };
    let mut values = Vec::with_capacity(fields.len());
    for (index, name) in signature.positional.iter().enumerate() {
        if let Some(field) = fields.iter().position(|(key, _)| key == name) {
            values.resize(index, Value::nil());
            values.push(fields.remove(field).1);
        }
    }
    if !fields.is_empty() {
        let names = fields.iter().map(|(key, _)| key.clone()).collect();
        values.push(Value::Hash(Hash::new(HashKind::Keywords(names), fields)));
    }
    values
}

/// The arguments of a job in Rust, as JSON text, of the `arguments` that Active Job wrote.
///
/// The result is a list that `jobs` reads by the positions of the parameters, and keywords by their names. serde reads
/// texts for symbols, decimals, dates, times, records and classes, seconds for durations, objects for hashes, and objects
/// with `begin`, `end` and `exclude_end` for ranges. What other serializers wrote stays as it is, byte for byte.
///
/// ```
/// use jobs_active_job::from_ruby;
///
/// let ruby = r#"[{"_aj_globalid":"gid://shop/User/9"},{"a":1.50,"_aj_symbol_keys":["a"]}]"#;
/// assert_eq!(from_ruby(ruby).unwrap(), r#"["gid://shop/User/9",{"a":1.50}]"#);
/// ```
///
/// # Errors
/// It is no JSON list, or nested too deep. The error [is corrupt](Error::is_corrupt).
pub fn from_ruby(arguments: &str) -> Result<Cow<'_, str>, Error> {
    let is_list = arguments.trim_start().starts_with('[');
    // The name of a key may be written with escapes.
    if is_list && !arguments.contains(PREFIX) && !arguments.contains("\\u") {
        return Ok(arguments.into());
    }
    match Value::parse(arguments)? {
        Value::Array(values) => Ok(plain_call(&values).into()),
        _ => Err(Error::corrupt("the arguments of Active Job are a JSON list")),
    }
}

/// The list as plain JSON. A last hash of keywords keeps its mark, so that it is not taken for an argument.
fn plain_call(values: &[Value]) -> String {
    let mut out = String::from("[");
    for (index, value) in values.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        value.plain(&mut out);
    }
    if let Some(Value::Hash(Hash { kind: HashKind::Keywords(keys), .. })) = values.last() {
        // The hash was written with its closing brace.
        out.pop();
        out.push_str(if out.ends_with('{') { "" } else { "," });
        let names = serde_json::Value::from(keys.as_slice()).to_string();
        out.extend(["\"", KEYWORDS, "\":", names.as_str(), "}"]);
    }
    out.push(']');
    out
}

/// A value as plain JSON.
pub(crate) fn plain(value: &Value) -> String {
    let mut out = String::new();
    value.plain(&mut out);
    out
}
