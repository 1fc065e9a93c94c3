//! Ruby in the file, which Rails would run.

use crate::node::Place;

/// The words about it.
pub(crate) const REFUSED: &str = "`<%` begins ERB, which is not run here: write `${NAME}` or `${NAME:-fallback}` for a \
                                  variable of the environment, and plain YAML for all else";

/// Every line with ERB outside a comment of its own, at the first `<%`.
pub(crate) fn places(text: &str) -> impl Iterator<Item = Place> {
    let lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'));
    lines.filter_map(|(number, line)| {
        let before = line.split_once("<%")?.0;
        Some(Place { line: number, column: (1_u64..).nth(before.chars().count()).unwrap_or(1) })
    })
}
