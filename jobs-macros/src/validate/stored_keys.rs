//! The keys under which serde writes and reads an argument, from the attributes on its parameter.

use syn::ext::IdentExt;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::{Error, Expr, Lit, Meta, Token};

use crate::model::Argument;

/// The keys of an argument in the stored JSON.
pub(crate) struct StoredKeys {
    /// The key that serde writes, as far as it is known: a name that `cfg_attr` gives is only among those that are read.
    pub(crate) written: String,
    /// The keys that serde may write or read, each once.
    pub(crate) all: Vec<String>,
    /// Whether the fields of its value take the place of the argument.
    pub(crate) is_flattened: bool,
    /// Whether serde neither writes nor reads it.
    is_skipped: bool,
    /// Whether serde may leave it out, or may write it under another key than `written`.
    is_optional: bool,
}

impl StoredKeys {
    /// The keys of this argument alone, if every argument has a key of its own.
    pub(crate) fn own(&self) -> &[String] {
        if self.is_flattened || self.is_skipped { &[] } else { &self.all }
    }

    /// Those of them that stored arguments always have. Beside a flattened argument another key may be one of its fields; this
    /// one would then be there twice.
    pub(crate) fn always_written(&self) -> &[String] {
        if self.is_optional { &[] } else { self.own().get(..1).unwrap_or_default() }
    }
}

/// Reads serde's attributes.
///
/// # Errors
/// An attribute is not of serde's form, so that it does not tell the keys.
pub(crate) fn of(argument: &Argument) -> syn::Result<StoredKeys> {
    let mut names = Names::default();
    for attribute in &argument.of_field {
        names.read(&attribute.meta, true)?;
    }
    let rust = argument.name.unraw().to_string();
    let written = names.written.clone().unwrap_or_else(|| rust.clone());
    let read = names.read.clone().unwrap_or(rust);
    let mut all = vec![written.clone()];
    for key in std::iter::once(read).chain(names.others.iter().cloned()) {
        if !all.contains(&key) {
            all.push(key);
        }
    }
    let Names { is_flattened, is_skipped, is_optional, .. } = names;
    Ok(StoredKeys { written, all, is_flattened, is_skipped, is_optional })
}

/// What the attributes of one parameter say.
#[derive(Default)]
struct Names {
    written: Option<String>,
    read: Option<String>,
    /// Aliases, and the names that `cfg_attr` may or may not give.
    others: Vec<String>,
    is_flattened: bool,
    is_skipped: bool,
    is_optional: bool,
}

impl Names {
    /// Reads `serde(..)`, and `cfg_attr(.., serde(..))` as attributes that are not `certain`.
    fn read(&mut self, meta: &Meta, certain: bool) -> syn::Result<()> {
        let Meta::List(list) = meta else { return Ok(()) };
        if list.path.is_ident("serde") {
            return parts(meta)?.iter().try_for_each(|part| self.key(part, certain));
        }
        if list.path.is_ident("cfg_attr") {
            return parts(meta)?.iter().skip(1).try_for_each(|part| self.read(part, false));
        }
        Ok(())
    }

    fn key(&mut self, part: &Meta, certain: bool) -> syn::Result<()> {
        let is = |name: &str| part.path().is_ident(name);
        self.is_optional |= !certain || is("skip_serializing") || is("skip_serializing_if");
        if is("flatten") {
            self.is_flattened = true;
        } else if is("skip") {
            self.is_skipped |= certain;
        } else if part.path().is_ident("alias") {
            self.others.push(text(part)?);
        } else if part.path().is_ident("rename") {
            match part {
                Meta::List(_) => parts(part)?.iter().try_for_each(|one| self.rename(one, certain))?,
                _ => self.rename(part, certain)?,
            }
        }
        Ok(())
    }

    /// `rename = ".."`, or one of `serialize = ".."` and `deserialize = ".."`.
    fn rename(&mut self, part: &Meta, certain: bool) -> syn::Result<()> {
        let name = text(part)?;
        if !certain {
            self.others.push(name);
            return Ok(());
        }
        if !part.path().is_ident("deserialize") {
            self.written = Some(name.clone());
        }
        if !part.path().is_ident("serialize") {
            self.read = Some(name);
        }
        Ok(())
    }
}

const FORM: &str = "serde's attributes are written `#[serde(rename = \"name\")]`, so that the stored name is known";

fn parts(meta: &Meta) -> syn::Result<Punctuated<Meta, Token![,]>> {
    let Meta::List(list) = meta else { return Err(Error::new_spanned(meta, FORM)) };
    let parser = Punctuated::<Meta, Token![,]>::parse_terminated;
    parser.parse2(list.tokens.clone()).map_err(|_| Error::new_spanned(meta, FORM))
}

/// The string that the key has as its value.
fn text(meta: &Meta) -> syn::Result<String> {
    let mut value = match meta {
        Meta::NameValue(pair) => &pair.value,
        _ => return Err(Error::new_spanned(meta, FORM)),
    };
    // A literal that comes from another macro stands in a group.
    while let Expr::Group(group) = value {
        value = &group.expr;
    }
    match value {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Ok(text.value()),
            _ => Err(Error::new_spanned(meta, FORM)),
        },
        _ => Err(Error::new_spanned(meta, FORM)),
    }
}
