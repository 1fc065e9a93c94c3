//! Fills the placeholders of templates.

/// The template with its `{{placeholders}}` replaced by their values.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn each_placeholder_is_replaced_by_its_value() {
        assert_eq!(fill("{{a}}-{{b}}-{{a}} {c}", &[("a", "1"), ("b", "2")]), "1-2-1 {c}");
    }
}
