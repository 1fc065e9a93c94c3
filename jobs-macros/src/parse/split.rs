//! Splits an attribute at its commas, so that the other items are still read if one has a mistake.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Error;

/// One item: `key`, `key = value` or `key(list)`.
pub(crate) struct Item {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

/// What follows the key.
pub(crate) enum Value {
    Nothing,
    Equals(TokenStream),
    List(TokenStream),
    /// A token that cannot follow a key, as in `key: value`.
    Other(TokenTree),
}

/// The token streams between top-level commas. Angle brackets keep their commas.
pub(crate) fn parts(tokens: TokenStream) -> Vec<TokenStream> {
    let (mut parts, mut part, mut depth) = (Vec::new(), Vec::<TokenTree>::new(), 0_usize);
    for token in tokens {
        if let TokenTree::Punct(punct) = &token {
            match punct.as_char() {
                ',' if depth == 0 => {
                    parts.push(std::mem::take(&mut part).into_iter().collect());
                    continue;
                }
                '<' if opens_generics(part.last()) => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        part.push(token);
    }
    if !part.is_empty() {
        parts.push(part.into_iter().collect());
    }
    parts
}

/// Whether a `<` after this token begins generic arguments rather than a comparison.
fn opens_generics(before: Option<&TokenTree>) -> bool {
    match before {
        Some(TokenTree::Ident(name)) => name.to_string().starts_with(char::is_uppercase),
        Some(TokenTree::Punct(punct)) => punct.as_char() == ':',
        _ => false,
    }
}

/// Reads one item. `None` if there is nothing, as after a trailing comma.
pub(crate) fn item(tokens: TokenStream) -> Option<syn::Result<Item>> {
    let mut tokens = tokens.into_iter();
    let key = match tokens.next()? {
        TokenTree::Ident(key) => key,
        other => {
            return Some(Err(Error::new_spanned(other, "expected a key such as `queue = \"mail\"` or `retry_on(..)`")));
        }
    };
    let value = match tokens.next() {
        None => Value::Nothing,
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
            let value: TokenStream = tokens.collect();
            let whole = no_comma_is_missing(&value).map(|()| Item { key, value: Value::Equals(value) });
            return Some(whole);
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Value::List(group.stream()),
        Some(TokenTree::Ident(next)) => return Some(Err(missing_comma(&next.into()))),
        Some(other) => return Some(Ok(Item { key, value: Value::Other(other) })),
    };
    Some(tokens.next().map_or(Ok(Item { key, value }), |next| Err(missing_comma(&next))))
}

/// Words that can follow, or come before, another word within one value.
const JOINTS: &[&str] = &[
    "as", "async", "break", "cause", "const", "dyn", "else", "fn", "for", "if", "impl", "in", "let", "match",
    "matches", "move", "mut", "ref", "return", "type", "unsafe", "when",
];

/// Finds a word that begins a new item without a comma before it, as `priority` in `queue = "mail" priority = 3`.
///
/// # Errors
/// There is such a word.
pub(crate) fn no_comma_is_missing(tokens: &TokenStream) -> syn::Result<()> {
    let is_joint = |token: &TokenTree| JOINTS.contains(&token.to_string().as_str());
    let is_quote = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'');
    let mut before: [Option<TokenTree>; 2] = [None, None];
    for token in tokens.clone() {
        let [first, second] = &before;
        let of_lifetime = first.as_ref().is_some_and(is_quote);
        let ends = second.as_ref().is_some_and(|one| !matches!(one, TokenTree::Punct(_)) && !is_joint(one));
        if ends && !of_lifetime && matches!(token, TokenTree::Ident(_)) && !is_joint(&token) {
            return Err(missing_comma(&token));
        }
        let [_, second] = before;
        before = [second, Some(token)];
    }
    Ok(())
}

/// The error that a comma is missing before this token.
pub(crate) fn missing_comma(next: &TokenTree) -> Error {
    let message = match next {
        TokenTree::Ident(word) => format!("a comma is missing before `{word}`"),
        _ => "a comma is missing before this".to_owned(),
    };
    Error::new_spanned(next, message)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::no_comma_is_missing;

    #[test]
    fn a_word_after_a_complete_value_lacks_a_comma() {
        for tokens in [quote!("mail" priority = 3), quote!(io::Error wait = 30s), quote!(E::A(_) attempts = 3)] {
            assert!(no_comma_is_missing(&tokens).is_err(), "{tokens}");
        }
    }

    #[test]
    fn words_that_belong_together_lack_no_comma() {
        for tokens in [
            quote!(LIMIT as i32 + 1),
            quote!(if FAST { A } else { B }),
            quote!(E::A(code) if let Some(code) = code && *code > 3),
            quote!(cause Wrapped<&'static str>),
            quote!(type Box<dyn Error + Send>),
            quote!(E::A { code: 1, .. } | E::B),
        ] {
            assert!(no_comma_is_missing(&tokens).is_ok(), "{tokens}");
        }
    }
}
