//! The counters of the plugin resque-retry, which says by class and arguments how many attempts of a job Ruby has made.

use jobs_active_job::JsonFields;
use serde_json::value::RawValue;

use super::ruby_json::{is_too_deep, number};

/// How Ruby prints a hash among the arguments: until Ruby 3.3 without spaces around the arrow.
const ARROWS: [&str; 2] = ["=>", " => "];

/// The keys, without the namespace, under one of which the attempts of a job with this class and this list of arguments are
/// counted: one, or one for each form in which Ruby prints a hash. None for arguments that Ruby cannot read.
pub(crate) fn counter_keys(class: &str, args: &RawValue) -> Vec<String> {
    if is_too_deep(args.get()) {
        return Vec::new();
    }
    let mut keys: Vec<String> = ARROWS.iter().map(|arrow| counter_key(class, &joined(args, arrow))).collect();
    keys.dedup();
    keys
}

/// How many attempts this value counts: it is -1 before the first run, and one more at the begin of each.
pub(crate) fn attempts(counter: Option<&str>) -> u32 {
    counter
        .and_then(|number| number.trim().parse::<i64>().ok())
        .map_or(0, |number| u32::try_from(number.saturating_add(1).max(0)).unwrap_or(u32::MAX))
}

fn counter_key(class: &str, joined: &str) -> String {
    let class: String = class.split_whitespace().collect();
    if joined.is_empty() {
        return format!("resque-retry:{class}");
    }
    format!("resque-retry:{class}:{}", sha1_smol::Sha1::from(joined).digest())
}

/// `args.join('-')` of Ruby.
fn joined(value: &RawValue, arrow: &str) -> String {
    let text = value.get();
    if let Some(elements) = elements(text) {
        let elements: Vec<String> = elements.iter().map(|element| joined(element, arrow)).collect();
        return elements.join("-");
    }
    match text {
        "null" => String::new(),
        _ if text.starts_with('"') => serde_json::from_str(text).unwrap_or_default(),
        _ => inspected(value, arrow),
    }
}

/// A value as Ruby's `inspect` prints it.
fn inspected(value: &RawValue, arrow: &str) -> String {
    let text = value.get();
    if let Some(elements) = elements(text) {
        let elements: Vec<String> = elements.iter().map(|element| inspected(element, arrow)).collect();
        return format!("[{}]", elements.join(", "));
    }
    if text.starts_with('{') {
        let fields: JsonFields = serde_json::from_str(text).unwrap_or_default();
        let pair = |(key, value): (&str, &str)| {
            let value = RawValue::from_string(value.to_owned()).unwrap_or_default();
            format!("{}{arrow}{}", inspected_string(key), inspected(&value, arrow))
        };
        return format!("{{{}}}", fields.iter().map(pair).collect::<Vec<_>>().join(", "));
    }
    match text {
        "null" => "nil".to_owned(),
        "true" | "false" => text.to_owned(),
        _ if text.starts_with('"') => inspected_string(&serde_json::from_str::<String>(text).unwrap_or_default()),
        _ => number(text),
    }
}

fn elements(text: &str) -> Option<Vec<Box<RawValue>>> {
    text.starts_with('[').then(|| serde_json::from_str(text).ok()).flatten()
}

fn inspected_string(text: &str) -> String {
    let mut printed = String::from('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' | '\\' => printed.extend(['\\', character]),
            '#' if matches!(characters.peek(), Some('{' | '$' | '@')) => printed.push_str("\\#"),
            '\n' => printed.push_str("\\n"),
            '\r' => printed.push_str("\\r"),
            '\t' => printed.push_str("\\t"),
            '\u{c}' => printed.push_str("\\f"),
            '\u{b}' => printed.push_str("\\v"),
            '\u{8}' => printed.push_str("\\b"),
            '\u{7}' => printed.push_str("\\a"),
            '\u{1b}' => printed.push_str("\\e"),
            _ if character.is_control() || ['\u{2028}', '\u{2029}'].contains(&character) => {
                printed.extend(format!("\\u{:04X}", u32::from(character)).chars());
            }
            _ => printed.push(character),
        }
    }
    printed.push('"');
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(args: &str) -> String {
        joined(&RawValue::from_string(args.to_owned()).unwrap(), ARROWS[0])
    }

    #[test]
    fn arguments_are_joined_as_ruby_joins_them() {
        let args = r#"[1,["a",[null,2]],{"k":"v\n","n":[1,null,2.5,{"b":true}]},null,true,"é"]"#;
        assert_eq!(of(args), r#"1-a--2-{"k"=>"v\n", "n"=>[1, nil, 2.5, {"b"=>true}]}--true-é"#);
        assert_eq!(
            of("[9007199254740993123,1.0,1e20,1e16,1e15,1e14,0.0001,0.00001,-0.0,-0,1.5E-7]"),
            "9007199254740993123-1.0-1.0e+20-1.0e+16-1.0e+15-100000000000000.0-0.0001-1.0e-05--0.0-0-1.5e-07"
        );
        assert_eq!(of(r##"[{"#{x} #a #$b":"\u007f\u0001\u001b\\\""}]"##), r#"{"\#{x} #a \#$b"=>"\u007F\u0001\e\\\""}"#);
    }

    #[test]
    fn the_key_is_the_one_that_the_gem_writes() {
        let keys = |args: &str| counter_keys("Retried", &RawValue::from_string(args.to_owned()).unwrap());
        assert_eq!(keys(r#"[1,"x"]"#), ["resque-retry:Retried:dcd001d38cbc03a246005c2195d7196bda0eeca7"]);
        assert_eq!(keys("[]"), ["resque-retry:Retried"]);
        assert_eq!(keys(r#"[""]"#), ["resque-retry:Retried"]);
        assert_eq!(keys(r#"[{"a":1}]"#).len(), 2, "one for each form of Ruby");
    }

    #[test]
    fn a_counter_is_read_as_the_number_of_attempts() {
        let counted = [None, Some("-1"), Some("0"), Some("7"), Some("seven"), Some("-9")].map(attempts);
        assert_eq!(counted, [0, 0, 1, 8, 0, 0]);
    }
}
