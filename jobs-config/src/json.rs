//! Values of YAML as JSON, for arguments.

use serde_json::{Map, Number, Value};

use crate::fields::entries;
use crate::node::{Kind, Node};
use crate::reading::Reading;

/// How a text is read.
pub(crate) type Text = fn(&mut Reading<'_>, &Node, &str) -> Option<String>;

/// The value; nothing if JSON has none like it, which is said.
pub(crate) fn json(reading: &mut Reading<'_>, node: &Node, text: Text) -> Option<Value> {
    Some(match &node.kind {
        Kind::Empty => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Whole(number) => Value::Number(whole(reading, node, *number)?),
        Kind::Fraction(number) => Value::Number(fraction(reading, node, *number)?),
        Kind::Text(written) => Value::String(text(reading, node, written)?),
        Kind::List(list) => {
            let values: Vec<_> = list.iter().map(|node| json(reading, node, text)).collect();
            Value::Array(values.into_iter().collect::<Option<_>>()?)
        }
        Kind::Mapping(_) => {
            let pairs = entries(reading, node)?.into_iter();
            let pairs: Vec<_> = pairs.map(|(_, name, node)| Some((name, json(reading, node, text)?))).collect();
            Value::Object(pairs.into_iter().collect::<Option<Map<_, _>>>()?)
        }
    })
}

fn whole(reading: &mut Reading<'_>, node: &Node, number: i128) -> Option<Number> {
    let found = i64::try_from(number).ok().map(Number::from).or_else(|| u64::try_from(number).ok().map(Number::from));
    if found.is_none() {
        reading.fault(node.place, format!("`{number}` is no number that can be an argument; put it in quotes"));
    }
    found
}

fn fraction(reading: &mut Reading<'_>, node: &Node, number: f64) -> Option<Number> {
    // A whole number that is too large is read as one with a fraction, and would lose its last digits.
    let is_whole = !reading.written(node).contains(['.', 'e', 'E', '%']);
    let found = Number::from_f64(number).filter(|_| !is_whole);
    if found.is_none() {
        let words = "is no number that can be an argument; put it in quotes";
        reading.fault(node.place, format!("`{}` {words}", reading.written(node)));
    }
    found
}
