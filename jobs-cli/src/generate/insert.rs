//! Names a module in a file of Rust that somebody may have edited.

use syn::{File, Item, ItemMod};

/// The text with a line such as `pub mod send_email;` in it, sorted among its like. As it was if the module is named
/// already. `None` if there is no place where the line would surely change nothing else.
pub(crate) fn with_module(text: &str, line: &str) -> Option<String> {
    let (before, module) = (syn::parse_file(text).ok()?, syn::parse_str::<ItemMod>(line).ok()?);
    let named = before.items.iter().find_map(|item| match item {
        Item::Mod(there) if there.ident == module.ident => Some(there),
        _ => None,
    });
    if let Some(there) = named {
        return there.content.is_none().then(|| text.to_owned());
    }
    let module = Item::Mod(module);
    places(text, line).into_iter().map(|place| put(text, line, &place)).find(|after| adds_only(&before, &module, after))
}

/// Whether nothing but the module came in: no attribute and no comment of documentation has another owner.
fn adds_only(before: &File, module: &Item, after: &str) -> bool {
    let Ok(mut after) = syn::parse_file(after) else { return false };
    let Some(place) = after.items.iter().position(|item| item == module) else { return false };
    after.items.remove(place);
    after == *before
}

/// Where a line goes: before which line of the file, and whether with empty lines around it.
struct Place {
    line: usize,
    alone: bool,
}

/// Possible places, the best one first.
fn places(text: &str, line: &str) -> Vec<Place> {
    let lines: Vec<&str> = text.lines().collect();
    let modules: Vec<(usize, &str)> =
        lines.iter().enumerate().filter_map(|(at, line)| Some((at, named(line)?))).collect();
    let Some((first, last)) = modules.first().zip(modules.last()) else {
        return vec![Place { line: header(&lines), alone: true }];
    };
    let above = modules.iter().rev().find(|(_, name)| Some(*name) < named(line));
    let sorted = above.map_or(first.0, |(at, _)| at + 1);
    [sorted, last.0 + 1].map(|line| Place { line, alone: false }).into()
}

/// How many lines of documentation, attributes of the file and empty lines it begins with.
fn header(lines: &[&str]) -> usize {
    let heads = |line: &str| line.is_empty() || line.starts_with("//!") || line.starts_with("#!");
    lines.iter().position(|line| !heads(line)).unwrap_or(lines.len())
}

/// The module that a line names, if it does nothing else.
fn named(line: &str) -> Option<&str> {
    let bare = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    bare.trim_end().strip_prefix("mod ")?.strip_suffix(';')
}

fn put(text: &str, line: &str, place: &Place) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<&str> = text.lines().collect();
    let at = place.line.min(lines.len());
    let (above, below) = (at > 0 && !lines[at - 1].is_empty(), lines.get(at).is_some_and(|line| !line.is_empty()));
    let empty = |wanted: bool| (place.alone && wanted).then_some("");
    lines.splice(at..at, empty(above).into_iter().chain([line]).chain(empty(below)));
    lines.iter().flat_map(|line| [*line, end]).collect()
}

#[cfg(test)]
mod tests {
    use super::with_module;

    #[test]
    fn a_line_is_sorted_among_its_like() {
        let after = with_module("//! Jobs.\n\npub mod a;\npub mod c;\n\npub use a::A;\n", "pub mod b;").unwrap();
        assert_eq!(after, "//! Jobs.\n\npub mod a;\npub mod b;\npub mod c;\n\npub use a::A;\n");
        assert_eq!(with_module("pub mod b;\n", "pub mod a;").unwrap(), "pub mod a;\npub mod b;\n");
    }

    #[test]
    fn a_file_without_its_like_gets_it_below_its_head() {
        let after = with_module("//! Shop.\n#![warn(x)]\n\nuse a::b;\n\nfn main() {}\n", "mod background;").unwrap();
        assert_eq!(after, "//! Shop.\n#![warn(x)]\n\nmod background;\n\nuse a::b;\n\nfn main() {}\n");
        assert_eq!(with_module("", "pub mod a;").unwrap(), "pub mod a;\n");
        assert_eq!(with_module("fn main() {}\r\n", "mod a;").unwrap(), "mod a;\r\n\r\nfn main() {}\r\n");
    }

    #[test]
    fn what_is_there_stays_as_it_is() {
        for text in ["pub(crate) mod background;\n", "#[cfg(unix)]\nmod background;\n"] {
            assert_eq!(with_module(text, "mod background;").as_deref(), Some(text));
        }
    }

    #[test]
    fn no_attribute_and_no_comment_changes_its_owner() {
        let after = with_module("#[cfg(unix)]\nmod z;\n", "mod background;").unwrap();
        assert_eq!(after, "#[cfg(unix)]\nmod z;\nmod background;\n");
        let after = with_module("#![cfg_attr(\n    x,\n    y\n)]\nfn main() {}\n", "mod background;");
        assert_eq!(after, None, "within an attribute of several lines");
        let words = "const HELP: &str = \"\nmod a;\n\";\n";
        assert_eq!(with_module(words, "mod background;"), None, "within a text");
        assert_eq!(with_module("mod background { }\n", "mod background;"), None);
        assert_eq!(with_module("fn main( {\n", "mod background;"), None);
    }
}
