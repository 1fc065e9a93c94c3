//! No `quote!` block in the macros is longer than 15 lines.

use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

const LIMIT: usize = 15;

const OPENINGS: &[&str] =
    &["quote! {", "quote!(", "quote_spanned! {", "quote_spanned!(", "parse_quote! {", "parse_quote!("];

/// Every block that is too long.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let macros = tree.sources().iter().filter(|source| source.path().starts_with("jobs-macros/src/"));
    macros.flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let code: Vec<&str> = source.code().map(|(_, line)| line).collect();
    let lengths = source.own_code().filter_map(|(number, line)| {
        let at = OPENINGS.iter().find_map(|opening| line.find(opening))?;
        Some((number, block_length(at, code.get(number - 1..)?)))
    });
    let long = lengths.filter(|(_, length)| *length > LIMIT);
    long.map(|(number, length)| {
        let what = format!("the quoted block has {length} lines, {LIMIT} is the limit");
        Violation::new(
            source.path(),
            number,
            what,
            "emit each item by a function of its own, or move code into the library",
        )
    })
    .collect()
}

/// Lines between the opening bracket and the one that closes it.
fn block_length(start: usize, lines: &[&str]) -> usize {
    let mut depth = 0_i32;
    for (index, line) in lines.iter().enumerate() {
        let line = if index == 0 { line.get(start..).unwrap_or_default() } else { line };
        for c in line.chars() {
            match c {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth -= 1,
                _ => continue,
            }
            if depth == 0 {
                return index.saturating_sub(1);
            }
        }
    }
    lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    fn quoted(lines: usize) -> String {
        format!("fn a() {{\n    quote! {{\n{}    }}\n}}\n", "        b(#c);\n".repeat(lines))
    }

    #[test]
    fn fifteen_lines_pass_and_one_more_does_not() {
        assert!(said(check, "jobs-macros/src/a.rs", &quoted(15)).is_empty());
        let words = said(check, "jobs-macros/src/a.rs", &quoted(16)).concat();
        assert!(words.starts_with("jobs-macros/src/a.rs:2: the quoted block has 16 lines"), "{words}");
    }
}
