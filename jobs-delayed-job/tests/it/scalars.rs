//! Plain scalars, by Psych's rules of YAML 1.1.

use serde_json::{Value, json};

use super::{lines, members};

const PLAIN: &str = include_str!("../samples/psych-5.1/plain.jsonl");

#[test]
fn a_plain_scalar_is_what_the_genuine_psych_makes_of_it() {
    for line in lines(PLAIN) {
        let plain = line["plain"].as_str().unwrap();
        let expected: Value = serde_json::from_str(line["json"].as_str().unwrap()).unwrap();
        assert_eq!(members(&format!("x: {plain}\n"))["x"], expected, "{plain} is a {}", line["class"]);
    }
}

#[test]
fn a_symbol_is_its_name_and_a_quoted_text_keeps_its_colon() {
    assert_eq!(members("x: :card\ny: ':card'\n"), json!({"x": "card", "y": ":card"}));
    assert_eq!(members(":x: !ruby/symbol a b\n"), json!({"x": "a b"}));
}

#[test]
fn integers_of_any_size_keep_their_digits() {
    let digits = "1234567890".repeat(4);
    let handler = jobs_delayed_job::PayloadObject::read(&format!("--- !ruby/struct:A\nx: {digits}\n")).unwrap();
    assert_eq!(handler.arguments(), format!("{{\"x\":{digits}}}"));
}

#[test]
fn block_texts_and_escapes_are_read() {
    let fields = "a: |-\n  one\n   two\nb: |\n  one\nc: >\n  one\n  two\nd: \"x\\x01\\Ny\\U0001F600\"\ne: 'it''s'\n";
    let expected =
        json!({"a": "one\n two", "b": "one\n", "c": "one two\n", "d": "x\u{1}\u{85}y\u{1f600}", "e": "it's"});
    assert_eq!(members(fields), expected);
}

#[test]
fn decimals_binary_texts_and_classes_are_texts() {
    let fields = "a: !ruby/object:BigDecimal 18:0.125e2\nb: !binary |-\n  4pyT\nc: !ruby/class 'Billing::Invoice'\n";
    assert_eq!(members(fields), json!({"a": "0.125e2", "b": "4pyT", "c": "Billing::Invoice"}));
}

#[test]
fn aliases_are_expanded_and_merge_keys_merged() {
    let fields = "a: &1\n  x: 1\n  y: 2\nb: *1\nc:\n  <<: *1\n  y: 3\nd:\n  <<: [{x: 5}, *1]\ne:\n  '<<': 1\nf:\n  y: 4\n  '<<': *1\ng:\n  !!str '<<': *1\n";
    let expected = json!({
        "a": {"x": 1, "y": 2}, "b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}, "d": {"x": 5, "y": 2}, "e": {"<<": 1}, "f": {"x": 1, "y": 2}, "g": {"<<": {"x": 1, "y": 2}}
    });
    assert_eq!(members(fields), expected);
}

#[test]
fn a_line_separator_of_unicode_in_quotes_keeps_no_indentation() {
    // As Psych writes `a`, U+2028, `b` in a key that is two levels deep.
    assert_eq!(members("x:\n  y: 'a\u{2028}    b'\n"), json!({"x": {"y": "a\u{2028}b"}}));
}
