//! Splits an attribute at its commas, so that a mistake in one item leaves the others readable.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
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
}

/// The token streams between top-level commas. Angle brackets keep their commas.
pub(crate) fn split(tokens: TokenStream) -> Vec<TokenStream> {
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
pub(crate) fn read(tokens: TokenStream) -> Option<syn::Result<Item>> {
    let whole = tokens.clone();
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
            if value.is_empty() {
                return Some(Err(Error::new_spanned(&key, format!("`{key} =` has no value"))));
            }
            return Some(Ok(Item { key, value: Value::Equals(value) }));
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Value::List(group.stream()),
        Some(other) => return Some(Err(unexpected(&key, other))),
    };
    match tokens.next() {
        None => Some(Ok(Item { key, value })),
        Some(_) => Some(Err(Error::new_spanned(whole, "there is a comma missing in here"))),
    }
}

fn unexpected(key: &Ident, token: impl ToTokens) -> Error {
    Error::new_spanned(token, format!("expected `{key} = ..`, `{key}(..)` or a comma after `{key}`"))
}

/// Tokens as a person would write them: the words of messages and the keys of stored counters.
pub(crate) fn words(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" ,", ","),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
