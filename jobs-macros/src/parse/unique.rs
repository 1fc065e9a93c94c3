//! Reads `unique(by = .., until = .., for = ..)`.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::{Error, Path, parse2};

use crate::model::{DurationValue, UniqueUntil, UniqueWindow};
use crate::parse::attribute::{Choice, Unique};
use crate::parse::options::{self, Options};
use crate::parse::split;
use crate::parse::values::{parted, read_duration};
use crate::spelling;

const OPTIONS: Options =
    Options { key: "unique", known: &[("by", "by = argument"), ("until", "until = done"), ("for", "for = 1h")] };

/// Reads the options.
pub(crate) fn read(tokens: TokenStream) -> syn::Result<Unique> {
    let (mut by, mut until, mut duration) = (Choice::Constant(Vec::new()), None, None);
    options::read(split::parts(tokens.clone()), &OPTIONS, |key, value| {
        match key {
            "by" => by = read_by(&value)?,
            "until" => until = Some(read_until(value)?),
            _ => duration = Some(read_for(value)?),
        }
        Ok(())
    })?;
    let window = match (until, duration) {
        (Some(until), at_most) => UniqueWindow::Until { until, at_most },
        (None, Some(duration)) => UniqueWindow::For(duration),
        (None, None) => {
            let message = "say for how long duplicates are refused: `until = done`, `until = start` or `for = 1h`";
            return Err(Error::new_spanned(tokens, message));
        }
    };
    Ok(Unique { window, by })
}

/// An argument, several between parentheses, or the path of a function. A name alone is an argument.
fn read_by(value: &TokenStream) -> syn::Result<Choice<Vec<Ident>>> {
    let message = "`by` is an argument such as `by = order_id`, several as in `by = (a, b)`, or a path to a function of \
                   the job such as `by = self::key`";
    let wrong = || Error::new_spanned(value, message);
    if let Some(list) = parenthesized(value) {
        let names = parted(list).map_err(|_| wrong())?;
        return if names.is_empty() { Err(wrong()) } else { Ok(Choice::Constant(names)) };
    }
    match parse2::<Path>(value.clone()) {
        Ok(path) => Ok(path.get_ident().cloned().map_or(Choice::Function(path), |name| Choice::Constant(vec![name]))),
        // A keyword, as in `by = type`, is not a path.
        Err(_) => parted(value.clone()).map(Choice::Constant).map_err(|_| wrong()),
    }
}

fn parenthesized(value: &TokenStream) -> Option<TokenStream> {
    let mut tokens = value.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => Some(group.stream()),
        _ => None,
    }
}

fn read_until(value: TokenStream) -> syn::Result<UniqueUntil> {
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

fn read_for(value: TokenStream) -> syn::Result<DurationValue> {
    let duration = read_duration("for", value.clone())?;
    if matches!(&duration, DurationValue::Known(duration) if duration.is_zero()) {
        return Err(Error::new_spanned(value, "a duration of zero refuses no duplicate; leave `for` out"));
    }
    Ok(duration)
}
