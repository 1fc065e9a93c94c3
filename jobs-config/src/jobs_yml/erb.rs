//! Finds ERB, which Rails would run, to refuse it.

use crate::document::Location;

/// The message about ERB.
pub(crate) const REFUSED: &str = "`<%` begins ERB, which is not run here: write `${NAME}` or `${NAME:-fallback}` for a \
                                  variable of the environment, and plain YAML for everything else";

/// The first `<%` of every line that is not a comment.
pub(crate) fn locations(text: &str) -> impl Iterator<Item = Location> {
    let lines = (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim_start().starts_with('#'));
    lines.filter_map(|(number, line)| {
        let before = line.split_once("<%")?.0;
        Some(Location::after(number, before))
    })
}
