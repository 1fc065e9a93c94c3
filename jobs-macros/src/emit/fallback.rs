//! Emits what takes the place of jobs and bases that are not valid, so that the code that uses them compiles.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse_quote;

use crate::emit::argument::accepted;
use crate::emit::returned;
use crate::model::{Argument, Fallback, Function, Given, InvalidBase, InvalidJob};

/// The function, a fallback beside it, and the errors.
pub(crate) fn invalid_job(job: &InvalidJob) -> TokenStream {
    let InvalidJob { function, fallback, errors } = job;
    let cfg: TokenStream = function.attributes("cfg").map(ToTokens::to_token_stream).collect();
    let items = fallback.iter().flat_map(|one| [structure(one, function), methods(one, function), implementation(one)]);
    quote!(#function #(#cfg #items)* #errors)
}

/// The fallback of a job that is performed elsewhere, and the errors. Without a body the function is no item.
pub(crate) fn invalid_remote(job: &InvalidJob) -> TokenStream {
    let InvalidJob { function, fallback, errors } = job;
    let cfg: TokenStream = function.attributes("cfg").map(ToTokens::to_token_stream).collect();
    let items = fallback.iter().flat_map(|one| [structure(one, function), methods(one, function), implementation(one)]);
    quote!(#(#cfg #items)* #errors)
}

fn structure(fallback: &Fallback, function: &Function) -> TokenStream {
    let (vis, derives, name) = (&function.vis, &function.derives, &fallback.name);
    let fields = fallback.fields.iter().map(|Argument { name, ty, cfg, .. }| quote!(#(#cfg)* #vis #name: #ty));
    quote! {
        #(#derives)*
        #[allow(clippy::all, dead_code, missing_docs)]
        #vis struct #name { #(#fields,)* }
    }
}

fn methods(fallback: &Fallback, function: &Function) -> TokenStream {
    let (Fallback { jobs, name, .. }, vis) = (fallback, &function.vis);
    let given: Vec<_> = fallback.given.iter().map(given).collect();
    let setters = fallback.setters.iter().map(|Argument { name, cfg, .. }| {
        quote!(#(#cfg)* #vis fn #name(self, _: impl ::core::marker::Sized) -> Self { self })
    });
    quote! {
        #[allow(clippy::all, dead_code, missing_docs)]
        impl #name {
            #vis fn new(#(#given),*) -> Self { loop {} }
            #vis fn perform_later(#(#given),*) -> #jobs::PerformLater<Self> { loop {} }
            #vis fn perform_now(#(#given),*) -> #jobs::PerformNow<Self> { loop {} }
            #(#setters)*
        }
    }
}

fn given(Given { cfg, ty }: &Given) -> TokenStream {
    let ty = ty.as_ref().map_or_else(|| quote!(impl ::core::marker::Sized), accepted);
    quote!(#(#cfg)* _: #ty)
}

/// `impl Job` without anything of the attribute.
fn implementation(fallback: &Fallback) -> TokenStream {
    let Fallback { jobs, name, returned, .. } = fallback;
    let text = name.to_string();
    let (output, error) = (returned::output(jobs, returned), returned::error(jobs, returned));
    let serde = serde(fallback);
    quote! {
        #serde
        impl #jobs::Job for #name {
            type Output = #output;
            type Error = #error;
            const SETTINGS: #jobs::Settings = #jobs::Settings::new(#text);
            async fn perform(self, _: &#jobs::Context) -> ::core::result::Result<Self::Output, Self::Error> {
                loop {}
            }
        }
    }
}

/// serde's traits, without bounds on the arguments.
fn serde(Fallback { jobs, name, .. }: &Fallback) -> TokenStream {
    let serde = quote!(#jobs::__private::serde);
    quote! {
        impl #serde::Serialize for #name {
            fn serialize<S: #serde::Serializer>(&self, _: S) -> ::core::result::Result<S::Ok, S::Error> {
                loop {}
            }
        }
        impl<'de> #serde::Deserialize<'de> for #name {
            fn deserialize<D: #serde::Deserializer<'de>>(_: D) -> ::core::result::Result<Self, D::Error> {
                loop {}
            }
        }
    }
}

/// The struct, a base without settings, and the errors.
pub(crate) fn invalid_base(base: &InvalidBase) -> TokenStream {
    let InvalidBase { jobs, structure, errors } = base;
    let name = &structure.ident;
    let text = name.to_string();
    // A generic base is one error; without the bound the compiler would add another.
    let mut generics = structure.generics.clone();
    if !generics.params.is_empty() {
        generics.make_where_clause().predicates.push(parse_quote!(Self: 'static));
    }
    let (before, after, clause) = generics.split_for_impl();
    quote! {
        #structure
        impl #before #jobs::definition::Base for #name #after #clause {
            const SETTINGS: #jobs::Settings = #jobs::Settings::new(#text);
            fn policy() -> #jobs::policy::Policy { #jobs::policy::Policy::new() }
        }
        #errors
    }
}
