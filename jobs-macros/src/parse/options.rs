//! Reads options, such as `wait = 30s` of a rule.

use proc_macro2::{Ident, TokenStream};
use syn::Error;
use syn::ext::IdentExt;

use crate::errors::all;
use crate::parse::split::{self, Value};
use crate::spelling;

/// The options that a key knows, each with an example.
pub(crate) struct Options {
    pub(crate) key: &'static str,
    pub(crate) known: &'static [(&'static str, &'static str)],
}

/// Reads all options by `read`, and reports all errors at once.
pub(crate) fn read(
    written: Vec<TokenStream>,
    options: &Options,
    mut read: impl FnMut(&str, TokenStream) -> syn::Result<()>,
) -> syn::Result<()> {
    let mut seen = Vec::new();
    let results = written.into_iter().filter_map(split::item).map(|item| {
        let item = item?;
        let (name, example) = known(&item.key, options, &mut seen)?;
        match item.value {
            Value::Equals(value) if !value.is_empty() => read(name, value),
            Value::Other(token) => Err(Error::new_spanned(token, format!("`{name}` is written `{example}`"))),
            _ => Err(Error::new_spanned(&item.key, format!("`{name}` needs a value; write `{example}`"))),
        }
    });
    all(results).map(drop)
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

fn unknown(key: &Ident, written: &str, options: &Options) -> Error {
    let names: Vec<&str> = options.known.iter().map(|(name, _)| *name).collect();
    let hint = spelling::hint(written, &names);
    Error::new_spanned(
        key,
        format!("`{}` has no option `{written}`{hint} (options: {})", options.key, names.join(", ")),
    )
}
