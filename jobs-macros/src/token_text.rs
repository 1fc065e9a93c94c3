//! Writes tokens as text, for messages and for the keys of stored counters.
//!
//! `TokenStream::to_string` changes its spacing between compiler releases; the key of a stored counter must not change.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// Words with a space on both sides.
const APART: &[&str] = &["as", "cause", "dyn", "if", "impl", "matches", "mut", "ref", "type", "when"];

/// Operators with a space on both sides. `<` and `>` mostly enclose types.
const SPACED: &[&str] = &["|", "||", "&&", "==", "!=", "<=", ">=", "=>", "->", "=", "+", "/"];

/// The text of the tokens, with the usual spaces.
pub(crate) fn of(tokens: &TokenStream) -> String {
    let mut text = String::new();
    let mut operator = String::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Punct(punct) => {
                operator.push(punct.as_char());
                if punct.spacing() == Spacing::Alone || operator == "," {
                    write_operator(&mut text, &std::mem::take(&mut operator));
                }
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => (" { ", " }"),
                    Delimiter::None => ("", ""),
                };
                text.push_str(open);
                text.push_str(&of(&group.stream()));
                text.push_str(close);
            }
            word => {
                text.push_str(&std::mem::take(&mut operator));
                write_word(&mut text, &word.to_string());
            }
        }
    }
    text.push_str(&operator);
    text.trim().to_owned()
}

fn write_word(text: &mut String, word: &str) {
    let after_word = text.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '"' | ')' | ']' | '}'));
    if after_word {
        text.push(' ');
    }
    text.push_str(word);
    if APART.contains(&word) {
        text.push(' ');
    }
}

fn write_operator(text: &mut String, operator: &str) {
    let spaced = SPACED.contains(&operator);
    if spaced && !text.ends_with(' ') {
        text.push(' ');
    }
    text.push_str(operator);
    if spaced || matches!(operator, "," | ":") {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::of;

    #[test]
    fn text_has_the_usual_spaces() {
        let same = |tokens, text: &str| assert_eq!(of(&tokens), text);
        same(quote!(std::io::Error), "std::io::Error");
        same(quote!(Wrapped<HashMap<String, Vec<u8>>>), "Wrapped<HashMap<String, Vec<u8>>>");
        same(quote!(E::Gateway(500..=599)), "E::Gateway(500..=599)");
        same(
            quote!(E::Gateway(code) if *code >= 400 && is_bad(code)),
            "E::Gateway(code) if *code >= 400 && is_bad(code)",
        );
        same(quote!(E::Refused { code: 1 | 2, .. }), "E::Refused { code: 1 | 2, .. }");
        same(quote!(TimedOut | Panic | io::Error), "TimedOut | Panic | io::Error");
        same(quote!(cause Box<dyn Error>), "cause Box<dyn Error>");
        same(quote!(when crate::is_bad), "when crate::is_bad");
        same(
            quote!(matches E::Io(error) if error.kind() == NotFound),
            "matches E::Io(error) if error.kind() == NotFound",
        );
    }
}
