//! Nothing outside tests panics on purpose.

use std::ops::Range;

use crate::docs::lines_above;
use crate::functions::functions;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

const METHODS: &[&str] = &["unwrap", "unwrap_err"];
const MACROS: &[&str] = &["panic", "todo", "unimplemented", "unreachable", "dbg"];

/// Every call that may panic and is no test.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let expected = expected(source);
    let found = source.own_code().filter(|(number, _)| !expected.iter().any(|range| range.contains(number)));
    let forbidden = forbidden();
    let found = found.flat_map(|(number, line)| {
        forbidden.iter().filter(move |word| has(line, word)).map(move |word| (number, word))
    });
    found
        .map(|(number, word)| {
            let what = format!("`{word}..` outside tests").replace("(..", "(..)").replace("()..", "()");
            Violation::new(
                source.path(),
                number,
                what,
                "hand on an error, or use `expect` with the invariant as its words",
            )
        })
        .collect()
}

/// How the calls begin.
fn forbidden() -> Vec<String> {
    let methods = METHODS.iter().map(|name| format!(".{name}()"));
    methods.chain(MACROS.iter().map(|name| format!("{name}!("))).collect()
}

/// The functions that are to panic and give a reason: `#[expect(clippy::panic, reason = "..")]`.
fn expected(source: &Source) -> Vec<Range<usize>> {
    let is_expected = |line: &&str| line.starts_with("#[expect(clippy::panic") && line.contains("reason");
    let found = functions(source).into_iter();
    let found = found.filter(|function| lines_above(source, function.line).iter().any(is_expected));
    found.map(|function| function.line..function.line + function.length).collect()
}

/// Whether the line has the word, and not as the end of a longer one.
fn has(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        word.starts_with('.') || !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn an_unwrap_and_a_panic_are_named_with_their_line() {
        let words = said(check, "src/a.rs", "fn a() {\n    b.unwrap();\n    panic!(\"c\");\n}\n");
        assert!(words.iter().any(|words| words.starts_with("src/a.rs:2: `.unwrap()` outside tests;")), "{words:?}");
        assert!(words.iter().any(|words| words.starts_with("src/a.rs:3: `panic!(..)` outside tests;")), "{words:?}");
    }

    #[test]
    fn a_panic_that_is_expected_with_a_reason_passes() {
        let text = "#[expect(clippy::panic, reason = \"it shows one\")]\nfn a() {\n    panic!()\n}\n";
        assert!(said(check, "examples/a.rs", text).is_empty());
        assert_eq!(said(check, "examples/a.rs", "fn a() {\n    panic!()\n}\n").len(), 1);
    }

    #[test]
    fn tests_comments_strings_and_like_names_pass() {
        let text = "// .unwrap()\nfn a() { b(\"panic!(\"); c.unwrap_or(d); dont_panic!(); }\n\
                    #[cfg(test)]\nmod tests {\n    fn e() { f.unwrap(); }\n}\n";
        assert!(said(check, "src/a.rs", text).is_empty());
        assert!(said(check, "tests/a.rs", "fn a() { b.unwrap(); }").is_empty());
    }
}
