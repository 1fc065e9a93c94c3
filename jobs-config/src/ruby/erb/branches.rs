//! Chooses the lines between `<% if .. %>`, `<% else %>` and `<% end %>`, by the environment and its variables.

use crate::document::{Diagnostics, Location, Lookup};
use crate::ruby::erb::condition::holds;

const REFUSED: &str = "this condition is not read, since Ruby is not run here: write `<% if Rails.env.production? %>`, \
                       `<% if ENV[\"NAME\"] %>`, `.present?`, `== \"text\"`, or these with `!`, `&&` and `||`";

const WITHOUT_IF: &str = "there is no `<% if .. %>` before this; remove it";

const NOT_ENDED: &str = "this condition has no end; write `<% end %>` in a line of its own";

/// The branches that are open at a line.
pub(crate) struct Branches<'a> {
    /// `None` if the lines of all branches are to be read.
    environment: Option<&'a str>,
    open: Vec<Block>,
}

struct Block {
    location: Location,
    /// Whether the lines around the block are read.
    outer: bool,
    /// Whether the lines of this branch are read, if those around are.
    is_chosen: bool,
    /// Whether this branch or one before it was chosen.
    was_chosen: bool,
}

impl<'a> Branches<'a> {
    pub(crate) const fn new(environment: Option<&'a str>) -> Self {
        Self { environment, open: Vec::new() }
    }

    /// Whether the line is read as text: it is no condition, and the conditions around it hold.
    pub(crate) fn is_read(
        &mut self,
        diagnostics: &mut Diagnostics<'_>,
        number: u64,
        line: &str,
        lookup: Lookup<'_>,
    ) -> bool {
        let Some((keyword, code)) = statement(line) else { return self.is_chosen() };
        let (indent, _) = line.split_at(line.len() - line.trim_start().len());
        let location = Location { line: number, column: 1 }.further(indent);
        let evaluated = |diagnostics: &mut Diagnostics<'_>, environment| {
            let held = holds(code, environment, lookup);
            if held.is_none() {
                diagnostics.error(location, REFUSED);
            }
            held.unwrap_or(false)
        };
        let is_chosen = match (keyword, self.environment) {
            ("if" | "elsif", Some(environment)) => evaluated(diagnostics, environment),
            ("unless", Some(environment)) => !evaluated(diagnostics, environment),
            ("if" | "elsif" | "unless" | "else" | "end", _) => true,
            _ => return self.is_chosen(),
        };
        if matches!(keyword, "if" | "unless") {
            let outer = self.is_chosen();
            self.open.push(Block { location, outer, is_chosen, was_chosen: is_chosen });
            return false;
        }
        let is_of_all = self.environment.is_none();
        let Some(block) = self.open.last_mut() else {
            diagnostics.error(location, WITHOUT_IF);
            return false;
        };
        if keyword == "end" {
            self.open.pop();
        } else {
            block.is_chosen = is_of_all || (is_chosen && !block.was_chosen);
            block.was_chosen |= block.is_chosen;
        }
        false
    }

    fn is_chosen(&self) -> bool {
        self.open.last().is_none_or(|block| block.outer && block.is_chosen)
    }

    /// The file has ended.
    pub(crate) fn end(self, diagnostics: &mut Diagnostics<'_>) {
        for block in self.open {
            diagnostics.error(block.location, NOT_ENDED);
        }
    }
}

/// The first word and the rest of Ruby that has a line of its own and writes nothing.
fn statement(line: &str) -> Option<(&str, &str)> {
    let inside = line.trim().strip_prefix("<%")?.strip_suffix("%>")?;
    if inside.contains("%>") || inside.starts_with(['=', '#']) {
        return None;
    }
    let code = inside.strip_prefix('-').unwrap_or(inside);
    let code = code.strip_suffix('-').unwrap_or(code).trim();
    Some(code.split_once(char::is_whitespace).unwrap_or((code, "")))
}
