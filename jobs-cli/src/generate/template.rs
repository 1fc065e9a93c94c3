//! Texts with gaps.

/// The template with a text for each of its `{{gaps}}`.
pub(crate) fn fill(template: &str, gaps: &[(&str, &str)]) -> String {
    gaps.iter().fold(template.to_owned(), |text, (gap, words)| text.replace(&format!("{{{{{gap}}}}}"), words))
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn each_gap_gets_its_text() {
        assert_eq!(fill("{{a}}-{{b}}-{{a}} {c}", &[("a", "1"), ("b", "2")]), "1-2-1 {c}");
    }
}
