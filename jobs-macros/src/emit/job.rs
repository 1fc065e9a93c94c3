//! Emits a job: the struct of its arguments, what enqueues it, `impl Job`, and its registration.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{LitStr, Path, Visibility, parse_quote};

use crate::emit::perform;
use crate::emit::policy::krate;
use crate::parse::attribute::Attribute;
use crate::parse::parameter::{Argument, DefaultValue};
use crate::parse::signature::{Signature, struct_name};
use crate::spans::{at, projection};

/// All items beside the function. What the function is configured away with goes for them too.
pub(crate) fn job(attribute: &Attribute, signature: &Signature) -> TokenStream {
    let name = name(attribute, signature);
    let cfg: Vec<_> = signature.attributes("cfg").collect();
    let items = [
        structure(attribute, signature, &name),
        methods(attribute, signature, &name),
        perform::implementation(attribute, signature, &name),
        registration(attribute, signature, &name),
    ];
    items.into_iter().map(|item| quote!(#(#cfg)* #item)).collect()
}

/// The name of the struct.
pub(crate) fn name(attribute: &Attribute, signature: &Signature) -> Ident {
    attribute.rename.clone().unwrap_or_else(|| struct_name(&signature.function.sig.ident))
}

/// The struct whose fields are the arguments.
fn structure(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let (vis, docs, derives) = (&signature.function.vis, docs(signature), &signature.function.derives);
    let deprecated = signature.attributes("deprecated");
    let serde = path_text(&parse_quote!(#jobs::__private::serde));
    // Fields that nobody described are as undescribed as the parameters.
    let allow_lints = (!matches!(vis, Visibility::Inherited)).then(|| quote!(#[allow(missing_docs)]));
    let fields = signature.arguments().map(|argument| field(&argument, signature, name));
    quote! {
        #docs
        #(#deprecated)*
        #(#derives)*
        #[derive(#jobs::__private::serde::Serialize, #jobs::__private::serde::Deserialize)]
        #[serde(crate = #serde)]
        #allow_lints
        #vis struct #name { #(#fields,)* }
    }
}

/// The function's docs; without any, a word on what the struct is.
fn docs(signature: &Signature) -> TokenStream {
    let docs: TokenStream = signature.attributes("doc").map(ToTokens::to_token_stream).collect();
    if !docs.is_empty() {
        return docs;
    }
    let words = format!(" The job of [`{0}`]({0}()): its arguments.", signature.function.sig.ident);
    quote!(#[doc = #words])
}

fn field(argument: &Argument<'_>, signature: &Signature, job: &Ident) -> TokenStream {
    let (vis, name, ty) = (&signature.function.vis, argument.name(), argument.ty);
    let (cfg, of_field) = (argument.cfg(), argument.of_field());
    let default = argument.default.map(|_| {
        let function = LitStr::new(&format!("{job}::{}", default_function(name)), name.span());
        quote!(#[serde(default = #function)])
    });
    quote!(#(#cfg)* #(#of_field)* #default #vis #name: #ty)
}

fn default_function(argument: &Ident) -> Ident {
    quote::format_ident!("default_{}", argument.unraw(), span = argument.span())
}

/// `new`, `perform_later`, `perform_now`, and a setter for each argument with a default.
fn methods(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let (jobs, vis) = (krate(attribute), &signature.function.vis);
    let given: Vec<_> = signature.arguments().filter(|argument| argument.default.is_none()).collect();
    let taken: TokenStream = given.iter().map(parameter).collect();
    let passed: TokenStream = given.iter().map(passed).collect();
    let values = signature.arguments().map(|argument| value(&argument));
    let of_defaults = signature.arguments().filter_map(|argument| defaulted(&argument, signature, &jobs));
    quote_spanned! {at(name.span())=>
        #[allow(dead_code, missing_docs, deprecated)]
        impl #name {
            #vis fn new(#taken) -> Self { Self { #(#values,)* } }
            #vis fn perform_later(#taken) -> #jobs::PerformLater<Self> { #jobs::PerformLater::new(Self::new(#passed)) }
            #vis fn perform_now(#taken) -> #jobs::PerformNow<Self> { #jobs::PerformNow::new(Self::new(#passed)) }
            #(#of_defaults)*
        }
    }
}

fn parameter(argument: &Argument<'_>) -> TokenStream {
    let (cfg, name, ty) = (argument.cfg(), argument.name(), argument.taken_as());
    quote!(#(#cfg)* #name: #ty,)
}

fn passed(argument: &Argument<'_>) -> TokenStream {
    let (cfg, name) = (argument.cfg(), argument.name());
    quote!(#(#cfg)* #name,)
}

/// A field of the literal in `new`.
fn value(argument: &Argument<'_>) -> TokenStream {
    let (cfg, name) = (argument.cfg(), argument.name());
    let value = match argument.default {
        None if argument.is_text() => {
            let taken = argument.taken();
            quote!(: #taken)
        }
        None => TokenStream::new(),
        Some(_) => {
            let function = default_function(name);
            quote!(: Self::#function())
        }
    };
    quote!(#(#cfg)* #name #value)
}

/// The setter of an argument with a default, and the function that gives the default to serde.
fn defaulted(argument: &Argument<'_>, signature: &Signature, jobs: &Path) -> Option<TokenStream> {
    let default = argument.default?;
    let (cfg, name, vis, ty) = (argument.cfg(), argument.name(), &signature.function.vis, argument.ty);
    let (taken_as, taken) = set(argument, jobs);
    let value = match default {
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
        #vis fn #name(mut self, #name: #taken_as) -> Self {
            self.#name = #taken;
            self
        }
    })
}

/// What a setter takes, and the argument from it.
fn set(argument: &Argument<'_>, jobs: &Path) -> (TokenStream, TokenStream) {
    if !argument.is_optional() {
        return (argument.taken_as(), argument.taken());
    }
    let (name, ty) = (argument.name(), argument.ty);
    (quote!(impl #jobs::IntoArgument<#ty>), quote!(#jobs::IntoArgument::into_argument(#name)))
}

fn registration(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let submit = quote!(#jobs::__private::inventory::submit!(#jobs::Definition::of::<#name>()););
    if signature.attributes("deprecated").next().is_none() {
        return submit;
    }
    quote!(#[allow(deprecated)] const _: () = { #submit };)
}

/// A path as serde reads it in its own attributes.
fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
