//! What stands above an item: its documentation and attributes.

use crate::source::Source;

/// The doc lines of the item on line `number`, joined. Empty if there are none.
pub(crate) fn docs_above(source: &Source, number: usize) -> String {
    let above = lines_above(source, number);
    let docs = above.into_iter().filter(|line| line.starts_with("///") || line.starts_with("#[doc"));
    docs.collect::<Vec<_>>().join("\n")
}

/// The docs and attributes of the item on line `number`, without indentation.
pub(crate) fn lines_above(source: &Source, number: usize) -> Vec<&str> {
    let code: Vec<&str> = source.code().map(|(_, line)| line.trim_end()).collect();
    let mut above = Vec::new();
    for index in (0..number.saturating_sub(1)).rev() {
        let (Some(line), Some(code)) = (source.lines().get(index), code.get(index)) else { break };
        // Attributes may take several lines; an item or a block above ends with one of these.
        if line.trim().is_empty() || code.ends_with(['{', '}', ';']) {
            break;
        }
        above.push(line.trim_start());
    }
    above.reverse();
    above
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_are_found_above_attributes_of_several_lines() {
        let text = "struct B;\n/// One.\n/// Two;\n#[a(\n    b = \"{\",\n)]\npub struct A;\n";
        assert_eq!(docs_above(&Source::new("a.rs", text), 7), "/// One.\n/// Two;");
    }

    #[test]
    fn docs_of_the_item_before_are_not_taken() {
        let text = "/// One.\nfn a() {}\nfn b() {}\n";
        assert_eq!(docs_above(&Source::new("a.rs", text), 3), "");
    }
}
