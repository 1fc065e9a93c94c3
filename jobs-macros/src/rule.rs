//! `retry_on(..)`, `discard_on(..)` and `rescue_from(..)`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Error, Expr, Lit, LitStr, Pat, Path, Type, parse2};

use crate::attribute::Timeout;
use crate::items::{self, Value};
use crate::keys::{self, read_duration};
use crate::spelling;

/// One declaration.
pub(crate) struct Rule {
    pub(crate) what: What,
    /// The words of `what`: the key of the stored counter.
    pub(crate) words: String,
    pub(crate) tokens: TokenStream,
    pub(crate) response: Response,
    pub(crate) queue: Option<LitStr>,
    pub(crate) priority: Option<Expr>,
    pub(crate) told: Option<Path>,
}

/// Which failures.
pub(crate) enum What {
    Any,
    /// `DeserializeError`, `Panic` or `TimedOut` of the library.
    Own(Ident),
    Type(Type),
    Cause(Type),
    Pattern(Box<Pat>, Option<Box<Expr>>),
    Predicate(Path),
    /// Any of these, with their words. They share one counter.
    OneOf(Vec<(What, String)>),
}

impl What {
    /// Whether it can only be asked of the job's own error type.
    pub(crate) fn needs_the_error_type(&self) -> bool {
        match self {
            Self::Pattern(..) | Self::Predicate(_) => true,
            Self::OneOf(parts) => parts.iter().any(|(part, _)| part.needs_the_error_type()),
            _ => false,
        }
    }
}

/// What is done.
pub(crate) enum Response {
    Retry { wait: Option<Wait>, attempts: Option<Attempts>, jitter: Option<Box<Expr>> },
    Discard,
    Rescue(Path),
}

pub(crate) enum Wait {
    Known(std::time::Duration),
    Polynomial,
    Exponential,
    Expression(Box<Expr>),
}

pub(crate) enum Attempts {
    Unlimited,
    AtMost(Box<Expr>),
}

const RETRY_KEYS: &[&str] = &["wait", "attempts", "jitter", "queue", "priority", "exhausted"];

pub(crate) fn retry_on(tokens: TokenStream) -> syn::Result<Rule> {
    let (mut rule, options) = begin(tokens, "retry_on", Response::Discard)?;
    let (mut wait, mut attempts, mut jitter) = (None, None, None);
    each(options, "retry_on", RETRY_KEYS, |key, value| {
        match key.to_string().as_str() {
            "wait" => wait = Some(read_wait(value)?),
            "attempts" => attempts = Some(read_attempts(value)?),
            "jitter" => jitter = Some(Box::new(read_jitter(value)?)),
            "queue" => rule.queue = Some(read_queue(value)?),
            "priority" => rule.priority = Some(parse2(value)?),
            _ => rule.told = Some(keys::path(value)?),
        }
        Ok(())
    })?;
    rule.response = Response::Retry { wait, attempts, jitter };
    Ok(rule)
}

pub(crate) fn discard_on(tokens: TokenStream) -> syn::Result<Rule> {
    let (mut rule, options) = begin(tokens, "discard_on", Response::Discard)?;
    each(options, "discard_on", &["tell"], |_, value| {
        rule.told = Some(keys::path(value)?);
        Ok(())
    })?;
    Ok(rule)
}

pub(crate) fn rescue_from(tokens: TokenStream) -> syn::Result<Rule> {
    let place = tokens.clone();
    let (mut rule, options) = begin(tokens, "rescue_from", Response::Discard)?;
    let mut with = None;
    each(options, "rescue_from", &["with"], |_, value| {
        with = Some(keys::path(value)?);
        Ok(())
    })?;
    let with = with.ok_or_else(|| {
        Error::new_spanned(place, "`rescue_from` needs the function that takes care: `with = function`")
    })?;
    rule.response = Response::Rescue(with);
    Ok(rule)
}

/// Reads what the rule is about, and gives the options that follow.
fn begin(tokens: TokenStream, verb: &str, response: Response) -> syn::Result<(Rule, Vec<TokenStream>)> {
    let mut parts = items::split(tokens).into_iter();
    let example =
        format!("`{verb}` needs an error: a type, a pattern, `Panic`, `TimedOut`, `DeserializeError` or `any`");
    let Some(first) = parts.next().filter(|first| !first.is_empty()) else {
        return Err(Error::new(proc_macro2::Span::call_site(), example));
    };
    if matches!(items::read(first.clone()), Some(Ok(items::Item { value: Value::Equals(_), .. }))) {
        return Err(Error::new_spanned(first, format!("{example}, before its options")));
    }
    let what = what(first.clone())?;
    let words = items::words(&first);
    Ok((Rule { what, words, tokens: first, response, queue: None, priority: None, told: None }, parts.collect()))
}

/// Reads options `key = value`, all mistakes gathered.
fn each(
    options: Vec<TokenStream>,
    verb: &str,
    keys: &[&str],
    mut read: impl FnMut(&Ident, TokenStream) -> syn::Result<()>,
) -> syn::Result<()> {
    let (mut seen, mut faults) = (Vec::new(), None::<Error>);
    for option in options {
        let Some(item) = items::read(option) else { continue };
        let result = item.and_then(|item| {
            let key = known(&item.key, verb, keys, &mut seen)?;
            match item.value {
                Value::Equals(value) => read(&key, value),
                _ => Err(Error::new_spanned(&item.key, format!("`{key}` takes a value: `{key} = ..`"))),
            }
        });
        if let Err(error) = result {
            match &mut faults {
                Some(faults) => faults.combine(error),
                None => faults = Some(error),
            }
        }
    }
    faults.map_or(Ok(()), Err)
}

fn known(key: &Ident, verb: &str, keys: &[&str], seen: &mut Vec<String>) -> syn::Result<Ident> {
    let written = key.to_string();
    if !keys.contains(&written.as_str()) {
        let hint = spelling::hint(&written, keys);
        let words = format!("`{verb}` has no option `{written}`{hint} (options: {})", keys.join(", "));
        return Err(Error::new_spanned(key, words));
    }
    if seen.contains(&written) {
        return Err(Error::new_spanned(key, format!("`{written}` is given twice; keep one of them")));
    }
    seen.push(written);
    Ok(key.clone())
}

fn what(tokens: TokenStream) -> syn::Result<What> {
    let parts = alternatives(&tokens);
    if parts.len() > 1 && !parts.iter().all(is_variant) {
        let each = |part: TokenStream| Ok((single(part.clone())?, items::words(&part)));
        return parts.into_iter().map(each).collect::<syn::Result<_>>().map(What::OneOf);
    }
    single(tokens)
}

/// What stands between `|`, up to a guard. `matches` takes all that follows as one pattern.
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

fn single(tokens: TokenStream) -> syn::Result<What> {
    let mut trees = tokens.clone().into_iter();
    let first = trees.next();
    let rest: TokenStream = trees.collect();
    if let Some(TokenTree::Ident(word)) = &first {
        match (word.to_string().as_str(), rest.is_empty()) {
            ("any", true) => return Ok(What::Any),
            ("DeserializeError" | "Panic" | "TimedOut", true) => return Ok(What::Own(word.clone())),
            ("type", false) => return parse2(rest).map(What::Type),
            ("cause", false) => return parse2(rest).map(What::Cause),
            ("matches", false) => return pattern(rest),
            ("when", false) => return keys::path(rest).map(What::Predicate),
            _ => {}
        }
    }
    if is_variant(&tokens) {
        return pattern(tokens);
    }
    let words = "expected an error type, a pattern such as `PaymentError::Declined(_)`, `Panic`, `TimedOut`, \
                 `DeserializeError` or `any`";
    parse2(tokens.clone()).map(What::Type).map_err(|_| Error::new_spanned(tokens, words))
}

/// Whether this is a variant: a path whose last two segments are in camel case, perhaps with fields, a guard
/// or alternatives after it. A literal, a bare group or `_` is a pattern too.
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

fn pattern(tokens: TokenStream) -> syn::Result<What> {
    let parser = |input: syn::parse::ParseStream<'_>| {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        let guard = if input.peek(syn::Token![if]) {
            input.parse::<syn::Token![if]>()?;
            Some(Box::new(input.parse()?))
        } else {
            None
        };
        Ok(What::Pattern(Box::new(pattern), guard))
    };
    parser.parse2(tokens.clone()).map_err(|error| Error::new_spanned(tokens, format!("this is not a pattern: {error}")))
}

fn read_wait(value: TokenStream) -> syn::Result<Wait> {
    match value.to_string().as_str() {
        "polynomially_longer" => return Ok(Wait::Polynomial),
        "exponentially_longer" => return Ok(Wait::Exponential),
        word => {
            let near = spelling::nearest(word, &["polynomially_longer", "exponentially_longer"]);
            if let Some(near) = near {
                return Err(Error::new_spanned(value, format!("there is no wait `{word}`; did you mean `{near}`?")));
            }
        }
    }
    Ok(match read_duration(value, "wait")? {
        Timeout::Known(wait) => Wait::Known(wait),
        Timeout::Expression(wait) => Wait::Expression(Box::new(wait)),
    })
}

fn read_attempts(value: TokenStream) -> syn::Result<Attempts> {
    if value.to_string() == "unlimited" {
        return Ok(Attempts::Unlimited);
    }
    let words = "`attempts` is a number such as `5`, or `unlimited`";
    let expression: Expr = parse2(value.clone()).map_err(|_| Error::new_spanned(&value, words))?;
    match &expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) if number.base10_digits() == "0" => {
                let words = "0 attempts are not even the first; `attempts = 1` means no retry, or use `discard_on`";
                Err(Error::new_spanned(value, words))
            }
            Lit::Int(number) if number.suffix().is_empty() && number.base10_parse::<u32>().is_ok() => {
                Ok(Attempts::AtMost(Box::new(expression)))
            }
            _ => Err(Error::new_spanned(value, words)),
        },
        Expr::Path(_) => Ok(Attempts::AtMost(Box::new(expression))),
        _ => Err(Error::new_spanned(value, words)),
    }
}

fn read_jitter(value: TokenStream) -> syn::Result<Expr> {
    let words = "`jitter` is a share of the wait such as `0.15`, from 0.0 to 1.0";
    let expression: Expr = parse2(value.clone()).map_err(|_| Error::new_spanned(&value, words))?;
    let fits = match &expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Float(number) => number.base10_parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share)),
            _ => false,
        },
        Expr::Path(_) => true,
        _ => false,
    };
    if fits { Ok(expression) } else { Err(Error::new_spanned(value, words)) }
}

fn read_queue(value: TokenStream) -> syn::Result<LitStr> {
    let name: LitStr =
        parse2(value.clone()).map_err(|_| Error::new_spanned(value, "`queue` is a text such as `\"slow\"`"))?;
    keys::valid_queue(&name).map(|()| name)
}
