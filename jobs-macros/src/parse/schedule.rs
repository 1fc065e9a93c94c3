//! Reads `cron`, `every`, `zone` and `missed`: when a job recurs.

use proc_macro2::{Ident, TokenStream};
use syn::{Error, Expr, ExprCall, ExprLit, Lit, LitStr, parse2};

use crate::model::{DurationValue, MissedTicks};
use crate::parse::values::read_duration;

/// The most missed ticks that are caught up: `jobs_core::missed::MOST_MISSED`.
const MOST_TICKS: u32 = 1000;

/// A cron line or an English schedule, checked by the parser that the runtime uses.
pub(crate) fn cron(value: TokenStream) -> syn::Result<LitStr> {
    let message = "`cron` is a string such as `cron = \"0 2 * * *\"`, with the zone after it or in `zone`";
    let text: LitStr = parse2(value.clone()).map_err(|_| Error::new_spanned(value, message))?;
    let written = jobs_syntax::schedule::read(&text.value()).map_err(|error| Error::new_spanned(&text, error))?;
    if let Some(zone) = &written.zone {
        known_zone(&text, zone)?;
    }
    Ok(text)
}

/// The name of a zone.
pub(crate) fn zone(value: TokenStream) -> syn::Result<LitStr> {
    let message = "`zone` is a string such as `zone = \"Europe/Berlin\"`";
    let text: LitStr = parse2(value.clone()).map_err(|_| Error::new_spanned(value, message))?;
    known_zone(&text, &text.value())?;
    Ok(text)
}

fn known_zone(text: &LitStr, name: &str) -> syn::Result<()> {
    if jobs_syntax::schedule::is_zone(name) || name.eq_ignore_ascii_case("utc") {
        return Ok(());
    }
    let hint = jobs_syntax::schedule::zone_hint(name);
    Err(Error::new_spanned(text, format!("`{name}` is not a time zone{hint}")))
}

/// The duration between two ticks.
pub(crate) fn every(value: TokenStream) -> syn::Result<DurationValue> {
    let duration = read_duration("every", value.clone())?;
    match &duration {
        DurationValue::Known(known) if known.is_zero() || known.subsec_nanos() != 0 => {
            Err(Error::new_spanned(value, "ticks are whole seconds apart; write a duration such as `every = 5m`"))
        }
        _ => Ok(duration),
    }
}

/// `skip`, `once` or `all(24)`.
pub(crate) fn missed(value: TokenStream) -> syn::Result<(MissedTicks, TokenStream)> {
    let missed = read_missed(&value)?;
    Ok((missed, value))
}

fn read_missed(value: &TokenStream) -> syn::Result<MissedTicks> {
    let message = format!("`missed` is `skip`, `once`, or `all(24)` for the last 24 ticks, at most {MOST_TICKS}");
    let wrong = || Error::new_spanned(value, &message);
    if let Ok(word) = parse2::<Ident>(value.clone()) {
        return match word.to_string().as_str() {
            "skip" => Ok(MissedTicks::Skip),
            "once" => Ok(MissedTicks::Once),
            _ => Err(wrong()),
        };
    }
    let call: ExprCall = parse2(value.clone()).map_err(|_| wrong())?;
    let is_all = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("all"));
    let count = match (call.args.first(), call.args.len(), is_all) {
        (Some(Expr::Lit(ExprLit { lit: Lit::Int(count), .. })), 1, true) => count.base10_parse().ok(),
        _ => None,
    };
    count.filter(|count| (1..=MOST_TICKS).contains(count)).map(MissedTicks::All).ok_or_else(wrong)
}

/// Whether the line names a zone itself.
pub(crate) fn names_zone(cron: &LitStr) -> bool {
    jobs_syntax::schedule::read(&cron.value()).is_ok_and(|written| written.zone.is_some())
}
