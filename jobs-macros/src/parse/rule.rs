//! `retry_on(..)`, `discard_on(..)` and `rescue_from(..)`.

use proc_macro2::TokenStream;
use syn::{Error, Expr, Lit, LitStr, Path, parse2};

use crate::parse::attribute::DurationValue;
use crate::parse::matcher::{self, Matcher};
use crate::parse::options::{self, Options};
use crate::parse::split::{self, Value};
use crate::parse::values::{number, path, queue_name, read_duration};
use crate::spelling;
use crate::token_text;

/// One declaration.
pub(crate) struct Rule {
    pub(crate) what: Matcher,
    /// The words of `what`: the key of the stored counter.
    pub(crate) words: String,
    pub(crate) tokens: TokenStream,
    pub(crate) response: Response,
    pub(crate) queue: Option<LitStr>,
    pub(crate) priority: Option<Expr>,
    pub(crate) told: Option<Path>,
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

const RETRY: Options = Options {
    verb: "retry_on",
    known: &[
        ("wait", "wait = 30s"),
        ("attempts", "attempts = 3"),
        ("jitter", "jitter = 0.15"),
        ("queue", "queue = \"slow\""),
        ("priority", "priority = 10"),
        ("exhausted", "exhausted = function"),
    ],
};

const DISCARD: Options = Options { verb: "discard_on", known: &[("tell", "tell = function")] };

const RESCUE: Options = Options { verb: "rescue_from", known: &[("with", "with = function")] };

pub(crate) fn retry_on(tokens: TokenStream) -> syn::Result<Rule> {
    let (rule, options) = begin(tokens, &RETRY);
    let (mut wait, mut attempts, mut jitter) = (None, None, None);
    let (mut queue, mut priority, mut told) = (None, None, None);
    let read = options::each(options, &RETRY, |key, value| {
        match key {
            "wait" => wait = Some(read_wait(value)?),
            "attempts" => attempts = Some(read_attempts(value)?),
            "jitter" => jitter = Some(Box::new(read_jitter(value)?)),
            "queue" => queue = Some(queue_name(value)?),
            "priority" => priority = Some(number::<i32>("priority", value)?),
            _ => told = Some(path("exhausted", value)?),
        }
        Ok(())
    });
    let (rule, ()) = options::both(rule, read)?;
    Ok(Rule { queue, priority, told, response: Response::Retry { wait, attempts, jitter }, ..rule })
}

pub(crate) fn discard_on(tokens: TokenStream) -> syn::Result<Rule> {
    let (rule, options) = begin(tokens, &DISCARD);
    let mut told = None;
    let read = options::each(options, &DISCARD, |_, value| {
        told = Some(path("tell", value)?);
        Ok(())
    });
    let (rule, ()) = options::both(rule, read)?;
    Ok(Rule { told, ..rule })
}

pub(crate) fn rescue_from(tokens: TokenStream) -> syn::Result<Rule> {
    let (rule, options) = begin(tokens, &RESCUE);
    let mut with = None;
    let read = options::each(options, &RESCUE, |_, value| {
        with = Some(path("with", value)?);
        Ok(())
    });
    let (rule, ()) = options::both(rule, read)?;
    let lacking = "`rescue_from` needs the function that takes care of it: `rescue_from(.., with = function)`";
    let with = with.ok_or_else(|| Error::new_spanned(&rule.tokens, lacking))?;
    Ok(Rule { response: Response::Rescue(with), ..rule })
}

/// Reads what the rule is about, and gives the options that follow.
fn begin(tokens: TokenStream, options: &Options) -> (syn::Result<Rule>, Vec<TokenStream>) {
    let mut parts = split::parts(tokens.clone()).into_iter();
    let verb = options.verb;
    let example =
        format!("`{verb}` needs an error: a type, a pattern, `Panic`, `TimedOut`, `DeserializeError` or `any`");
    let Some(first) = parts.next().filter(|first| !first.is_empty()) else {
        return (Err(Error::new_spanned(tokens, example)), Vec::new());
    };
    if let Some(Ok(split::Item { key, value: Value::Equals(_) })) = split::read(first.clone()) {
        return (Err(Error::new_spanned(key, format!("{example}, before its options"))), Vec::new());
    }
    let words = token_text::of(&first);
    let rule = matcher::read(first.clone()).map(|what| Rule {
        what,
        words,
        tokens: first,
        response: Response::Discard,
        queue: None,
        priority: None,
        told: None,
    });
    (rule, parts.collect())
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
    Ok(match read_duration("wait", value)? {
        DurationValue::Known(wait) => Wait::Known(wait),
        DurationValue::Expression(wait) => Wait::Expression(Box::new(wait)),
    })
}

fn read_attempts(value: TokenStream) -> syn::Result<Attempts> {
    if value.to_string() == "unlimited" {
        return Ok(Attempts::Unlimited);
    }
    let words = "`attempts` is a number such as `attempts = 5`, or `attempts = unlimited`";
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

/// The share of a wait that chance may add.
pub(crate) fn read_jitter(value: TokenStream) -> syn::Result<Expr> {
    let words = "`jitter` is a share of the wait, from 0.0 to 1.0, such as `jitter = 0.15`";
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
