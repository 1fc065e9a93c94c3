//! Rules and callbacks as calls of the library.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Path, parse_quote};

use crate::emit::callbacks;
use crate::parse::attribute::{Attribute, DurationValue};
use crate::parse::matcher::Matcher;
use crate::parse::rule::{Attempts, Response, Rule, Wait};
use crate::spans::{at_first, error_type, moved};

/// Emits into a job, which knows its error type, or into a base, which does not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Job,
    Base,
}

/// The path of the crate `jobs`.
pub(crate) fn krate(attribute: &Attribute) -> Path {
    attribute.krate.clone().unwrap_or_else(|| parse_quote!(::jobs))
}

/// The `policy` function, or nothing if nothing is declared.
pub(crate) fn function(attribute: &Attribute, place: Owner) -> Option<TokenStream> {
    let jobs = krate(attribute);
    let inherit = attribute.base.as_ref().map(|base| quote!(.over(&<#base as #jobs::Base>::policy())));
    let rules = attribute.rules.iter().map(|one| rule(&jobs, one, place));
    let callbacks = attribute.callbacks.iter().map(|one| callbacks::callback(&jobs, one, place));
    let told = attribute.after_discard.iter().map(|path| {
        let callback = failure_callback(&jobs, path);
        quote!(.after_discard(#callback))
    });
    let jitter = attribute.jitter.as_ref().map(|jitter| quote!(.jitter(#jitter)));
    let skips = attribute.skips.iter().map(|one| callbacks::skip(&jobs, one));
    let settings = inherit.into_iter().chain(jitter);
    let calls: TokenStream = settings.chain(rules).chain(skips).chain(callbacks).chain(told).collect();
    if calls.is_empty() && place == Owner::Job {
        return None;
    }
    Some(quote! {
        fn policy() -> #jobs::Policy {
            #jobs::Policy::new() #calls
        }
    })
}

fn rule(jobs: &Path, rule: &Rule, place: Owner) -> TokenStream {
    let matcher = matcher(jobs, &rule.what, &rule.words, place);
    let made = match &rule.response {
        Response::Retry { wait, attempts, jitter } => {
            let wait = wait.as_ref().map(|wait| wait_call(jobs, wait));
            let attempts = attempts.as_ref().map(|attempts| attempts_call(jobs, attempts));
            let jitter = jitter.as_ref().map(|jitter| quote!(.jitter(#jitter)));
            quote!(#jobs::Rule::retry(#matcher, #jobs::RetryPolicy::new() #wait #attempts #jitter))
        }
        Response::Discard => quote!(#jobs::Rule::discard(#matcher)),
        Response::Rescue(with) => {
            let with = failure_callback(jobs, with);
            quote!(#jobs::Rule::rescue(#matcher, #with))
        }
    };
    let queue = rule.queue.as_ref().map(|queue| quote!(.queue(#queue)));
    let priority = rule.priority.as_ref().map(|priority| quote!(.priority(#priority)));
    let told = rule.told.as_ref().map(|path| failure_callback(jobs, path));
    let told = told.map(|told| quote!(.when_given_up(#told)));
    quote!(.rule(#made #queue #priority #told))
}

fn matcher(jobs: &Path, what: &Matcher, words: &str, place: Owner) -> TokenStream {
    match what {
        Matcher::Any => quote!(#jobs::Matcher::any()),
        Matcher::Builtin(word) => quote!(#jobs::Matcher::error::<#jobs::#word>(#words)),
        Matcher::Type(ty) if place == Owner::Job => {
            let error = error_type(jobs, ty);
            quote!(<#error as #jobs::Raises<#ty>>::raised(#words))
        }
        Matcher::Type(ty) | Matcher::Cause(ty) => quote!(#jobs::Matcher::error::<#ty>(#words)),
        Matcher::Pattern(pattern, guard) => {
            let guard = guard.as_ref().map(|guard| quote!(if #guard));
            let test = quote!(|__error| ::core::matches!(__error, #pattern #guard));
            quote!(#jobs::Matcher::pattern::<<Self as #jobs::Job>::Error>(#words, #test))
        }
        Matcher::Predicate(path) => {
            let call = quote_spanned!(at_first(path)=> (__error));
            quote!(#jobs::Matcher::pattern::<<Self as #jobs::Job>::Error>(#words, |__error| #path #call))
        }
        Matcher::OneOf(parts) => {
            let parts = parts.iter().map(|(what, words)| matcher(jobs, what, words, place));
            quote!(#jobs::Matcher::one_of(#words, [#(#parts),*]))
        }
    }
}

fn wait_call(jobs: &Path, wait: &Wait) -> TokenStream {
    match wait {
        Wait::Known(wait) => {
            let wait = duration(*wait);
            quote!(.wait(#wait))
        }
        Wait::Polynomial => quote!(.wait(#jobs::Wait::PolynomiallyLonger)),
        Wait::Exponential => quote!(.wait(#jobs::Wait::exponentially_longer())),
        Wait::Expression(wait) => quote!(.wait(#jobs::__private::wait(#wait))),
    }
}

fn attempts_call(jobs: &Path, attempts: &Attempts) -> TokenStream {
    match attempts {
        Attempts::Unlimited => quote!(.attempts(#jobs::Attempts::Unlimited)),
        Attempts::AtMost(most) => quote!(.attempts(#most)),
    }
}

/// A duration as an expression that is constant.
pub(crate) fn duration(span: Duration) -> TokenStream {
    let (seconds, nanos) = (span.as_secs(), span.subsec_nanos());
    quote!(::core::time::Duration::new(#seconds, #nanos))
}

/// A timeout as an expression that is constant.
pub(crate) fn timeout(timeout: &DurationValue) -> TokenStream {
    match timeout {
        DurationValue::Known(limit) => duration(*limit),
        DurationValue::Expression(limit) => limit.to_token_stream(),
    }
}

fn failure_callback(jobs: &Path, path: &Path) -> TokenStream {
    let call = quote_spanned!(at_first(path)=> (__context, __failure));
    let answer = answer(jobs, "told", path, &call);
    quote!(#jobs::__private::failure_callback(|__context, __failure| #answer))
}

/// The future of what a function answers.
pub(crate) fn answer(jobs: &Path, by: &str, path: &Path, call: &TokenStream) -> TokenStream {
    let by = format_ident!("{by}");
    let jobs = moved(jobs, at_first(path));
    quote_spanned!(at_first(path)=> #jobs::__private::#by(#path #call))
}
