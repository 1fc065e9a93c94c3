//! `${NAME}` and `${NAME:-fallback}` in a text.

use crate::reading::Lookup;

/// The text with its variables in place, nothing if it has some and nobody can be asked. `$${` stands for `${`.
///
/// # Errors
/// What is wrong with each of them.
pub(crate) fn expand(text: &str, lookup: Option<Lookup<'_>>) -> Result<Option<String>, Vec<String>> {
    let mut expanded = String::with_capacity(text.len());
    let (mut faults, mut is_known) = (Vec::new(), true);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        rest = after;
        if let Some(escaped) = before.strip_suffix('$') {
            expanded.extend([escaped, "${"]);
            continue;
        }
        expanded.push_str(before);
        let Some((inside, after)) = rest.split_once('}') else {
            faults.push("`${` is not closed: write `${NAME}`, or `$${` for these two letters".to_owned());
            return Err(faults);
        };
        rest = after;
        match (variable(inside), lookup) {
            (Err(fault), _) => faults.push(fault),
            (Ok(_), None) => is_known = false,
            (Ok(variable), Some(lookup)) => match variable.value(lookup) {
                Some(value) => expanded.push_str(&value),
                None => faults.push(variable.is_missing()),
            },
        }
    }
    expanded.push_str(rest);
    if faults.is_empty() { Ok(is_known.then_some(expanded)) } else { Err(faults) }
}

struct Variable<'a> {
    name: &'a str,
    fallback: Option<&'a str>,
}

impl Variable<'_> {
    /// As in a shell: with a fallback, an empty value counts as none.
    fn value(&self, lookup: Lookup<'_>) -> Option<String> {
        match self.fallback {
            None => lookup(self.name),
            Some(fallback) => lookup(self.name).filter(|value| !value.is_empty()).or_else(|| Some(fallback.to_owned())),
        }
    }

    fn is_missing(&self) -> String {
        let name = self.name;
        format!("the variable `{name}` is not set: set it, or give it a fallback as in `${{{name}:-fallback}}`")
    }
}

fn variable(inside: &str) -> Result<Variable<'_>, String> {
    let (name, fallback) = match inside.split_once(":-") {
        Some((name, fallback)) => (name, Some(fallback)),
        None => (inside, None),
    };
    if fallback.is_some_and(|fallback| fallback.contains("${")) {
        return Err(format!("the fallback of `{name}` has a variable in it; a fallback is plain text"));
    }
    let is_name = !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name {
        return Ok(Variable { name, fallback });
    }
    Err(format!("`{name}` is not the name of a variable: write `${{NAME}}` or `${{NAME:-fallback}}`"))
}
