//! The attributes `#[job]` and `#[base]` of `jobs`: parse, check, emit.

mod duration;
mod faults;
mod items;
mod place;
mod spelling;
mod words;

mod attribute;
mod callback;
mod function;
mod keys;
mod options;
mod parameter;
mod recurring;
mod recurs;
mod rule;
mod signature;
mod unique;
mod validate;
mod values;
mod what;

mod base;
mod emit;
mod expand;
mod nesting;
mod perform;
mod policy;
mod stub;

use proc_macro::TokenStream;

/// Makes a job of an async function. See the guide of `jobs`, "Defining jobs".
#[proc_macro_attribute]
pub fn job(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::job(attribute.into(), item.into()).into()
}

/// Makes a unit struct a base: settings, rules and callbacks that jobs share by `base = ..`.
#[proc_macro_attribute]
pub fn base(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::base(attribute.into(), item.into()).into()
}
