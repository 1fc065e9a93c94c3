//! What stands in for a job whose attribute or function is wrong, so that its callers compile.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Path, Type, parse_quote};

use crate::attribute::Attribute;
use crate::emit;
use crate::perform::{Returned, returned};
use crate::policy::krate;
use crate::signature::{Parameter, Role, Signature};

/// A struct of the same name that takes anything. Its fields are there if their types can be named.
pub(crate) fn job(attribute: &Attribute, signature: &Signature) -> TokenStream {
    let name = emit::name(attribute, signature);
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
    let vis = &signature.function.vis;
    let fields = signature.arguments().filter(|_| is_plain(signature)).map(|argument| {
        let (cfg, name, ty) = (argument.cfg(), argument.name(), argument.ty);
        quote!(#(#cfg)* #vis #name: #ty)
    });
    quote! {
        #[allow(dead_code, missing_docs)]
        #vis struct #name { #(#fields,)* }
    }
}

fn methods(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let (jobs, vis) = (krate(attribute), &signature.function.vis);
    let given: Vec<_> = signature.parameters.iter().filter_map(given).collect();
    let setters = signature.arguments().filter(|argument| argument.default.is_some()).map(|argument| {
        let (cfg, name) = (argument.cfg(), argument.name());
        quote!(#(#cfg)* #vis fn #name(self, _: impl ::core::marker::Sized) -> Self { self })
    });
    quote! {
        #[allow(dead_code, missing_docs)]
        impl #name {
            #vis fn new(#(#given),*) -> Self { ::core::unimplemented!() }
            #vis fn perform_later(#(#given),*) -> #jobs::PerformLater<Self> { ::core::unimplemented!() }
            #vis fn perform_now(#(#given),*) -> #jobs::PerformNow<Self> { ::core::unimplemented!() }
            #(#setters)*
        }
    }
}

/// Whatever is given for an argument is taken.
fn given(parameter: &Parameter) -> Option<TokenStream> {
    let cfg = &parameter.cfg;
    match &parameter.role {
        Role::Argument { default: None, .. } | Role::Broken => Some(quote!(#(#cfg)* _: impl ::core::marker::Sized)),
        _ => None,
    }
}

/// `impl Job` with nothing in it.
fn implementation(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let words = name.to_string();
    let is_nameable = is_plain(signature) && !matches!(signature.output, Type::ImplTrait(_));
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
                ::core::unimplemented!()
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
                ::core::unimplemented!()
            }
        }
        impl<'de> #serde::Deserialize<'de> for #name {
            fn deserialize<D: #serde::Deserializer<'de>>(_: D) -> ::core::result::Result<Self, D::Error> {
                ::core::unimplemented!()
            }
        }
    }
}
