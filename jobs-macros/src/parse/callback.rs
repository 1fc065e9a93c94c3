//! `before_perform(..)` and its kin, and `skip(..)`: what is written in them.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Error, Path};

use crate::parse::options::{self, Options};
use crate::parse::split::{self, Value};
use crate::parse::values::{path, paths};
use crate::spelling;

/// One callback.
pub(crate) struct Callback {
    pub(crate) kind: CallbackKind,
    pub(crate) path: Path,
    pub(crate) conditions: Vec<Condition>,
}

/// When it runs.
#[derive(Clone)]
pub(crate) struct Condition {
    /// What the function has to say.
    pub(crate) wanted: bool,
    pub(crate) path: Path,
}

/// One inherited callback that is left out.
pub(crate) struct Skip {
    pub(crate) kind: CallbackKind,
    pub(crate) path: Path,
}

/// The six kinds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CallbackKind {
    BeforePerform,
    AfterPerform,
    AroundPerform,
    BeforeEnqueue,
    AfterEnqueue,
    AroundEnqueue,
}

const KINDS: [(&str, CallbackKind, Options); 6] = [
    ("before_perform", CallbackKind::BeforePerform, conditions_of("before_perform")),
    ("after_perform", CallbackKind::AfterPerform, conditions_of("after_perform")),
    ("around_perform", CallbackKind::AroundPerform, conditions_of("around_perform")),
    ("before_enqueue", CallbackKind::BeforeEnqueue, conditions_of("before_enqueue")),
    ("after_enqueue", CallbackKind::AfterEnqueue, conditions_of("after_enqueue")),
    ("around_enqueue", CallbackKind::AroundEnqueue, conditions_of("around_enqueue")),
];

const fn conditions_of(verb: &'static str) -> Options {
    Options { verb, known: &[("if", "if = function"), ("unless", "unless = function")] }
}

impl CallbackKind {
    pub(crate) fn is_around(self) -> bool {
        matches!(self, Self::AroundPerform | Self::AroundEnqueue)
    }

    pub(crate) fn is_of_enqueue(self) -> bool {
        matches!(self, Self::BeforeEnqueue | Self::AfterEnqueue | Self::AroundEnqueue)
    }
}

/// Reads functions, and the conditions that hold for all of them.
pub(crate) fn read(key: &str, tokens: TokenStream) -> syn::Result<Vec<Callback>> {
    let Some((_, kind, options)) = KINDS.iter().find(|(name, ..)| *name == key) else { return Ok(Vec::new()) };
    let (written, named): (Vec<_>, Vec<_>) = split::parts(tokens.clone()).into_iter().partition(is_option);
    let mut functions = Ok(Vec::new());
    for part in named {
        functions = options::both(functions, function(part)).map(|(functions, path)| [functions, vec![path]].concat());
    }
    let (functions, conditions) = options::both(functions, read_conditions(written, options))?;
    if functions.is_empty() {
        let words = format!("`{key}` needs a function before its conditions: `{key}(function, if = other_function)`");
        return Err(Error::new_spanned(tokens, words));
    }
    let callback = |path| Callback { kind: *kind, path, conditions: conditions.clone() };
    Ok(functions.into_iter().map(callback).collect())
}

/// Whether this is `if = ..`, however badly written, and not a path.
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

fn read_conditions(written: Vec<TokenStream>, options: &Options) -> syn::Result<Vec<Condition>> {
    let mut conditions = Vec::new();
    let bare = written.iter().find_map(lacks_equals).map_or(Ok(()), Err);
    let whole: Vec<_> = written.into_iter().filter(|part| lacks_equals(part).is_none()).collect();
    let read = options::each(whole, options, |key, value| {
        conditions.push(Condition { wanted: key == "if", path: path(key, value)? });
        Ok(())
    });
    options::both(bare, read).map(|_| conditions)
}

/// `if live` instead of `if = live`.
fn lacks_equals(part: &TokenStream) -> Option<Error> {
    let mut tokens = part.clone().into_iter();
    let (word, next) = (tokens.next()?, tokens.next()?);
    let is_equals = matches!(&next, TokenTree::Punct(punct) if punct.as_char() == '=');
    let words = format!("`{word}` is written `{word} = function`");
    (!is_equals).then(|| Error::new_spanned(next, words))
}

/// Reads `before_perform(a, b), around_enqueue(c)`.
pub(crate) fn read_skips(tokens: TokenStream) -> syn::Result<Vec<Skip>> {
    let mut skips = Ok(Vec::new());
    for item in split::parts(tokens).into_iter().filter_map(split::read) {
        let read = item.and_then(|item| skipped(&item));
        skips = options::both(skips, read).map(|(mut skips, more)| {
            skips.extend(more);
            skips
        });
    }
    skips
}

fn skipped(item: &split::Item) -> syn::Result<Vec<Skip>> {
    let written = item.key.unraw().to_string();
    let names = KINDS.map(|(name, ..)| name);
    let Some((_, kind, _)) = KINDS.iter().find(|(name, ..)| *name == written) else {
        let hint = spelling::hint(&written, &names);
        let words = format!("`{written}` is no kind of callback{hint} (kinds: {})", names.join(", "));
        return Err(Error::new_spanned(&item.key, words));
    };
    match &item.value {
        Value::List(list) if !list.is_empty() => {
            if let Some(condition) = split::parts(list.clone()).into_iter().find(is_option) {
                return Err(Error::new_spanned(condition, "`skip` takes functions only; leave the condition out"));
            }
            Ok(paths(list.clone())?.into_iter().map(|path| Skip { kind: *kind, path }).collect())
        }
        _ => {
            let words = format!("say which one is to be left out: `skip({written}(function))`");
            Err(Error::new_spanned(&item.key, words))
        }
    }
}
