//! Converts YAML to JSON, for the arguments of jobs.

use serde_json::{Map, Number, Value};

use crate::document::diagnostics::Diagnostics;
use crate::document::mapping::entries;
use crate::document::node::{Kind, Node};

/// Reads the text of a scalar, for example by expanding its variables.
pub(crate) type ReadText = fn(&mut Diagnostics<'_>, &Node, &str) -> Option<String>;

/// The value as JSON; reports an error and returns `None` if JSON has no such value.
pub(crate) fn json(diagnostics: &mut Diagnostics<'_>, node: &Node, text: ReadText) -> Option<Value> {
    Some(match &node.kind {
        Kind::Empty => Value::Null,
        Kind::Bool(value) => Value::Bool(*value),
        Kind::Whole(number) => Value::Number(whole(diagnostics, node, *number)?),
        Kind::Fraction(number) => Value::Number(fraction(diagnostics, node, *number)?),
        Kind::Text(written) => Value::String(text(diagnostics, node, written)?),
        Kind::List(list) => {
            let values: Vec<_> = list.iter().map(|node| json(diagnostics, node, text)).collect();
            Value::Array(values.into_iter().collect::<Option<_>>()?)
        }
        Kind::Mapping(_) => {
            let pairs = entries(diagnostics, node)?.into_iter();
            let pairs: Vec<_> = pairs.map(|(_, name, node)| Some((name, json(diagnostics, node, text)?))).collect();
            Value::Object(pairs.into_iter().collect::<Option<Map<_, _>>>()?)
        }
    })
}

/// The number is not shown, since it may be an argument that the job redacts.
const NOT_A_NUMBER: &str = "this is not a number that an argument can have; put it in quotes";

fn whole(diagnostics: &mut Diagnostics<'_>, node: &Node, number: i128) -> Option<Number> {
    let found = i64::try_from(number).ok().map(Number::from).or_else(|| u64::try_from(number).ok().map(Number::from));
    if found.is_none() {
        diagnostics.error(node.location, NOT_A_NUMBER);
    }
    found
}

fn fraction(diagnostics: &mut Diagnostics<'_>, node: &Node, number: f64) -> Option<Number> {
    // The parser reads a whole number that is too large as a float, which would lose its last digits.
    let is_whole = !diagnostics.source_of(node).contains(['.', 'e', 'E', '%']);
    let found = Number::from_f64(number).filter(|_| !is_whole);
    if found.is_none() {
        diagnostics.error(node.location, NOT_A_NUMBER);
    }
    found
}
