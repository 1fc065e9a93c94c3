//! Texts that are made to harm the reader: they are refused, within limits of memory and time.

use std::fmt::Write as _;

use jobs_delayed_job::PayloadObject;

use super::refused;

const HEAD: &str = "--- !ruby/struct:A\n";

#[test]
fn an_alias_bomb_is_refused() {
    let mut bomb = format!("{HEAD}a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for level in 1..40 {
        let before = level - 1;
        writeln!(bomb, "a{level}: &a{level} [{}]", vec![format!("*a{before}"); 9].join(", ")).unwrap();
    }
    assert!(refused(&bomb).contains("aliases add more than"));
    let mut merges = format!("{HEAD}a0: &a0 {{x: 1, y: {}}}\n", "z".repeat(1000));
    for level in 1..40 {
        writeln!(merges, "a{level}: &a{level}\n  <<: [*a{0}, *a{0}]\n  k{level}: *a{0}", level - 1).unwrap();
    }
    assert!(refused(&merges).contains("aliases add more than"));
}

#[test]
fn deep_nesting_is_refused_in_flow_and_block() {
    let flow = format!("{HEAD}x: {}{}\n", "[".repeat(100_000), "]".repeat(100_000));
    refused(&flow);
    let block = format!("{HEAD}x:\n{}1\n", "- ".repeat(100_000));
    refused(&block);
    let stairs: String = (0..1_000).flat_map(|depth| [" ".repeat(depth), "a:\n".to_owned()]).collect();
    refused(&format!("{HEAD}{stairs}"));
}

#[test]
fn what_json_may_nest_is_read_and_one_more_is_refused() {
    let nested = |depth: usize| format!("{HEAD}x: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    PayloadObject::read(&nested(126)).unwrap();
    assert!(refused(&nested(127)).contains("more than 127 lists and maps"));
}

#[test]
fn a_value_that_contains_itself_is_refused() {
    assert!(refused(&format!("{HEAD}x: &1\n- *1\n")).contains("contains itself"));
    assert!(refused("--- &1 !ruby/struct:A\nx: *1\n").contains("contains itself"));
    refused(&format!("{HEAD}x: *unknown\n"));
}

#[test]
fn ten_megabytes_are_read_and_more_than_sixteen_are_refused() {
    let long = format!("{HEAD}x: {}\n", "word ".repeat(2_000_000));
    assert!(PayloadObject::read(&long).unwrap().arguments().len() > 9_000_000);
    let many = format!("{HEAD}x:\n{}", "- 1\n".repeat(200_000));
    assert!(PayloadObject::read(&many).unwrap().arguments().len() > 200_000);
    assert!(refused(&format!("{HEAD}x: {}\n", "x".repeat(16 * 1024 * 1024))).contains("longer than 16 MiB"));
}

#[test]
fn anchors_inside_one_another_are_refused_before_they_fill_the_memory() {
    let open: String = (0..100).flat_map(|level| [format!("&a{level}"), " [".to_owned()]).collect();
    let text = format!("{HEAD}x: {open}{}{}\n", "word, ".repeat(200_000), "]".repeat(100));
    assert!(refused(&text).contains("too many anchors inside one another"));
}

#[test]
fn aliases_make_no_value_deeper_than_the_limit() {
    let mut stairs = format!("{HEAD}a0: &a0 1\n");
    for level in 1..100 {
        writeln!(stairs, "a{level}: &a{level} {}*a{}{}", "[".repeat(100), level - 1, " ]".repeat(100)).unwrap();
    }
    assert!(refused(&stairs).contains("more than 127 lists and maps"));
}

#[test]
fn many_keys_anchors_and_comments_are_read_in_time() {
    let of = |line: fn(usize) -> String| (0..100_000).map(line).fold(format!("{HEAD}x:\n"), |text, line| text + &line);
    for line in [
        |_| "  <<: 1\n".to_owned(),
        |number| format!("  k{number}: &a{number} v\n"),
        |number| format!("  # {number}\n  k{number}: v\n"),
        |number| format!("  ? k{number}\n  : |-\n    v\n"),
    ] {
        PayloadObject::read(&of(line)).unwrap();
    }
}
