//! `unique(by = .., until = .., for = ..)`: what is written in it.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Error, Path, parse2};

use crate::parse::attribute::DurationValue;
use crate::parse::options::{self, Options};
use crate::parse::split;
use crate::parse::values::{self, read_duration};
use crate::spelling;

/// Which jobs are the same, and for how long the first keeps others out.
pub(crate) struct Unique {
    pub(crate) by: By,
    pub(crate) until: Option<UniqueUntil>,
    pub(crate) lasting: Option<DurationValue>,
}

/// What makes jobs the same.
pub(crate) enum By {
    /// These arguments; none stands for all.
    Arguments(Vec<Ident>),
    /// What a function of the job gives.
    Function(Path),
}

/// The event that lets others in.
#[derive(Clone, Copy)]
pub(crate) enum UniqueUntil {
    Start,
    Done,
}

const OPTIONS: Options =
    Options { verb: "unique", known: &[("by", "by = argument"), ("until", "until = done"), ("for", "for = 1h")] };

/// Reads the options.
pub(crate) fn read(tokens: TokenStream) -> syn::Result<Unique> {
    let mut unique = Unique { by: By::Arguments(Vec::new()), until: None, lasting: None };
    let mut names_an_end = false;
    let whole = options::each(split::parts(tokens.clone()), &OPTIONS, |key, value| {
        names_an_end |= key != "by";
        match key {
            "by" => unique.by = by(&value)?,
            "until" => unique.until = Some(until(value)?),
            _ => unique.lasting = Some(lasting(value)?),
        }
        Ok(())
    });
    whole?;
    if names_an_end {
        return Ok(unique);
    }
    let words = "say for how long the first job keeps others out: `until = done`, `until = start` or `for = 1h`";
    Err(Error::new_spanned(tokens, words))
}

/// An argument, several between parentheses, or the path of a function. A name alone is an argument.
fn by(value: &TokenStream) -> syn::Result<By> {
    let words = "`by` is an argument such as `by = order_id`, several as in `by = (a, b)`, or a path to a function of \
                 the job such as `by = self::key`";
    let wrong = || Error::new_spanned(value, words);
    if let Some(list) = parenthesized(value) {
        let names = values::parted(list).map_err(|_| wrong())?;
        return if names.is_empty() { Err(wrong()) } else { Ok(By::Arguments(names)) };
    }
    match parse2::<Path>(value.clone()) {
        Ok(path) => Ok(path.get_ident().cloned().map_or(By::Function(path), |name| By::Arguments(vec![name]))),
        // `by = type`, say: a word that the language keeps.
        Err(_) => values::parted(value.clone()).map(By::Arguments).map_err(|_| wrong()),
    }
}

fn parenthesized(value: &TokenStream) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
        _ => None,
    }
}

fn until(value: TokenStream) -> syn::Result<UniqueUntil> {
    let word = parse2::<Ident>(value.clone()).map(|word| word.unraw().to_string()).unwrap_or_default();
    match word.as_str() {
        "start" => Ok(UniqueUntil::Start),
        "done" => Ok(UniqueUntil::Done),
        other => {
            let hint = spelling::hint(other, &["start", "done"]);
            Err(Error::new_spanned(value, format!("`until` is `start` or `done`{hint}")))
        }
    }
}

fn lasting(value: TokenStream) -> syn::Result<DurationValue> {
    let time = read_duration("for", value.clone())?;
    if matches!(&time, DurationValue::Known(time) if time.is_zero()) {
        return Err(Error::new_spanned(value, "for no time at all nobody is kept out; leave it out"));
    }
    Ok(time)
}
