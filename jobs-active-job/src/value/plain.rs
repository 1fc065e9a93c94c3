//! What a job in Rust reads of an argument of Ruby: plain JSON, as serde's types read it.

use super::{Hash, Value};

impl Value {
    /// The value as plain JSON: symbols, decimals, dates, times, records and classes as texts, durations as their seconds,
    /// ranges as objects with `begin`, `end` and `exclude_end`, hashes without marks. What is not known stays as it is.
    pub(crate) fn plain(&self, out: &mut String) {
        match self {
            Self::Plain(raw) | Self::Other(raw) => out.push_str(raw.get()),
            Self::Array(values) => {
                out.push('[');
                separated(out, values, |out, value| value.plain(out));
                out.push(']');
            }
            Self::Hash(hash) => hash.plain(out),
            Self::Symbol(value)
            | Self::Decimal(value)
            | Self::Date(value)
            | Self::Time(value)
            | Self::DateTime(value)
            | Self::ZonedTime { time: value, .. }
            | Self::Module(value) => text(out, value),
            Self::Duration { seconds, .. } => out.push_str(seconds.get()),
            Self::Range { begin, end, exclude_end } => {
                out.push_str("{\"begin\":");
                begin.plain(out);
                out.push_str(",\"end\":");
                end.plain(out);
                out.push_str(if *exclude_end { ",\"exclude_end\":true}" } else { ",\"exclude_end\":false}" });
            }
            Self::GlobalId(id) => text(out, &id.to_string()),
        }
    }
}

impl Hash {
    fn plain(&self, out: &mut String) {
        out.push('{');
        separated(out, &self.entries, |out, (key, value)| {
            text(out, key);
            out.push(':');
            value.plain(out);
        });
        out.push('}');
    }
}

fn separated<T>(out: &mut String, values: &[T], mut write: impl FnMut(&mut String, &T)) {
    for (index, value) in values.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        write(out, value);
    }
}

fn text(out: &mut String, text: &str) {
    out.push_str(&serde_json::Value::from(text).to_string());
}
