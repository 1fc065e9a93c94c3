//! The passes: read the attribute, read the item, compare, emit.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{ItemFn, ItemStruct, parse2};

use crate::faults::Faults;
use crate::signature::Signature;
use crate::{base as bases, emit, keys, stub, validate};

/// Expands `#[job(..)]`.
pub(crate) fn job(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let function: ItemFn = match parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => return not_an_item(item, &error, "`#[job]` stands above a function"),
    };
    let mut faults = Faults::default();
    let attribute = keys::read(tokens, false, &mut faults);
    let signature = Signature::read(function, attribute.blocking.is_some(), &mut faults);
    validate::job(&attribute, &signature, &mut faults);
    let function = &signature.function;
    if faults.is_empty() {
        let job = emit::job(&attribute, &signature);
        return quote!(#function #job);
    }
    // The stub keeps callers free of errors that only follow from these.
    let stub = stub::job(&attribute, &signature);
    let errors = faults.into_tokens();
    quote!(#function #stub #errors)
}

/// Expands `#[base(..)]`.
pub(crate) fn base(tokens: TokenStream, item: TokenStream) -> TokenStream {
    let structure: ItemStruct = match parse2(item.clone()) {
        Ok(structure) => structure,
        Err(error) => return not_an_item(item, &error, "`#[base]` stands above a unit struct"),
    };
    let mut faults = Faults::default();
    let attribute = keys::read(tokens, true, &mut faults);
    if !structure.generics.params.is_empty() {
        faults.at(&structure.generics, "a base cannot be generic");
    }
    validate::base(&attribute, &mut faults);
    let implementation = bases::emit(&attribute, &structure, faults.is_empty());
    let errors = faults.into_tokens();
    quote!(#structure #implementation #errors)
}

/// What is not an item of the right kind is handed back as it is, so that editors go on completing.
fn not_an_item(item: TokenStream, error: &syn::Error, words: &str) -> TokenStream {
    let is_other_item = parse2::<syn::Item>(item.clone()).is_ok();
    let error = if is_other_item { syn::Error::new_spanned(&item, words) } else { error.clone() };
    let error = error.to_compile_error();
    let mut tokens = item.into_token_stream();
    tokens.extend(error);
    tokens
}
