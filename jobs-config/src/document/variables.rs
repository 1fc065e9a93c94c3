//! Expands `${NAME}` and `${NAME:-fallback}` in a text.

/// Reads a variable of the environment.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The text with its variables expanded; `None` if it has variables and there is no lookup. `$${` stands for `${`.
///
/// # Errors
/// A message for each variable that is wrong or missing.
pub(crate) fn expand(text: &str, lookup: Option<Lookup<'_>>) -> Result<Option<String>, Vec<String>> {
    let mut expanded = String::with_capacity(text.len());
    let (mut errors, mut is_known) = (Vec::new(), true);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        rest = after;
        if let Some(escaped) = before.strip_suffix('$') {
            expanded.extend([escaped, "${"]);
            continue;
        }
        expanded.push_str(before);
        let Some((inside, after)) = rest.split_once('}') else {
            errors.push("`${` is not closed: write `${NAME}`, or `$${` for a plain `${`".to_owned());
            return Err(errors);
        };
        rest = after;
        match (variable(inside), lookup) {
            (Err(error), _) => errors.push(error),
            (Ok(_), None) => is_known = false,
            (Ok(variable), Some(lookup)) => match variable.value(lookup) {
                Some(value) => expanded.push_str(&value),
                None => errors.push(variable.missing()),
            },
        }
    }
    expanded.push_str(rest);
    if errors.is_empty() { Ok(is_known.then_some(expanded)) } else { Err(errors) }
}

struct Variable<'a> {
    name: &'a str,
    fallback: Option<&'a str>,
}

impl Variable<'_> {
    /// The value; as in a shell, a fallback replaces an empty value too.
    fn value(&self, lookup: Lookup<'_>) -> Option<String> {
        match self.fallback {
            None => lookup(self.name),
            Some(fallback) => lookup(self.name).filter(|value| !value.is_empty()).or_else(|| Some(fallback.to_owned())),
        }
    }

    /// The message that the variable is missing.
    fn missing(&self) -> String {
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
