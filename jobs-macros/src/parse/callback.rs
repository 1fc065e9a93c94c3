//! Reads `before_perform(..)` and the other callbacks, and `skip(..)`.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Error, Path};

use crate::errors::{all, both};
use crate::model::{Callback, CallbackKind, Condition, Skip};
use crate::parse::options::{self, Options};
use crate::parse::split::{self, Item, Value};
use crate::parse::values::{path, paths};
use crate::spelling;

/// Reads functions, and the conditions that apply to all of them.
pub(crate) fn read(kind: CallbackKind, tokens: TokenStream) -> syn::Result<Vec<Callback>> {
    let key = kind.key();
    let (written, named): (Vec<_>, Vec<_>) = split::parts(tokens.clone()).into_iter().partition(is_option);
    let (functions, conditions) = both(all(named.into_iter().map(function)), read_conditions(key, written))?;
    if functions.is_empty() {
        let message = format!("`{key}` needs a function before its conditions: `{key}(function, if = other_function)`");
        return Err(Error::new_spanned(tokens, message));
    }
    let callback = |path| Callback { kind, path, conditions: conditions.clone() };
    Ok(functions.into_iter().map(callback).collect())
}

/// Whether this is an option such as `if = ..`, correct or not, and not a path.
fn is_option(part: &TokenStream) -> bool {
    let mut tokens = part.clone().into_iter();
    let first = tokens.next().map(|token| token.to_string());
    let is_condition = matches!(first.as_deref(), Some("if" | "unless"));
    is_condition || matches!(tokens.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

fn function(part: TokenStream) -> syn::Result<Path> {
    split::no_comma_is_missing(&part)?;
    if let Some(word) = part.clone().into_iter().skip(1).find(|token| token.to_string() == "if") {
        return Err(split::missing_comma(&word));
    }
    path("", part)
}

fn read_conditions(key: &'static str, written: Vec<TokenStream>) -> syn::Result<Vec<Condition>> {
    let options = Options { key, known: &[("if", "if = function"), ("unless", "unless = function")] };
    let mut conditions = Vec::new();
    let bare = written.iter().find_map(lacks_equals).map_or(Ok(()), Err);
    let whole: Vec<_> = written.into_iter().filter(|part| lacks_equals(part).is_none()).collect();
    let read = options::read(whole, &options, |key, value| {
        conditions.push(Condition { wanted: key == "if", path: path(key, value)? });
        Ok(())
    });
    both(bare, read).map(|_| conditions)
}

/// `if live` instead of `if = live`.
fn lacks_equals(part: &TokenStream) -> Option<Error> {
    let mut tokens = part.clone().into_iter();
    let (word, next) = (tokens.next()?, tokens.next()?);
    let is_equals = matches!(&next, TokenTree::Punct(punct) if punct.as_char() == '=');
    let message = format!("`{word}` is written `{word} = function`");
    (!is_equals).then(|| Error::new_spanned(next, message))
}

/// Reads `before_perform(a, b), around_enqueue(c)`.
pub(crate) fn read_skips(tokens: TokenStream) -> syn::Result<Vec<Skip>> {
    let items = split::parts(tokens).into_iter().filter_map(split::item);
    all(items.map(|item| item.and_then(|item| skipped(&item)))).map(|skips| skips.into_iter().flatten().collect())
}

fn skipped(item: &Item) -> syn::Result<Vec<Skip>> {
    let written = item.key.unraw().to_string();
    let Some(kind) = CallbackKind::ALL.into_iter().find(|kind| kind.key() == written) else {
        let names = CallbackKind::ALL.map(CallbackKind::key);
        let hint = spelling::hint(&written, &names);
        let message = format!("`{written}` is not a kind of callback{hint} (kinds: {})", names.join(", "));
        return Err(Error::new_spanned(&item.key, message));
    };
    match &item.value {
        Value::List(list) if !list.is_empty() => {
            if let Some(condition) = split::parts(list.clone()).into_iter().find(is_option) {
                return Err(Error::new_spanned(condition, "`skip` takes functions only; leave the condition out"));
            }
            Ok(paths(list.clone())?.into_iter().map(|path| Skip { kind, path }).collect())
        }
        _ => {
            let message = format!("name the callback that is left out: `skip({written}(function))`");
            Err(Error::new_spanned(&item.key, message))
        }
    }
}
