//! The attributes `#[job]`, `#[remote]` and `#[base]` of `jobs`: parse, check, emit.

mod emit;
mod errors;
mod expand;
mod model;
mod parse;
mod source_location;
mod spelling;
mod token_text;
mod validate;

use proc_macro::TokenStream;

/// Makes an async function a job. See "Defining jobs" in the guide of `jobs`.
#[proc_macro_attribute]
pub fn job(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::job(attribute.into(), item.into()).into()
}

/// Declares a job that another program performs, by a function without a body. See "Jobs performed elsewhere" in the guide
/// of `jobs`.
#[proc_macro_attribute]
pub fn remote(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::remote(attribute.into(), item.into()).into()
}

/// Makes a unit struct a base: settings, rules and callbacks that jobs share by `base = ..`.
#[proc_macro_attribute]
pub fn base(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::base(attribute.into(), item.into()).into()
}
