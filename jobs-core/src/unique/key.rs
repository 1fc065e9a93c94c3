//! The key that makes two jobs the same: sixteen bytes, for arguments of any size.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{Unique, UniqueUntil};
use crate::json_text::{NonFinite, canonical, object, of_value};
use crate::{Error, State};

/// The namespace of these keys among the UUIDs that are made from names (RFC 9562, 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x9f0d_6d6c_54a0_4f6b_8a55_0c1e_57b6_21d4);

/// The key of one job, with how long it is held.
///
/// It is made from the job's name and from the values that the job is unique by, as JSON: the order of keys in maps does
/// not matter, the order of lists does, and `1` differs from `1.0`. It is displayed and stored as a UUID and the event that ends it, as `6f1b6a0e-..:done`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct UniqueKey {
    digest: Uuid,
    until: Option<UniqueUntil>,
    lasting: Option<Duration>,
}

/// A key as it was written, before it is checked.
#[derive(Deserialize)]
struct Written {
    digest: Uuid,
    until: Option<UniqueUntil>,
    lasting: Option<Duration>,
}

impl TryFrom<Written> for UniqueKey {
    type Error = &'static str;

    fn try_from(Written { digest, until, lasting }: Written) -> Result<Self, &'static str> {
        if until.is_none() && lasting.is_none() {
            return Err("a unique key that is held for ever; it has `until` or `lasting`");
        }
        Ok(Self { digest, until, lasting })
    }
}

impl UniqueKey {
    /// The key of a job of this name with these arguments (JSON text); `by` replaces the arguments if it is given.
    /// `None` if the key would be held for no time.
    ///
    /// # Errors
    /// The arguments are not JSON, or lack one of those that count.
    pub fn of(name: &str, unique: &Unique, arguments: &str, by: Option<&UniqueBy>) -> Result<Option<Self>, Error> {
        if unique.time() == Some(Duration::ZERO) {
            return Ok(None);
        }
        let (kind, words) = match by {
            Some(UniqueBy(Ok(words))) => ("value", words.clone()),
            Some(UniqueBy(Err(why))) => return Err(not_json(name, why)),
            None => ("arguments", chosen(name, unique.arguments(), arguments)?),
        };
        // The length keeps names and values apart that would give the same text.
        let text = format!("{}:{name}:{kind}:{words}", name.len());
        let digest = Uuid::new_v5(&NAMESPACE, text.as_bytes());
        Ok(Some(Self { digest, until: unique.event(), lasting: unique.time() }))
    }

    /// The part that is equal for the same jobs: 36 ASCII characters.
    pub fn name(&self) -> String {
        self.digest.hyphenated().to_string()
    }

    /// The [name](Self::name) within the text that is stored with a job.
    pub fn name_in(stored: &str) -> &str {
        stored.split_once(':').map_or(stored, |(name, _)| name)
    }

    /// The event that ends it, if there is one.
    pub const fn until(&self) -> Option<UniqueUntil> {
        self.until
    }

    /// How long after the enqueue it ends at the latest, if a limit is set.
    pub const fn lasting(&self) -> Option<Duration> {
        self.lasting
    }

    /// The key that a job has to take again when it is retried manually, from the text that is stored with the job;
    /// `None` if it then holds no key. It is held until its event, without a time limit.
    ///
    /// `was_claimed` says whether the job ever was.
    pub fn key_on_retry(stored: &str, was_claimed: bool) -> Option<Self> {
        let (digest, until) = stored.split_once(':')?;
        let until = UniqueUntil::parse(until).filter(|until| until.holds(State::Ready, was_claimed))?;
        Some(Self { digest: Uuid::try_parse(digest).ok()?, until: Some(until), lasting: None })
    }
}

impl fmt::Display for UniqueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.digest.hyphenated().fmt(f)?;
        self.until.map_or(Ok(()), |until| write!(f, ":{until}"))
    }
}

/// A value that a job is unique by, instead of its arguments. `Debug` does not show it, since it may be secret.
#[derive(Clone, PartialEq, Eq)]
pub struct UniqueBy(Result<String, String>);

impl UniqueBy {
    /// This value, compared in its JSON form.
    pub fn value(value: &impl Serialize) -> Self {
        if NonFinite::of(value).any() {
            return Self(Err("it holds a number that is infinite or NaN".to_owned()));
        }
        Self(match serde_json::to_value(value) {
            Ok(value) => Ok(of_value(&value)),
            // A `Value` does not hold an integer of more than 64 bits.
            Err(_) => serde_json::to_string(value).map_err(|error| error.to_string()).and_then(|text| canonical(&text)),
        })
    }
}

impl fmt::Debug for UniqueBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UniqueBy").finish_non_exhaustive()
    }
}

fn not_json(name: &str, why: &str) -> Error {
    Error::invalid(format!("what `{name}` is unique by cannot be written as JSON: {why}"))
}

/// The arguments that count, as one text.
fn chosen(name: &str, by: &[&str], arguments: &str) -> Result<String, Error> {
    if by.is_empty() {
        return canonical(arguments).map_err(|why| not_json(name, &why));
    }
    // Arguments that are no object lack all names.
    serde_json::from_str::<IgnoredAny>(arguments).map_err(|error| not_json(name, &error.to_string()))?;
    let there: BTreeMap<String, &RawValue> = serde_json::from_str(arguments).unwrap_or_default();
    let mut counted = BTreeMap::new();
    for argument in by {
        let value = there.get(*argument).ok_or_else(|| missing_argument(name, argument, &there))?;
        counted.insert(*argument, canonical(value.get()).map_err(|why| not_json(name, &why))?);
    }
    Ok(object(counted))
}

fn missing_argument(name: &str, argument: &str, arguments: &BTreeMap<String, &RawValue>) -> Error {
    let there: Vec<&str> = arguments.keys().map(String::as_str).collect();
    Error::invalid(format!(
        "`{name}` is unique by `{argument}`, which its arguments lack (there are: {}); without it all of these jobs \
         would be the same",
        if there.is_empty() { "none with a name".to_owned() } else { there.join(", ") }
    ))
}
