//! Writes the JSON of Active Job, with its keys in the order of Rails.

use jobs_core::Error;

use super::{Hash, HashKind, Value};
use crate::rails::Rails;
use crate::reserved::{
    DATE, DATE_TIME, DECIMAL, DURATION, GLOBAL_ID, INDIFFERENT, KEYWORDS, MODULE, RANGE, SERIALIZED, SYMBOL,
    SYMBOL_KEYS, TIME, ZONED_TIME,
};

pub(super) struct Writer<'a> {
    pub(super) rails: Rails,
    pub(super) out: &'a mut String,
}

impl Writer<'_> {
    pub(super) fn value(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            Value::Plain(raw) | Value::Other(raw) => self.out.push_str(raw.get()),
            Value::Array(values) => self.list(values)?,
            Value::Hash(hash) => self.hash(hash)?,
            Value::Symbol(name) => self.tagged(SYMBOL, name),
            Value::Decimal(number) if self.rails < Rails::V7_1 => self.text(number),
            Value::Decimal(number) => self.tagged(DECIMAL, number),
            Value::Date(date) => self.tagged(DATE, date),
            Value::Time(time) => self.tagged(TIME, time),
            Value::DateTime(time) => self.tagged(DATE_TIME, time),
            Value::Module(name) => self.tagged(MODULE, name),
            Value::ZonedTime { time, zone } => self.zoned(time, zone.as_deref()),
            Value::Duration { seconds, parts } => {
                self.begin(DURATION);
                self.key(",", "value");
                self.out.push_str(seconds.get());
                self.key(",", "parts");
                self.parts(parts.iter().map(|(unit, number)| (unit.as_str(), number.get())));
                self.out.push('}');
            }
            Value::Range { begin, end, exclude_end } => self.range(begin, end, *exclude_end)?,
            Value::GlobalId(id) => {
                self.key("{", GLOBAL_ID);
                self.text(&id.to_string());
                self.out.push('}');
            }
        }
        Ok(())
    }

    fn list(&mut self, values: &[Value]) -> Result<(), Error> {
        self.out.push('[');
        for (index, value) in values.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { "," });
            self.value(value)?;
        }
        self.out.push(']');
        Ok(())
    }

    fn hash(&mut self, hash: &Hash) -> Result<(), Error> {
        let mut before = "{";
        for (key, value) in &hash.entries {
            self.key(before, key);
            self.value(value)?;
            before = ",";
        }
        let (mark, keys) = match &hash.kind {
            HashKind::Keys(keys) => (SYMBOL_KEYS, Some(keys)),
            HashKind::Keywords(keys) => (KEYWORDS, Some(keys)),
            HashKind::Indifferent => (INDIFFERENT, None),
            HashKind::Unmarked => {
                self.out.push_str(if hash.entries.is_empty() { "{}" } else { "}" });
                return Ok(());
            }
        };
        self.key(before, mark);
        match keys {
            Some(keys) => self.texts(keys),
            None => self.out.push_str("true"),
        }
        self.out.push('}');
        Ok(())
    }

    fn range(&mut self, begin: &Value, end: &Value, exclude_end: bool) -> Result<(), Error> {
        if self.rails < Rails::V7_1 {
            return Err(Error::invalid(
                "Active Job before Rails 7.1 has no ranges; pass the first and the last value as two arguments",
            ));
        }
        self.begin(RANGE);
        self.key(",", "begin");
        self.value(begin)?;
        self.key(",", "end");
        self.value(end)?;
        self.key(",", "exclude_end");
        self.out.push_str(if exclude_end { "true}" } else { "false}" });
        Ok(())
    }

    fn zoned(&mut self, time: &str, zone: Option<&str>) {
        self.begin(ZONED_TIME);
        self.key(",", "value");
        self.text(time);
        if let Some(zone) = zone.filter(|_| self.rails >= Rails::V7_2) {
            self.key(",", "time_zone");
            self.text(zone);
        }
        self.out.push('}');
    }

    fn parts<'a>(&mut self, parts: impl Iterator<Item = (&'a str, &'a str)>) {
        self.out.push('[');
        for (index, (unit, number)) in parts.enumerate() {
            self.out.push_str(if index == 0 { "[" } else { ",[" });
            self.tagged(SYMBOL, unit);
            self.out.push(',');
            self.out.push_str(number);
            self.out.push(']');
        }
        self.out.push(']');
    }

    fn texts(&mut self, texts: &[String]) {
        self.out.push('[');
        for (index, text) in texts.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { "," });
            self.text(text);
        }
        self.out.push(']');
    }

    fn tagged(&mut self, serializer: &str, value: &str) {
        self.begin(serializer);
        self.key(",", "value");
        self.text(value);
        self.out.push('}');
    }

    fn begin(&mut self, serializer: &str) {
        self.key("{", SERIALIZED);
        self.text(serializer);
    }

    fn key(&mut self, before: &str, key: &str) {
        self.out.push_str(before);
        self.text(key);
        self.out.push(':');
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}
