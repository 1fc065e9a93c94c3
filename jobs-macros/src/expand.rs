//! The passes in order: parse, validate, emit.

use proc_macro2::{Span, TokenStream};
use syn::spanned::Spanned as _;
use syn::{ItemStruct, parse2};

use crate::errors::Errors;
use crate::model::{Function, Owner};
use crate::parse::function::RemoteFunction;
use crate::parse::keys;
use crate::parse::signature::Signature;
use crate::{emit, validate};

/// Expands `#[job(..)]`.
pub(crate) fn job(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let function: Function = match parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_an_item(item, error, "`#[job]` belongs above an `async fn`"),
    };
    let mut errors = Errors::default();
    let attribute = keys::read(tokens, Owner::Job, &mut errors);
    let signature = Signature::read(function, &mut errors);
    match validate::job(attribute, signature, errors) {
        Ok(job) => emit::job(&job),
        Err(invalid) => emit::invalid_job(&invalid),
    }
}

/// Expands `#[remote(..)]`.
pub(crate) fn remote(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let function: RemoteFunction = match parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_an_item(item, error, "`#[remote]` belongs above a `fn` without a body"),
    };
    let mut errors = Errors::default();
    let attribute = keys::read(tokens, Owner::Remote, &mut errors);
    let signature = Signature::read(function.0, &mut errors);
    match validate::remote(attribute, signature, errors) {
        Ok(job) => emit::remote(&job),
        Err(invalid) => emit::invalid_remote(&invalid),
    }
}

/// Expands `#[base(..)]`.
pub(crate) fn base(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let structure: ItemStruct = match parse2(item.clone()) {
        Ok(structure) => structure,
        Err(error) => {
            return not_an_item(item, error, "`#[base]` belongs above a unit struct such as `struct ApplicationJob;`");
        }
    };
    let mut errors = Errors::default();
    let attribute = keys::read(tokens, Owner::Base, &mut errors);
    match validate::base(attribute, structure, errors) {
        Ok(base) => emit::base(&base),
        Err(invalid) => emit::invalid_base(&invalid),
    }
}

/// Returns an item of another kind unchanged, with an error, so that editors can still complete in it.
fn not_an_item(mut item: TokenStream, error: syn::Error, message: &str) -> TokenStream {
    let error = match parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Verbatim(_)) | Err(_) => error,
        Ok(other) => syn::Error::new(keyword(&other), message),
    };
    item.extend(error.to_compile_error());
    item
}

/// The token that says what an item is.
fn keyword(item: &syn::Item) -> Span {
    match item {
        syn::Item::Struct(item) => item.struct_token.span,
        syn::Item::Enum(item) => item.enum_token.span,
        syn::Item::Impl(item) => item.impl_token.span,
        syn::Item::Mod(item) => item.mod_token.span,
        syn::Item::Trait(item) => item.trait_token.span,
        syn::Item::Fn(item) => item.sig.fn_token.span,
        other => other.span(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use proc_macro2::TokenStream;
    use quote::ToTokens;
    use syn::{Attribute, Item, Meta};

    use super::{base, job, remote};

    /// The programs: each `x.rs` has its expansion beside it in `x.expanded`.
    fn programs() -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions");
        let files = fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("an entry").path());
        files.filter(|file| file.extension().is_some_and(|ending| ending == "rs")).collect()
    }

    fn read(file: &Path) -> syn::File {
        let text = fs::read_to_string(file).expect("the program can be read");
        syn::parse_file(&text).expect("the program can be parsed")
    }

    /// The item with its attribute expanded. A function without a body is no item for `syn`.
    fn expanded(item: Item) -> TokenStream {
        if let Item::Verbatim(tokens) = &item {
            let mut function: syn::ForeignItemFn = syn::parse2(tokens.clone()).expect("a function without a body");
            let is_ours = |one: &Attribute| one.path().segments.last().is_some_and(|last| last.ident == "remote");
            let at = function.attrs.iter().position(is_ours).expect("it is remote");
            let tokens = function.attrs.remove(at).meta.require_list().expect("it has keys").tokens.clone();
            return remote(tokens, function.into_token_stream());
        }
        let mut item = item;
        let attributes = match &mut item {
            Item::Fn(function) => &mut function.attrs,
            Item::Struct(structure) => &mut structure.attrs,
            _ => return item.into_token_stream(),
        };
        let is_ours = |one: &Attribute| {
            one.path().segments.last().is_some_and(|last| last.ident == "job" || last.ident == "base")
        };
        let Some(at) = attributes.iter().position(is_ours) else { return item.into_token_stream() };
        let tokens = match attributes.remove(at).meta {
            Meta::List(list) => list.tokens,
            _ => TokenStream::new(),
        };
        if matches!(item, Item::Fn(_)) {
            job(tokens, item.into_token_stream())
        } else {
            base(tokens, item.into_token_stream())
        }
    }

    fn formatted(items: impl Iterator<Item = TokenStream>) -> String {
        let file = syn::parse2(items.collect()).expect("the emitted code can be parsed");
        prettyplease::unparse(&file)
    }

    #[test]
    fn each_expansion_is_the_recorded_one() {
        for program in programs() {
            let (items, beside) = (read(&program).items, program.with_extension("expanded"));
            let header = format!("//! The expansion of `{}`.\n\n", program.file_name().unwrap_or_default().display());
            let text = header + &formatted(items.into_iter().map(expanded));
            if std::env::var_os("BLESS").is_some() {
                fs::write(&beside, &text).expect("the expansion can be written");
            }
            let recorded = fs::read_to_string(&beside).unwrap_or_default();
            assert_eq!(text, recorded, "{}; `BLESS=1 cargo test -p jobs-macros` records it again", beside.display());
        }
    }

    #[test]
    fn a_plain_job_is_at_most_forty_lines_beyond_its_function() {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions/plain.rs");
        let items = read(&program).items;
        let written = formatted(items.iter().map(ToTokens::to_token_stream)).lines().count();
        let emitted = formatted(items.into_iter().map(expanded)).lines().count();
        assert!(emitted - written <= 40, "{} lines", emitted - written);
    }
}
