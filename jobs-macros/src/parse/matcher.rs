//! Reads the matcher of a rule: an error type, a pattern, a predicate, or one of the library's own words.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser};
use syn::{Error, Pat, Path, Token, Type, parse2};

use crate::model::Matcher;
use crate::parse::{split, values};
use crate::token_text;

/// Reads the part of a rule before its options.
pub(crate) fn read(tokens: TokenStream) -> syn::Result<Matcher> {
    split::no_comma_is_missing(&tokens)?;
    let parts = alternatives(&tokens);
    if parts.len() > 1 && !parts.iter().all(is_variant) {
        let each = |part: TokenStream| Ok((single(part.clone())?, token_text::of(&part)));
        return parts.into_iter().map(each).collect::<syn::Result<_>>().map(Matcher::OneOf);
    }
    single(tokens)
}

/// The parts between `|`. A guard and `matches` end them: all is one pattern then.
fn alternatives(tokens: &TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens.clone() {
        match &token {
            TokenTree::Ident(word) if word == "if" || word == "matches" => return vec![tokens.clone()],
            TokenTree::Punct(punct) if punct.as_char() == '|' => parts.push(TokenStream::new()),
            _ => parts.iter_mut().rev().take(1).for_each(|part| part.extend([token.clone()])),
        }
    }
    parts
}

fn single(tokens: TokenStream) -> syn::Result<Matcher> {
    let mut trees = tokens.clone().into_iter();
    let first = trees.next();
    let rest: TokenStream = trees.collect();
    if let Some(TokenTree::Ident(word)) = &first {
        match (word.to_string().as_str(), rest.is_empty()) {
            ("any", true) => return Ok(Matcher::Any),
            ("DeserializeError" | "Panic" | "TimedOut", true) => return Ok(Matcher::Builtin(word.clone())),
            ("type", false) => return named(rest).map(Matcher::Type),
            ("cause", false) => return named(rest).map(Matcher::Cause),
            ("matches", false) => return pattern(rest),
            ("when", false) => return predicate(rest).map(Matcher::Predicate),
            ("when", true) => return Err(Error::new_spanned(word, PREDICATE)),
            _ => {}
        }
    }
    if is_variant(&tokens) {
        return pattern(tokens);
    }
    let message = "expected an error type, a pattern such as `PaymentError::Declined(_)`, `Panic`, `TimedOut`, \
                   `DeserializeError` or `any`";
    parse2(tokens.clone()).map(Matcher::Type).map_err(|_| Error::new_spanned(tokens, message))
}

fn named(tokens: TokenStream) -> syn::Result<Type> {
    parse2(tokens.clone()).map_err(|_| Error::new_spanned(tokens, "expected an error type such as `std::io::Error`"))
}

const PREDICATE: &str =
    "`when` names a function of the job's error: `when is_temporary`, with `fn is_temporary(error: &E) -> bool`";

fn predicate(tokens: TokenStream) -> syn::Result<Path> {
    values::path("", tokens.clone()).map_err(|_| Error::new_spanned(tokens, PREDICATE))
}

/// Whether this is a variant: a path with its last two segments in camel case, perhaps with fields, a guard or
/// alternatives after it. Only the compiler knows what a name is; `type` and `matches` help where this guess is wrong.
fn is_variant(tokens: &TokenStream) -> bool {
    let mut segments: Vec<String> = Vec::new();
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(segment) if segment == "if" => break,
            TokenTree::Ident(segment) => segments.push(segment.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            TokenTree::Punct(punct) if punct.as_char() == '<' => return false,
            _ => break,
        }
    }
    let camel = |segment: &String| segment.starts_with(char::is_uppercase);
    segments.len() >= 2 && segments.iter().rev().take(2).all(camel)
}

fn pattern(tokens: TokenStream) -> syn::Result<Matcher> {
    let parser = |input: ParseStream<'_>| {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(Token![if]) {
            input.parse::<Token![if]>()?;
            Some(Box::new(input.parse()?))
        } else {
            None
        };
        Ok(Matcher::Pattern(Box::new(pattern), guard))
    };
    parser.parse2(tokens.clone()).map_err(|error| {
        let message = format!("this is not a pattern such as `PaymentError::Declined(_)`: {error}");
        Error::new_spanned(tokens, message)
    })
}
