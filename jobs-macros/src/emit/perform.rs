//! Emits `impl Job`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::{Expr, GenericArgument, LitStr, Path, PathArguments, Type};

use crate::emit::base;
use crate::emit::policy::{self, Owner, krate};
use crate::parse::attribute::{Attribute, Queue};
use crate::parse::parameter::{Parameter, Role};
use crate::parse::schedule;
use crate::parse::signature::Signature;
use crate::parse::unique::{By, Unique, UniqueUntil};
use crate::spans::{at, at_first, projection, result};

/// What the function gives, seen as a `Result`.
pub(crate) struct Returned {
    pub(crate) output: TokenStream,
    pub(crate) error: TokenStream,
    form: Form,
}

/// How its type is written.
enum Form {
    Result,
    Nothing,
    /// Something that is a `Result` by another name.
    Alias,
}

/// `impl Job`.
pub(crate) fn implementation(attribute: &Attribute, signature: &Signature, name: &Ident) -> TokenStream {
    let jobs = krate(attribute);
    let returned = returned(&jobs, &signature.output);
    let Returned { output, error, .. } = &returned;
    let settings = settings(attribute, signature);
    let perform = perform(attribute, signature, &returned);
    let cause = cause(&jobs, error, &signature.output);
    let others = [requires(&jobs, signature), policy::function(attribute, Owner::Job), queue_name(attribute)];
    let more = [priority(attribute), unique_by(attribute), upgrade(attribute)];
    let others = others.into_iter().chain(more).flatten();
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
        return Returned { output: output.to_token_stream(), error: error.to_token_stream(), form: Form::Result };
    }
    if matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()) {
        return Returned { output: quote!(()), error: quote!(::core::convert::Infallible), form: Form::Nothing };
    }
    let part = |name| projection(&ty.to_token_stream(), &quote!(#jobs::__private::Returned), name, ty);
    Returned { output: part("Output"), error: part("Error"), form: Form::Alias }
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
    let unique = attribute.unique.as_ref().map(|unique| unique_settings(&jobs, unique));
    let recurs = schedule::settings(&jobs, attribute);
    let shared = base::settings(attribute);
    quote!(#jobs::Settings::new(#name) #aliases #version #redact #unique #recurs #shared)
}

/// How unique the job is.
fn unique_settings(jobs: &Path, unique: &Unique) -> TokenStream {
    let until = unique.until.map(|until| match until {
        UniqueUntil::Start => quote!(#jobs::Until::Start),
        UniqueUntil::Done => quote!(#jobs::Until::Done),
    });
    let lasting = unique.lasting.as_ref().map(policy::timeout);
    let first = until.as_ref().map_or_else(|| quote!(lasting(#lasting)), |until| quote!(until(#until)));
    let second = until.and(lasting).map(|lasting| quote!(.and_lasting(#lasting)));
    let by = match &unique.by {
        By::Arguments(names) if !names.is_empty() => {
            let names = names.iter().map(|name| name.unraw().to_string());
            Some(quote!(.by(&[#(#names),*])))
        }
        _ => None,
    };
    quote!(.unique(#jobs::Unique::#first #second #by))
}

/// Calls the function with what is stored and what is lent.
fn perform(attribute: &Attribute, signature: &Signature, returned: &Returned) -> TokenStream {
    let (jobs, function) = (krate(attribute), &signature.function.sig.ident);
    let values = signature.parameters.iter().map(|one| value(one, function));
    let call = quote!(#function(#(#values),*));
    // The place is the function's: an error about its future then points at it.
    let place = at(function.span());
    let lends = signature.parameters.iter().any(|one| matches!(one.role, Role::Context | Role::Provided(_)));
    let done = match (attribute.blocking, lends) {
        (None, _) => quote_spanned!(place=> #call.await),
        (Some(()), false) => quote!(#jobs::__private::blocking(move || #call).await),
        (Some(()), true) => quote!(#jobs::__private::blocking_with(__context, move |__context| #call).await),
    };
    let Returned { output, error, form } = returned;
    let plain = result(output, error, &signature.output);
    let (result, done) = match form {
        Form::Result => (signature.output.to_token_stream(), done),
        Form::Nothing => (plain, quote!(#done; ::core::result::Result::Ok(()))),
        Form::Alias => (plain, turned(&jobs, &signature.output, &done)),
    };
    let context = if lends { quote!(__context) } else { quote!(_) };
    quote_spanned! {place=>
        async fn perform(self, #context: &#jobs::Context) -> #result { #done }
    }
}

/// What an alias of `Result`, or nothing, is as a plain `Result`.
fn turned(jobs: &Path, ty: &Type, done: &TokenStream) -> TokenStream {
    let turn = projection(&ty.to_token_stream(), &quote!(#jobs::__private::Returned), "into_result", ty);
    quote!(let __turn: fn(_) -> _ = #turn; __turn(#done))
}

fn value(parameter: &Parameter, function: &Ident) -> TokenStream {
    let (cfg, name) = (&parameter.cfg, &parameter.name);
    let value = match &parameter.role {
        Role::Context => quote!(__context),
        Role::Provided(ty) => quote!(__context.provided::<#ty>()),
        Role::Argument { .. } | Role::Invalid => quote_spanned!(at(function.span())=> self.#name),
    };
    quote!(#(#cfg)* #value)
}

/// The error as the standard library's trait. An error type that is none is told where it is written.
fn cause(jobs: &Path, error: &TokenStream, returned: &Type) -> TokenStream {
    let place = result_of(returned).map_or(returned, |(_, error)| error);
    let view = projection(error, &quote!(#jobs::__private::AsError<_>), "as_error", place);
    quote! {
        fn cause(__error: &#error) -> #jobs::__private::Cause<'_> { #view(__error) }
    }
}

fn requires(jobs: &Path, signature: &Signature) -> Option<TokenStream> {
    let lent = signature.parameters.iter().filter_map(|parameter| match &parameter.role {
        Role::Provided(ty) => {
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
    let call = quote_spanned!(at_first(path)=> (__job));
    Some(quote! {
        fn queue_name(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
            let __job = self;
            ::core::convert::Into::into(#path #call) }
    })
}

/// A priority that a function of the job chooses.
fn priority(attribute: &Attribute) -> Option<TokenStream> {
    let path = attribute.priority.as_ref().and_then(chosen)?;
    let call = quote_spanned!(at_first(path)=> (__job));
    Some(quote! {
        fn priority(&self) -> ::core::primitive::i32 { let __job = self; #path #call }
    })
}

/// What a function of the job says that the job is unique by.
fn unique_by(attribute: &Attribute) -> Option<TokenStream> {
    let Some(By::Function(path)) = attribute.unique.as_ref().map(|unique| &unique.by) else { return None };
    let jobs = krate(attribute);
    let value = quote_spanned!(at_first(path)=> #jobs::UniqueBy::value(&#path(__job)));
    Some(quote! {
        fn unique_by(&self) -> ::core::option::Option<#jobs::UniqueBy> {
            let __job = self;
            ::core::option::Option::Some(#value)
        }
    })
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
            __arguments: #jobs::__private::Value,
            __version: ::core::primitive::u32,
        ) -> ::core::result::Result<#jobs::__private::Value, #jobs::BoxError> {
            #path(__arguments, __version).map_err(::core::convert::Into::into)
        }
    })
}
