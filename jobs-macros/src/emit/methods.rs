//! Emits the methods of a job's struct: `new`, `perform_later`, `perform_now`, and a setter for each default.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::emit::argument::{conversion, of_setter, parameter, passed};
use crate::model::{Argument, DefaultValue, JobModel};
use crate::source_location::{at, projection};

/// The inherent `impl`.
pub(crate) fn methods(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, function, .. } = job;
    let vis = &function.vis;
    let given: Vec<_> = job.arguments().filter(|argument| argument.default.is_none()).collect();
    let parameters: TokenStream = given.iter().copied().map(parameter).collect();
    let passed: TokenStream = given.iter().copied().map(passed).collect();
    let values = job.arguments().map(value);
    let defaults = job.arguments().filter_map(|argument| default(job, argument));
    let perform_now = (!job.is_remote).then(|| {
        quote_spanned! {at(name.span())=>
            #vis fn perform_now(#parameters) -> #jobs::PerformNow<Self> { #jobs::PerformNow::new(Self::new(#passed)) }
        }
    });
    quote_spanned! {at(name.span())=>
        #[allow(dead_code, missing_docs, deprecated)]
        impl #name {
            #vis fn new(#parameters) -> Self { Self { #(#values,)* } }
            #vis fn perform_later(#parameters) -> #jobs::PerformLater<Self> { #jobs::PerformLater::new(Self::new(#passed)) }
            #perform_now
            #(#defaults)*
        }
    }
}

/// The function that gives an argument's default.
pub(crate) fn default_function(argument: &Ident) -> Ident {
    format_ident!("default_{}", argument.unraw(), span = argument.span())
}

/// A field of the literal in `new`.
fn value(argument: &Argument) -> TokenStream {
    let Argument { name, cfg, .. } = argument;
    let function = default_function(name);
    let default = argument.default.as_ref().map(|_| quote!(Self::#function()));
    let value = default.or_else(|| conversion(argument)).map(|value| quote!(: #value));
    quote!(#(#cfg)* #name #value)
}

/// The setter of an argument with a default, and the function that gives the default to `new` and serde.
fn default(job: &JobModel, argument: &Argument) -> Option<TokenStream> {
    let Argument { name, ty, cfg, .. } = argument;
    let vis = &job.function.vis;
    let (accepted, converted) = of_setter(&job.jobs, argument);
    let value = match argument.default.as_ref()? {
        DefaultValue::OfType => {
            let default = projection(&quote!(#ty), &quote!(::core::default::Default), "default", ty);
            quote!(#default())
        }
        DefaultValue::Expression(value) => value.to_token_stream(),
    };
    let function = default_function(name);
    Some(quote! {
        #(#cfg)*
        fn #function() -> #ty { #value }
        #(#cfg)*
        #[must_use]
        #vis fn #name(mut self, #name: #accepted) -> Self {
            self.#name = #converted;
            self
        }
    })
}
