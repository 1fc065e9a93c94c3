//! Every `pub` item says what it is, also where the compiler's lint does not look.

use crate::docs::docs_above;
use crate::source::Source;
use crate::tree::Tree;
use crate::violation::Violation;

const KINDS: &[&str] = &["fn", "struct", "enum", "trait", "type", "const", "static", "union", "macro"];

/// Every `pub` item without docs. A module says it in its own file.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.sources().iter().filter(|source| source.is_library()).flat_map(violations).collect()
}

fn violations(source: &Source) -> Vec<Violation> {
    let items = source.own_code().filter_map(|(number, line)| Some((number, item(line)?)));
    let bare = items.filter(|(number, _)| docs_above(source, *number).is_empty());
    bare.map(|(number, name)| {
        let what = format!("`{name}` has no documentation");
        Violation::new(source.path(), number, what, "say in `///` what it promises")
    })
    .collect()
}

/// The name of the item that the line declares `pub`.
fn item(line: &str) -> Option<&str> {
    let mut tokens = line.trim_start().strip_prefix("pub ")?.split(|c: char| !c.is_alphanumeric() && c != '_');
    let first = tokens.next()?;
    let is_kind = |token: &str| KINDS.contains(&token);
    // `const` and `async` may stand before `fn`, so the last word of a kind counts.
    let mut name = is_kind(first).then(|| tokens.next()).flatten();
    if matches!(first, "async" | "unsafe") || name.is_some_and(|name| is_kind(name) || name == "unsafe") {
        name = tokens.find(|token| !token.is_empty() && !is_kind(token));
    }
    name.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::said;

    #[test]
    fn the_name_is_found_behind_all_kinds() {
        for line in ["pub fn a()", "pub const fn a()", "    pub async fn a()", "pub struct a;", "pub const a: u8 = 1;"]
        {
            assert_eq!(item(line), Some("a"), "{line}");
        }
        for line in ["pub use a;", "pub mod a;", "pub(crate) fn a()", "pub a: u8,", "public();"] {
            assert_eq!(item(line), None, "{line}");
        }
    }

    #[test]
    fn an_item_without_docs_is_named_and_one_with_docs_passes() {
        let words = said(check, "src/a.rs", "pub fn a() {}\n").concat();
        assert!(words.starts_with("src/a.rs:1: `a` has no documentation"), "{words}");
        assert!(said(check, "src/a.rs", "/// It is.\n#[must_use]\npub fn a() {}\n").is_empty());
    }
}
