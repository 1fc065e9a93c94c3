//! Reads `retry_on(..)`, `discard_on(..)` and `rescue_from(..)`.

use proc_macro2::TokenStream;
use syn::{Error, Expr, ExprLit, Lit, parse2};

use crate::errors::both;
use crate::model::{Attempts, Jitter, Response, Retry, Rule, Wait};
use crate::parse::matcher;
use crate::parse::options::{self, Options};
use crate::parse::split::{self, Item, Value};
use crate::parse::values::{number, path, queue_name, read_duration};
use crate::{spelling, token_text};

const RETRY: Options = Options {
    key: "retry_on",
    known: &[
        ("wait", "wait = 30s"),
        ("attempts", "attempts = 3"),
        ("jitter", "jitter = 0.15"),
        ("queue", "queue = \"slow\""),
        ("priority", "priority = 10"),
        ("exhausted", "exhausted = function"),
    ],
};

const DISCARD: Options = Options { key: "discard_on", known: &[("tell", "tell = function")] };

const RESCUE: Options = Options { key: "rescue_from", known: &[("with", "with = function")] };

pub(crate) fn retry_on(tokens: TokenStream) -> syn::Result<Rule> {
    let mut retry = Retry::default();
    let rule = read(tokens, &RETRY, |key, value| {
        match key {
            "wait" => retry.wait = Some(read_wait(value)?),
            "attempts" => retry.attempts = Some(read_attempts(value)?),
            "jitter" => retry.jitter = Some(read_jitter(value)?),
            "queue" => retry.queue = Some(queue_name(value)?),
            "priority" => retry.priority = Some(number::<i32>("priority", value)?),
            _ => retry.exhausted = Some(path("exhausted", value)?),
        }
        Ok(())
    })?;
    Ok(Rule { response: Response::Retry(Box::new(retry)), ..rule })
}

pub(crate) fn discard_on(tokens: TokenStream) -> syn::Result<Rule> {
    let mut callback = None;
    let rule = read(tokens, &DISCARD, |_, value| {
        callback = Some(path("tell", value)?);
        Ok(())
    })?;
    Ok(Rule { response: Response::Discard { callback }, ..rule })
}

pub(crate) fn rescue_from(tokens: TokenStream) -> syn::Result<Rule> {
    let mut callback = None;
    let rule = read(tokens, &RESCUE, |_, value| {
        callback = Some(path("with", value)?);
        Ok(())
    })?;
    let message = "`rescue_from` needs the function that handles the error: `rescue_from(.., with = function)`";
    let callback = callback.ok_or_else(|| Error::new_spanned(&rule.tokens, message))?;
    Ok(Rule { response: Response::Rescue { callback }, ..rule })
}

/// Reads the matcher, and the options after it by `set`. The caller sets the response.
fn read(
    tokens: TokenStream,
    options: &Options,
    set: impl FnMut(&str, TokenStream) -> syn::Result<()>,
) -> syn::Result<Rule> {
    let mut parts = split::parts(tokens.clone()).into_iter();
    let needed = format!(
        "`{}` needs an error: a type, a pattern, `Panic`, `TimedOut`, `DeserializeError` or `any`",
        options.key
    );
    let Some(first) = parts.next().filter(|first| !first.is_empty()) else {
        return Err(Error::new_spanned(tokens, needed));
    };
    if let Some(Ok(Item { key, value: Value::Equals(_) })) = split::item(first.clone()) {
        return Err(Error::new_spanned(key, format!("{needed}, before its options")));
    }
    let (matcher, ()) = both(matcher::read(first.clone()), options::read(parts.collect(), options, set))?;
    let text = token_text::of(&first);
    Ok(Rule { matcher, text, tokens: first, response: Response::Discard { callback: None } })
}

fn read_wait(value: TokenStream) -> syn::Result<Wait> {
    const GROWING: [&str; 2] = ["polynomially_longer", "exponentially_longer"];
    let word = value.to_string();
    match (word.as_str(), spelling::nearest(&word, &GROWING)) {
        ("polynomially_longer", _) => Ok(Wait::Polynomial),
        ("exponentially_longer", _) => Ok(Wait::Exponential),
        (_, Some(near)) => {
            Err(Error::new_spanned(value, format!("`{word}` is not a kind of wait; did you mean `{near}`?")))
        }
        (_, None) => read_duration("wait", value).map(Wait::Duration),
    }
}

fn read_attempts(value: TokenStream) -> syn::Result<Attempts> {
    if value.to_string() == "unlimited" {
        return Ok(Attempts::Unlimited);
    }
    let message = "`attempts` is a number such as `attempts = 5`, or `attempts = unlimited`";
    let expression: Expr = parse2(value.clone()).map_err(|_| Error::new_spanned(&value, message))?;
    let fits = match &expression {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) if number.base10_digits() == "0" => {
            let message = "0 attempts leave out even the first; `attempts = 1` means no retry, or use `discard_on`";
            return Err(Error::new_spanned(value, message));
        }
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. })
            if number.suffix().is_empty() && number.base10_parse::<u32>().is_err() =>
        {
            let message = format!("`attempts` is at most {}; write `attempts = unlimited` for no limit", u32::MAX);
            return Err(Error::new_spanned(value, message));
        }
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => {
            number.suffix().is_empty() && number.base10_parse::<u32>().is_ok()
        }
        expression => matches!(expression, Expr::Path(_)),
    };
    if fits { Ok(Attempts::AtMost(expression)) } else { Err(Error::new_spanned(value, message)) }
}

/// The part of a wait that random jitter may add, or `full`.
pub(crate) fn read_jitter(value: TokenStream) -> syn::Result<Jitter> {
    let message = "`jitter` is a fraction of the wait, from 0.0 to 1.0, such as `jitter = 0.15`, or `jitter = full`";
    if value.to_string() == "full" {
        return Ok(Jitter::Full);
    }
    let expression: Expr = parse2(value.clone()).map_err(|_| Error::new_spanned(&value, message))?;
    let fits = match &expression {
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => {
            number.base10_parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share))
        }
        expression => matches!(expression, Expr::Path(_)),
    };
    if fits { Ok(Jitter::Fraction(expression)) } else { Err(Error::new_spanned(value, message)) }
}
