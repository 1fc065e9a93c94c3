//! Values of YAML as JSON, and of JSON as YAML.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::node::Node;

/// The value as JSON text: symbols, dates and times as texts, objects as their fields, keys as texts. Of equal keys the last one
/// counts.
pub(crate) fn json_of(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Integer(digits) => out.push_str(digits),
        Node::Float(number) if number.is_finite() => out.push_str(&serde_json::Value::from(*number).to_string()),
        Node::Float(number) if number.is_nan() => text("NaN", out),
        Node::Float(number) => text(if *number > 0.0 { "Infinity" } else { "-Infinity" }, out),
        Node::Text(value) | Node::Symbol(value) | Node::Date(value) | Node::Time(value) | Node::Binary(value) => {
            text(value, out);
        }
        Node::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { "," });
                write(item, out);
            }
            out.push(']');
        }
        Node::Map(entries) => map(entries, out),
        Node::Tagged(tag, inner) => match (tag.as_str(), &**inner) {
            // Written with its precision before the number.
            ("!ruby/object:BigDecimal", Node::Text(number)) => {
                text(number.split_once(':').map_or(number.as_str(), |(_, number)| number), out);
            }
            _ => write(inner, out),
        },
    }
}

fn map(entries: &[(Node, Node)], out: &mut String) {
    let keys: Vec<String> = entries.iter().map(|(key, _)| key_of(key)).collect();
    let mut last = std::collections::HashMap::new();
    for (index, key) in keys.iter().enumerate() {
        last.insert(key.as_str(), index);
    }
    out.push('{');
    let mut is_first = true;
    for (index, (key, (_, value))) in keys.iter().zip(entries).enumerate() {
        if last.get(key.as_str()) == Some(&index) {
            out.push_str(if is_first { "" } else { "," });
            text(key, out);
            out.push(':');
            write(value, out);
            is_first = false;
        }
    }
    out.push('}');
}

fn key_of(key: &Node) -> String {
    key.as_str().map_or_else(|| json_of(key), str::to_owned)
}

fn text(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// The value of a JSON text. Integers keep all their digits.
///
/// # Errors
/// It is not JSON.
pub(crate) fn node_of(json: &str) -> Result<Node, serde_json::Error> {
    Ok(match json.as_bytes().first() {
        Some(b'{') => {
            let entries: ObjectEntries<'_> = serde_json::from_str(json)?;
            let entries = entries.0.into_iter();
            Node::Map(entries.map(|(key, raw)| Ok((Node::Text(key), node_of(raw.get())?))).collect::<Result<_, _>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(json)?;
            Node::List(items.into_iter().map(|raw| node_of(raw.get())).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Node::Text(serde_json::from_str(json)?),
        Some(b't' | b'f') => Node::Bool(serde_json::from_str(json)?),
        Some(b'n') => Node::Null,
        _ if json.contains(['.', 'e', 'E']) => Node::Float(serde_json::from_str(json)?),
        _ => Node::Integer(if json == "-0" { "0".to_owned() } else { json.to_owned() }),
    })
}

/// The entries of an object in their order.
struct ObjectEntries<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for ObjectEntries<'de> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor)
    }
}

struct ObjectVisitor;

impl<'de> serde::de::Visitor<'de> for ObjectVisitor {
    type Value = ObjectEntries<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<ObjectEntries<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(ObjectEntries(entries))
    }
}
