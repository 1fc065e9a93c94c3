//! Inserts a `mod` line into a Rust file that a user may have edited.

use syn::{File, Item, ItemMod};

/// Inserts a line such as `pub mod send_email;`, sorted among the other modules. The text stays unchanged if it declares
/// the module already. `None` if at no line of the file the insertion certainly changes nothing else.
pub(crate) fn with_module(text: &str, line: &str) -> Option<String> {
    let (before, module) = (syn::parse_file(text).ok()?, syn::parse_str::<ItemMod>(line).ok()?);
    let existing = before.items.iter().find_map(|item| match item {
        Item::Mod(item) if item.ident == module.ident => Some(item),
        _ => None,
    });
    if let Some(existing) = existing {
        return existing.content.is_none().then(|| text.to_owned());
    }
    let module = Item::Mod(module);
    let candidates = splice_points(text, line).into_iter().map(|point| splice(text, line, &point));
    candidates.into_iter().find(|after| adds_only(&before, &module, after))
}

/// Whether the module is the only difference. For example, an attribute above the inserted line would then belong to the
/// new module instead of the item below.
fn adds_only(before: &File, module: &Item, after: &str) -> bool {
    let Ok(mut after) = syn::parse_file(after) else { return false };
    let Some(index) = after.items.iter().position(|item| item == module) else { return false };
    after.items.remove(index);
    after == *before
}

/// A position where the line can be inserted.
struct SplicePoint {
    /// The index of the line that follows.
    line: usize,
    /// Whether empty lines separate it from the code around it.
    separated: bool,
}

/// The possible positions, the best one first.
fn splice_points(text: &str, line: &str) -> Vec<SplicePoint> {
    let lines: Vec<&str> = text.lines().collect();
    let modules: Vec<(usize, &str)> =
        lines.iter().enumerate().filter_map(|(index, line)| Some((index, declared_module(line)?))).collect();
    let Some((first, last)) = modules.first().zip(modules.last()) else {
        return vec![SplicePoint { line: header_length(&lines), separated: true }];
    };
    let above = modules.iter().rev().find(|(_, name)| Some(*name) < declared_module(line));
    let sorted = above.map_or(first.0, |(index, _)| index + 1);
    [sorted, last.0 + 1].map(|line| SplicePoint { line, separated: false }).into()
}

/// The number of lines at the beginning that are documentation or attributes of the file, or empty.
fn header_length(lines: &[&str]) -> usize {
    let is_header = |line: &str| line.is_empty() || line.starts_with("//!") || line.starts_with("#!");
    lines.iter().position(|line| !is_header(line)).unwrap_or(lines.len())
}

/// The module that a line declares, if the line contains nothing else.
fn declared_module(line: &str) -> Option<&str> {
    let declaration = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    declaration.trim_end().strip_prefix("mod ")?.strip_suffix(';')
}

fn splice(text: &str, line: &str, point: &SplicePoint) -> String {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<&str> = text.lines().collect();
    let index = point.line.min(lines.len());
    let code_above = index > 0 && !lines[index - 1].is_empty();
    let code_below = lines.get(index).is_some_and(|line| !line.is_empty());
    let empty_line = |needed: bool| (point.separated && needed).then_some("");
    lines.splice(index..index, empty_line(code_above).into_iter().chain([line]).chain(empty_line(code_below)));
    lines.iter().flat_map(|line| [*line, line_end]).collect()
}

#[cfg(test)]
mod tests {
    use super::with_module;

    #[test]
    fn a_line_is_sorted_among_the_other_modules() {
        let after = with_module("//! Jobs.\n\npub mod a;\npub mod c;\n\npub use a::A;\n", "pub mod b;").unwrap();
        assert_eq!(after, "//! Jobs.\n\npub mod a;\npub mod b;\npub mod c;\n\npub use a::A;\n");
        assert_eq!(with_module("pub mod b;\n", "pub mod a;").unwrap(), "pub mod a;\npub mod b;\n");
    }

    #[test]
    fn a_file_without_modules_gets_the_line_below_its_header() {
        let after = with_module("//! Shop.\n#![warn(x)]\n\nuse a::b;\n\nfn main() {}\n", "mod background;").unwrap();
        assert_eq!(after, "//! Shop.\n#![warn(x)]\n\nmod background;\n\nuse a::b;\n\nfn main() {}\n");
        assert_eq!(with_module("", "pub mod a;").unwrap(), "pub mod a;\n");
        assert_eq!(with_module("fn main() {}\r\n", "mod a;").unwrap(), "mod a;\r\n\r\nfn main() {}\r\n");
    }

    #[test]
    fn a_declared_module_is_not_declared_again() {
        for text in ["pub(crate) mod background;\n", "#[cfg(unix)]\nmod background;\n"] {
            assert_eq!(with_module(text, "mod background;").as_deref(), Some(text));
        }
    }

    #[test]
    fn no_attribute_and_no_comment_moves_to_another_item() {
        let after = with_module("#[cfg(unix)]\nmod z;\n", "mod background;").unwrap();
        assert_eq!(after, "#[cfg(unix)]\nmod z;\nmod background;\n");
        let after = with_module("#![cfg_attr(\n    x,\n    y\n)]\nfn main() {}\n", "mod background;");
        assert_eq!(after, None, "inside an attribute of several lines");
        let text = "const HELP: &str = \"\nmod a;\n\";\n";
        assert_eq!(with_module(text, "mod background;"), None, "inside a string");
        assert_eq!(with_module("mod background { }\n", "mod background;"), None);
        assert_eq!(with_module("fn main( {\n", "mod background;"), None);
    }
}
