//! Emits a base.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Generics, ItemStruct, parse_quote};

use crate::emit::perform::chosen;
use crate::emit::policy::{self, Owner, krate};
use crate::parse::attribute::{Attribute, Queue};

/// `impl Base`. If the attribute is broken the policy stays empty, so that jobs that name it still compile.
pub(crate) fn emit(attribute: &Attribute, structure: &ItemStruct, sound: bool) -> TokenStream {
    let jobs = krate(attribute);
    let (name, generics) = (&structure.ident, &structure.generics);
    let words = name.to_string();
    let settings = settings(attribute);
    let empty = quote!(fn policy() -> #jobs::Policy { #jobs::Policy::new() });
    let policy = if sound { policy::function(attribute, Owner::Base).unwrap_or(empty) } else { empty };
    let bounded = outliving(generics);
    let (before, ..) = bounded.split_for_impl();
    let (_, after, clause) = generics.split_for_impl();
    quote! {
        impl #before #jobs::Base for #name #after #clause {
            const SETTINGS: #jobs::Settings = #jobs::Settings::new(#words) #settings;
            #policy
        }
    }
}

/// What a generic base, which is refused, needs so that nothing else is said of it.
fn outliving(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for parameter in &mut generics.params {
        match parameter {
            GenericParam::Type(parameter) => parameter.bounds.push(parse_quote!('static)),
            GenericParam::Lifetime(parameter) => parameter.bounds.push(parse_quote!('static)),
            GenericParam::Const(_) => {}
        }
    }
    generics
}

/// The calls that set what jobs and bases have in common.
pub(crate) fn settings(attribute: &Attribute) -> TokenStream {
    let jobs = krate(attribute);
    let queue = match &attribute.queue {
        Some(Queue::Named(name)) => Some(quote!(.queue(#name))),
        _ => None,
    };
    let priority = attribute.priority.as_ref().filter(|priority| chosen(priority).is_none());
    let priority = priority.map(|priority| quote!(.priority(#priority)));
    let timeout = attribute.timeout.as_ref().map(policy::timeout);
    let timeout = timeout.map(|limit| quote!(.timeout(#limit)));
    let log = attribute.log_arguments.as_ref().map(|shown| quote!(.log_arguments(#shown)));
    let inherit = attribute.base.as_ref().map(|base| quote!(.inherit(&<#base as #jobs::Base>::SETTINGS)));
    [queue, priority, timeout, log, inherit].into_iter().flatten().collect()
}
