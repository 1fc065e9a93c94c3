//! Reads the JSON of Active Job.

use jobs_core::Error;
use jobs_core::job::reserved_key_error;
use serde_json::value::RawValue;

use super::{Hash, HashKind, Value};
use crate::GlobalId;
use crate::fields::JsonFields;
use crate::reserved::{
    DATE, DATE_TIME, DECIMAL, DURATION, GLOBAL_ID, INDIFFERENT, KEYWORDS, MODULE, PREFIX, RANGE, SERIALIZED, SYMBOL,
    SYMBOL_KEYS, TIME, ZONED_TIME,
};

/// How many lists and objects inside one another are read.
const DEEPEST: usize = 127;

/// Reads values, of Ruby or of our own stores.
#[derive(Clone, Copy)]
pub(crate) struct Reader {
    /// Whether the value is an argument that serde wrote. Reserved keys without a meaning are then refused, since they are
    /// keys of a user, and hashes without a mark get that of text keys.
    is_ours: bool,
    depth: usize,
}

impl Reader {
    pub(crate) const RUBY: Self = Self { is_ours: false, depth: 0 };
    pub(crate) const OURS: Self = Self { is_ours: true, depth: 0 };

    pub(crate) fn read(self, text: &str) -> Result<Value, Error> {
        self.raw(serde_json::from_str(text).map_err(not_json)?)
    }

    pub(crate) fn raw(self, raw: &RawValue) -> Result<Value, Error> {
        if self.depth > DEEPEST {
            return Err(Error::corrupt(format!(
                "the value has more than {DEEPEST} lists and objects inside one another"
            )));
        }
        let inner = Self { depth: self.depth + 1, ..self };
        match raw.get().as_bytes().first() {
            Some(b'[') => {
                let elements: Vec<&RawValue> = serde_json::from_str(raw.get()).map_err(not_json)?;
                elements.into_iter().map(|element| inner.raw(element)).collect::<Result<_, _>>().map(Value::Array)
            }
            Some(b'{') => inner.object(raw, &serde_json::from_str(raw.get()).map_err(not_json)?),
            _ => Ok(Value::Plain(raw.to_owned())),
        }
    }

    /// The order of the questions is that of Active Job.
    fn object(self, raw: &RawValue, fields: &JsonFields) -> Result<Value, Error> {
        if let (1, Some(id)) = (fields.0.len(), fields.get(GLOBAL_ID)) {
            return Ok(global_id(id).map_or_else(|| Value::Other(raw.to_owned()), Value::GlobalId));
        }
        if fields.get(SERIALIZED).is_some() {
            return Ok(self.serialized(fields)?.unwrap_or_else(|| Value::Other(raw.to_owned())));
        }
        self.hash(fields).map(Value::Hash)
    }

    fn hash(self, fields: &JsonFields) -> Result<Hash, Error> {
        let is_indifferent = fields.get(INDIFFERENT).is_some_and(|mark| !matches!(mark.get(), "null" | "false"));
        let (mark, kind) = if is_indifferent {
            (Some(INDIFFERENT), HashKind::Indifferent)
        } else if let Some(keys) = fields.read(SYMBOL_KEYS) {
            (Some(SYMBOL_KEYS), HashKind::Keys(keys))
        } else if let Some(keys) = fields.read(KEYWORDS) {
            (Some(KEYWORDS), HashKind::Keywords(keys))
        } else {
            (None, if self.is_ours { HashKind::Keys(Vec::new()) } else { HashKind::Unmarked })
        };
        let entries = fields.0.iter().filter(|(key, _)| mark != Some(key.as_str()));
        let entries = entries.map(|(key, value)| self.check(key).and(Ok((key.clone(), self.raw(value)?))));
        Ok(Hash { kind, entries: entries.collect::<Result<_, Error>>()? })
    }

    fn check(self, key: &str) -> Result<(), Error> {
        if self.is_ours && key.starts_with(PREFIX) { Err(reserved_key_error(key)) } else { Ok(()) }
    }

    /// What one of Rails' own serializers wrote; `None` for another serializer, or if there is a field that would be lost.
    fn serialized(self, fields: &JsonFields) -> Result<Option<Value>, Error> {
        let serializer = fields.read::<String>(SERIALIZED).unwrap_or_default();
        let text = |make: fn(String) -> Value| fields.read("value").map(make);
        Ok(match (serializer.as_str(), fields.0.len()) {
            (SYMBOL, 2) => text(Value::Symbol),
            (DECIMAL, 2) => text(Value::Decimal),
            (DATE, 2) => text(Value::Date),
            (TIME, 2) => text(Value::Time),
            (DATE_TIME, 2) => text(Value::DateTime),
            (MODULE, 2) => text(Value::Module),
            (ZONED_TIME, 2) => fields.read("value").map(|time| Value::ZonedTime { time, zone: None }),
            (ZONED_TIME, 3) => match (fields.read("value"), fields.read("time_zone")) {
                (Some(time), zone @ Some(_)) => Some(Value::ZonedTime { time, zone }),
                _ => None,
            },
            (DURATION, 3) => self.duration(fields),
            (RANGE, 4) => self.range(fields)?,
            _ => None,
        })
    }

    fn duration(self, fields: &JsonFields) -> Option<Value> {
        let parts: Vec<(Box<RawValue>, Box<RawValue>)> = fields.read("parts")?;
        let unit = |(unit, number): (Box<RawValue>, _)| match self.raw(&unit) {
            Ok(Value::Symbol(unit)) => Some((unit, number)),
            _ => None,
        };
        let parts = parts.into_iter().map(unit).collect::<Option<_>>()?;
        Some(Value::Duration { seconds: fields.get("value")?.to_owned(), parts })
    }

    fn range(self, fields: &JsonFields) -> Result<Option<Value>, Error> {
        let (Some(begin), Some(end), Some(exclude_end)) =
            (fields.get("begin"), fields.get("end"), fields.read("exclude_end"))
        else {
            return Ok(None);
        };
        let (begin, end) = (self.raw(begin)?.into(), self.raw(end)?.into());
        Ok(Some(Value::Range { begin, end, exclude_end }))
    }
}

/// The record, if its id would be written with the same letters.
fn global_id(text: &RawValue) -> Option<GlobalId> {
    let text: String = serde_json::from_str(text.get()).ok()?;
    text.parse().ok().filter(|id: &GlobalId| id.to_string() == text)
}

fn not_json(cause: serde_json::Error) -> Error {
    Error::corrupt("the value is not JSON").with_source(cause)
}
