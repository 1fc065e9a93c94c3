//! Emits `impl Job`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned as _;
use syn::{Expr, GenericArgument, LitStr, Path, PathArguments, Type};

use crate::attribute::{Attribute, Queue};
use crate::base;
use crate::policy::{self, Place, krate};
use crate::signature::{Parameter, Role, Signature};

/// What the function gives, seen as a `Result`.
pub(crate) struct Returned {
    pub(crate) output: TokenStream,
    pub(crate) error: TokenStream,
    /// Whether the type is plainly `Result<T, E>`, so that its value needs no turning.
    is_result: bool,
}

/// `impl Job`.
pub(crate) fn implementation(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let Returned { output, error, is_result } = returned(&jobs, &signature.output);
    let settings = settings(attribute, signature);
    let perform = perform(attribute, signature, is_result);
    let cause = cause(&jobs, signature);
    let others = [requires(&jobs, signature), policy::function(attribute, Place::Job), queue_name(attribute)];
    let others = others.into_iter().chain([priority(attribute), upgrade(attribute)]).flatten();
    let deprecated = signature.attributes("deprecated").next().map(|_| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        impl #jobs::Job for #name {
            type Output = #output;
            type Error = #error;
            const SETTINGS: #jobs::Settings = #settings;
            #perform
            #cause
            #(#others)*
        }
    }
}

/// Plain `Result<T, E>` is taken apart here; what it is otherwise, an alias perhaps, the compiler finds out.
pub(crate) fn returned(jobs: &Path, ty: &Type) -> Returned {
    if let Some((output, error)) = result_of(ty) {
        return Returned { output: output.to_token_stream(), error: error.to_token_stream(), is_result: true };
    }
    let part = |name: TokenStream| quote_spanned!(ty.span()=> <#ty as #jobs::__private::Returned>::#name);
    Returned { output: part(quote!(Output)), error: part(quote!(Error)), is_result: false }
}

fn result_of(ty: &Type) -> Option<(&Type, &Type)> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let mut types = arguments.args.iter();
    match (types.next(), types.next(), types.next()) {
        (Some(GenericArgument::Type(output)), Some(GenericArgument::Type(error)), None) => Some((output, error)),
        _ => None,
    }
}

fn settings(attribute: &Attribute, signature: &Signature) -> TokenStream {
    let (jobs, function) = (krate(attribute), &signature.function.sig.ident);
    let own = LitStr::new(&function.unraw().to_string(), function.span());
    let name = attribute.name.as_ref().unwrap_or(&own);
    let aliases = &attribute.aliases;
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    let version = attribute.version.as_ref().map(|version| quote!(.version(#version)));
    let redact: Vec<_> = attribute.redact.iter().map(|name| name.unraw().to_string()).collect();
    let redact = (!redact.is_empty()).then(|| quote!(.redact(&[#(#redact),*])));
    let shared = base::settings(attribute);
    quote!(#jobs::Settings::new(#name) #aliases #version #redact #shared)
}

/// Calls the function with what is stored and what is lent.
fn perform(attribute: &Attribute, signature: &Signature, is_result: bool) -> TokenStream {
    let (jobs, function) = (krate(attribute), &signature.function.sig.ident);
    let values = signature.parameters.iter().map(value);
    let call = quote!(#function(#(#values),*));
    let done = if attribute.blocking.is_some() {
        quote!(#jobs::__private::blocking(move || #call).await)
    } else {
        quote_spanned!(function.span()=> #call.await)
    };
    let done = if is_result { done } else { quote!(#jobs::__private::Returned::into_result(#done)) };
    let lends = signature.parameters.iter().any(|one| matches!(one.role, Role::Context | Role::Lent(_)));
    let context = if lends { quote!(context) } else { quote!(_context) };
    // The span is the function's: an error about its future then points at it.
    quote_spanned! {function.span()=>
        async fn perform(self, #context: &#jobs::Context) -> ::core::result::Result<Self::Output, Self::Error> { #done }
    }
}

fn value(parameter: &Parameter) -> TokenStream {
    let (cfg, name) = (&parameter.cfg, &parameter.name);
    let value = match &parameter.role {
        Role::Context => quote!(context),
        Role::Lent(ty) => quote!(context.provided::<#ty>()),
        Role::Argument { .. } | Role::Broken => quote!(self.#name),
    };
    quote!(#(#cfg)* #value)
}

/// The error as the standard library's trait. The span is the return type's: an error type that is none is there.
fn cause(jobs: &Path, signature: &Signature) -> TokenStream {
    let view = quote_spanned!(signature.output.span()=> #jobs::as_error(error));
    quote! {
        fn cause(error: &Self::Error) -> #jobs::__private::Cause<'_> { #view }
    }
}

fn requires(jobs: &Path, signature: &Signature) -> Option<TokenStream> {
    let lent = signature.parameters.iter().filter_map(|parameter| match &parameter.role {
        Role::Lent(ty) => {
            let cfg = &parameter.cfg;
            Some(quote!(#(#cfg)* #jobs::Requirement::of::<#ty>()))
        }
        _ => None,
    });
    let lent: Vec<_> = lent.collect();
    (!lent.is_empty()).then(|| quote!(const REQUIRES: &'static [#jobs::Requirement] = &[#(#lent),*];))
}

/// A queue that a function of the job chooses.
fn queue_name(attribute: &Attribute) -> Option<TokenStream> {
    let Some(Queue::Chosen(path)) = &attribute.queue else { return None };
    Some(quote! {
        fn queue_name(&self) -> ::std::borrow::Cow<'static, str> { ::core::convert::Into::into(#path(self)) }
    })
}

/// A priority that a function of the job chooses.
fn priority(attribute: &Attribute) -> Option<TokenStream> {
    let path = attribute.priority.as_ref().and_then(chosen)?;
    Some(quote!(fn priority(&self) -> i32 { #path(self) }))
}

/// The path of a function: its last segment is in lower case, as that of a constant is not.
pub(crate) fn chosen(priority: &Expr) -> Option<&Path> {
    let Expr::Path(path) = priority else { return None };
    let last = path.path.segments.last()?.ident.unraw().to_string();
    last.starts_with(|c: char| c.is_lowercase() || c == '_').then_some(&path.path)
}

fn upgrade(attribute: &Attribute) -> Option<TokenStream> {
    let (jobs, path) = (krate(attribute), attribute.upgrade.as_ref()?);
    Some(quote! {
        fn upgrade(
            arguments: #jobs::__private::Value,
            version: ::core::primitive::u32,
        ) -> ::core::result::Result<#jobs::__private::Value, #jobs::BoxError> {
            #path(arguments, version).map_err(::core::convert::Into::into)
        }
    })
}
