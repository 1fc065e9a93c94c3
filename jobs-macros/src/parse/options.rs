//! The options of a rule: `wait = 30s` and the like, behind the error.

use proc_macro2::{Ident, TokenStream};
use syn::Error;
use syn::ext::IdentExt;

use crate::parse::split::{self, Value};
use crate::spelling;

/// The options that a rule knows, each with an example.
pub(crate) struct Options {
    pub(crate) verb: &'static str,
    pub(crate) known: &'static [(&'static str, &'static str)],
}

/// Reads all options, every mistake gathered.
pub(crate) fn each(
    written: Vec<TokenStream>,
    options: &Options,
    mut read: impl FnMut(&str, TokenStream) -> syn::Result<()>,
) -> syn::Result<()> {
    let (mut seen, mut all) = (Vec::new(), Ok(()));
    for item in written.into_iter().filter_map(split::read) {
        let result = item.and_then(|item| {
            let (key, example) = known(&item.key, options, &mut seen)?;
            match item.value {
                Value::Equals(value) if !value.is_empty() => read(key, value),
                Value::Other(token) => Err(Error::new_spanned(token, format!("`{key}` is written `{example}`"))),
                _ => Err(Error::new_spanned(&item.key, format!("`{key}` needs a value; write `{example}`"))),
            }
        });
        all = both(all, result).map(drop);
    }
    all
}

/// Both values, or the errors of both.
pub(crate) fn both<A, B>(one: syn::Result<A>, other: syn::Result<B>) -> syn::Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(mut error), Err(more)) => {
            error.combine(more);
            Err(error)
        }
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error),
    }
}

fn known(key: &Ident, options: &Options, seen: &mut Vec<&'static str>) -> syn::Result<(&'static str, &'static str)> {
    let written = key.unraw().to_string();
    let Some((name, example)) = options.known.iter().find(|(name, _)| *name == written) else {
        return Err(unknown(key, &written, options));
    };
    if seen.contains(name) {
        return Err(Error::new_spanned(key, format!("`{written}` is given twice; keep one of them")));
    }
    seen.push(name);
    Ok((name, example))
}

fn unknown(place: &Ident, written: &str, options: &Options) -> Error {
    let names: Vec<&str> = options.known.iter().map(|(name, _)| *name).collect();
    let hint = spelling::hint(written, &names);
    let all = names.join(", ");
    Error::new_spanned(place, format!("`{}` has no option `{written}`{hint} (options: {all})", options.verb))
}
