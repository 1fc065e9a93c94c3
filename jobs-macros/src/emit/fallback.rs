//! What stands in for a job whose attribute or function is wrong, so that its callers compile.

use std::collections::HashSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Path, parse_quote};

use crate::emit::job;
use crate::emit::perform::{Returned, returned};
use crate::emit::policy::krate;
use crate::parse::attribute::Attribute;
use crate::parse::parameter::{Parameter, Role, taken_as};
use crate::parse::signature::Signature;
use crate::validate::METHODS;

/// A struct of the same name that takes anything. Its fields are there if their types can be named.
pub(crate) fn job(attribute: &Attribute, signature: &Signature) -> TokenStream {
    let name = job::name(attribute, signature);
    let cfg: Vec<_> = signature.attributes("cfg").collect();
    let items = [
        structure(signature, &name),
        methods(attribute, signature, &name),
        implementation(attribute, signature, &name),
    ];
    items.into_iter().map(|item| quote!(#(#cfg)* #item)).collect()
}

/// Whether the types of the signature mean anything outside of it.
fn is_plain(signature: &Signature) -> bool {
    signature.function.sig.generics.params.is_empty()
}

fn structure(signature: &Signature, name: &Ident) -> TokenStream {
    let (vis, derives) = (&signature.function.vis, &signature.function.derives);
    let mut names = HashSet::new();
    let once = signature.arguments().filter(|argument| is_plain(signature) && names.insert(argument.name().clone()));
    let fields = once.map(|argument| {
        let (cfg, name, ty) = (argument.cfg(), argument.name(), argument.ty);
        quote!(#(#cfg)* #vis #name: #ty)
    });
    quote! {
        #(#derives)*
        #[allow(clippy::all, dead_code, missing_docs)]
        #vis struct #name { #(#fields,)* }
    }
}

fn methods(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let (jobs, vis) = (krate(attribute), &signature.function.vis);
    let given: Vec<_> = signature.parameters.iter().filter_map(|one| given(one, signature)).collect();
    let of_default = signature.arguments().filter(|argument| argument.default.is_some());
    let possible = of_default.filter(|argument| !METHODS.contains(&argument.name().to_string().as_str()));
    let setters = possible.map(|argument| {
        let (cfg, name) = (argument.cfg(), argument.name());
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

/// An argument takes what it would take; what cannot be stored is given anything.
fn given(parameter: &Parameter, signature: &Signature) -> Option<TokenStream> {
    let cfg = &parameter.cfg;
    let any = quote!(impl ::core::marker::Sized);
    let ty = match &parameter.role {
        Role::Argument { ty, default: None } if is_plain(signature) => taken_as(ty),
        Role::Argument { default: None, .. } | Role::Invalid => any,
        _ => return None,
    };
    Some(quote!(#(#cfg)* _: #ty))
}

/// `impl Job` with nothing in it.
fn implementation(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let words = name.to_string();
    let is_nameable = is_plain(signature) && signature.may_be_result();
    let output = if is_nameable { signature.output.clone() } else { parse_quote!(()) };
    let Returned { output, error, .. } = returned(&jobs, &output);
    let serde = serde(&jobs, name);
    quote! {
        #serde
        impl #jobs::Job for #name {
            type Output = #output;
            type Error = #error;
            const SETTINGS: #jobs::Settings = #jobs::Settings::new(#words);
            async fn perform(self, _: &#jobs::Context) -> ::core::result::Result<Self::Output, Self::Error> {
                loop {}
            }
        }
    }
}

/// serde's traits, without asking them of the arguments.
fn serde(jobs: &Path, name: &Ident) -> TokenStream {
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
