//! Reads the values of keys, with an error message for each.

use std::any::type_name;
use std::str::FromStr;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, Parser};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprUnary, Lit, LitBool, LitStr, Path, Token, UnOp, parse2};

use crate::model::{DurationValue, TimeoutValue};
use crate::parse::attribute::Choice;
use crate::parse::{duration, split};

/// Parses, or gives this message at the tokens.
fn read<T: Parse>(value: TokenStream, message: impl std::fmt::Display) -> syn::Result<T> {
    parse2(value.clone()).map_err(|_| Error::new_spanned(value, message))
}

/// A list with commas, or this message at the tokens.
fn list<T: Parse>(value: TokenStream, message: &str) -> syn::Result<Vec<T>> {
    let parts = Punctuated::<T, Token![,]>::parse_terminated.parse2(value.clone());
    parts.map(|parts| parts.into_iter().collect()).map_err(|_| Error::new_spanned(value, message))
}

/// The literal, if this is one and nothing else.
fn literal(value: &TokenStream) -> Option<Lit> {
    parse2(value.clone()).ok()
}

/// The name of a queue, or a function that chooses one.
pub(crate) fn queue(value: TokenStream) -> syn::Result<Choice<LitStr>> {
    let message = "`queue` is a string such as `queue = \"mail\"`, or a path to a function of the job";
    match literal(&value) {
        Some(Lit::Str(name)) => valid_queue(name).map(Choice::Constant),
        Some(other) => Err(Error::new_spanned(other, message)),
        None => read(value, message).map(Choice::Function),
    }
}

/// The name of a queue.
pub(crate) fn queue_name(value: TokenStream) -> syn::Result<LitStr> {
    read(value, "`queue` is a string such as `queue = \"slow\"`").and_then(valid_queue)
}

/// Checks a queue name by the rule of the runtime.
fn valid_queue(name: LitStr) -> syn::Result<LitStr> {
    match jobs_syntax::queue_name::check(&name.value()) {
        Ok(()) => Ok(name),
        Err(error) => {
            let message = format!("this cannot be the name of a queue: {error}; write one such as `\"mail\"`");
            Err(Error::new_spanned(name, message))
        }
    }
}

/// A number, or an expression for one. A literal has to fit `N`.
pub(crate) fn number<N: FromStr>(key: &str, value: TokenStream) -> syn::Result<Expr> {
    let message = format!("`{key}` is a whole number such as `{key} = 10`, or a path to a constant");
    let expression: Expr = read(value.clone(), &message)?;
    let (sign, literal) = match &expression {
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => ("-", &**expr),
        other => ("", other),
    };
    let Expr::Lit(literal) = literal else { return Ok(expression) };
    let Lit::Int(number) = &literal.lit else { return Err(Error::new_spanned(value, message)) };
    let digits = format!("{sign}{}", number.base10_digits());
    if !number.suffix().is_empty() {
        return Err(Error::new_spanned(value, format!("`{key}` is a number without a unit: `{key} = {digits}`")));
    }
    match digits.parse::<N>() {
        Ok(_) => Ok(expression),
        Err(_) => Err(Error::new_spanned(value, format!("`{digits}` does not fit `{key}` (`{}`)", type_name::<N>()))),
    }
}

/// A priority, or a function that chooses one: its last segment is in lower case, as that of a constant is not.
pub(crate) fn priority(value: TokenStream) -> syn::Result<Choice<Expr>> {
    let is_function = |path: &Path| {
        let last = path.segments.last().map(|last| last.ident.unraw().to_string());
        last.is_some_and(|last| last.starts_with(|c: char| c.is_lowercase() || c == '_'))
    };
    if let Some(Lit::Str(_)) = literal(&value) {
        let message = "`priority` is a whole number such as `priority = 10`, a path to a constant, or a path to a function \
                       of the job";
        return Err(Error::new_spanned(value, message));
    }
    Ok(match number::<i32>("priority", value)? {
        Expr::Path(path) if is_function(&path.path) => Choice::Function(path.path),
        priority => Choice::Constant(priority),
    })
}

/// `true` or `false`.
pub(crate) fn flag(value: TokenStream) -> syn::Result<LitBool> {
    read(value, "`log_arguments` is `true` or `false`")
}

/// A stored name.
pub(crate) fn name(value: TokenStream) -> syn::Result<LitStr> {
    read(value, "`name` is a string such as `name = \"send_mail\"`").and_then(filled)
}

/// Stored names.
pub(crate) fn names(value: TokenStream) -> syn::Result<Vec<LitStr>> {
    list(value, "`aliases` takes strings such as `aliases(\"old_name\", \"older_name\")`")?
        .into_iter()
        .map(filled)
        .collect()
}

fn filled(text: LitStr) -> syn::Result<LitStr> {
    if text.value().trim().is_empty() {
        return Err(Error::new_spanned(text, "a job's name cannot be empty; write one such as `\"send_mail\"`"));
    }
    Ok(text)
}

/// The name of a struct.
pub(crate) fn word(value: TokenStream) -> syn::Result<Ident> {
    read(value, "`struct` is a name such as `struct = OtherName`, without quotes")
}

/// Names of arguments, also raw ones.
pub(crate) fn idents(value: TokenStream) -> syn::Result<Vec<Ident>> {
    let message = if value.to_string().contains('.') {
        "`redact` takes whole arguments, since the stored names of their fields are not known here: write \
         `redact(card)` instead of `redact(card.number)`"
    } else {
        "`redact` takes names of arguments such as `redact(card)`, without quotes"
    };
    parted(value.clone()).map_err(|_| Error::new_spanned(value, message))
}

/// Names with commas between.
pub(crate) fn parted(value: TokenStream) -> syn::Result<Vec<Ident>> {
    let parts = Punctuated::<Ident, Token![,]>::parse_terminated_with;
    let parts = (|input: syn::parse::ParseStream<'_>| parts(input, Ident::parse_any)).parse2(value);
    parts.map(|parts| parts.into_iter().collect())
}

/// A path. The message says what it is a path to, by the key that it is the value of.
pub(crate) fn path(key: &str, value: TokenStream) -> syn::Result<Path> {
    let (what, example) = match key {
        "base" => ("base", "ApplicationJob"),
        "crate" => ("crate `jobs`", "path::to::jobs"),
        _ => ("function", "path::to::function"),
    };
    let example = if key.is_empty() { example.to_owned() } else { format!("{key} = {example}") };
    read(value, format!("expected a path to a {what}, without quotes: `{example}`"))
}

/// Paths to functions.
pub(crate) fn paths(value: TokenStream) -> syn::Result<Vec<Path>> {
    split::no_comma_is_missing(&value)?;
    split::parts(value).into_iter().map(|part| path("", part)).collect()
}

/// The longest time that a job may run, or `none`.
pub(crate) fn timeout(value: TokenStream) -> syn::Result<TimeoutValue> {
    if value.to_string() == "none" {
        return Ok(TimeoutValue::Never);
    }
    let limit = read_duration("timeout", value.clone())?;
    if matches!(&limit, DurationValue::Known(limit) if limit.is_zero()) {
        let message = "a timeout of zero would stop every job; write `timeout = none` for no timeout";
        return Err(Error::new_spanned(value, message));
    }
    Ok(TimeoutValue::After(limit))
}

/// How long after it was due a job expires.
pub(crate) fn expires_in(value: TokenStream) -> syn::Result<DurationValue> {
    let time = read_duration("expires_in", value.clone())?;
    if matches!(&time, DurationValue::Known(time) if time.is_zero()) {
        let message =
            "a job that expires when it is due never runs; write how long it is worth running, as `expires_in = 2h`";
        return Err(Error::new_spanned(value, message));
    }
    Ok(time)
}

/// A duration literal, or an expression of type `Duration`.
pub(crate) fn read_duration(key: &str, value: TokenStream) -> syn::Result<DurationValue> {
    if let Some(literal) = literal(&value) {
        return duration::of_literal(key, &literal).map(DurationValue::Known);
    }
    read(value, format!("`{key}` is a duration such as `{key} = 30s`, or a path to a constant"))
        .map(DurationValue::Expression)
}
