//! Rules and callbacks as calls of the library.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Path, parse_quote};

use crate::attribute::{Attribute, Callback, CallbackKind, Timeout};
use crate::keys::path_words;
use crate::rule::{Attempts, Response, Rule, Wait, What};

/// Emits into a job, which knows its error type, or into a base, which does not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Job,
    Base,
}

/// The path of the crate `jobs`.
pub(crate) fn krate(attribute: &Attribute) -> Path {
    attribute.krate.clone().unwrap_or_else(|| parse_quote!(::jobs))
}

/// The `policy` function, or nothing if nothing is declared.
pub(crate) fn function(attribute: &Attribute, place: Place) -> Option<TokenStream> {
    let jobs = krate(attribute);
    let inherit = attribute.base.as_ref().map(|base| quote!(.inherit::<#base>()));
    let rules = attribute.rules.iter().map(|one| rule(&jobs, one, place));
    let callbacks = attribute.callbacks.iter().map(|one| callback(&jobs, one, place));
    let told = attribute.after_discard.iter().map(|path| {
        let callback = failure_callback(&jobs, path);
        quote!(.after_discard(#callback))
    });
    let calls: TokenStream = inherit.into_iter().chain(rules).chain(callbacks).chain(told).collect();
    if calls.is_empty() && place == Place::Job {
        return None;
    }
    Some(quote! {
        fn policy() -> #jobs::Policy {
            #jobs::Policy::new() #calls
        }
    })
}

fn rule(jobs: &Path, rule: &Rule, place: Place) -> TokenStream {
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

fn matcher(jobs: &Path, what: &What, words: &str, place: Place) -> TokenStream {
    match what {
        What::Any => quote!(#jobs::Matcher::any()),
        What::Own(word) => quote!(#jobs::Matcher::error::<#jobs::#word>(#words)),
        What::Type(ty) if place == Place::Job => {
            quote_spanned!(ty.span()=> #jobs::__private::raised::<Self, #ty>(#words))
        }
        What::Type(ty) | What::Cause(ty) => quote_spanned!(ty.span()=> #jobs::Matcher::error::<#ty>(#words)),
        What::Pattern(pattern, guard) => {
            let guard = guard.as_ref().map(|guard| quote!(if #guard));
            quote!(#jobs::Matcher::pattern::<<Self as #jobs::Job>::Error>(#words, |error| ::core::matches!(error, #pattern #guard)))
        }
        What::Predicate(path) => {
            quote!(#jobs::Matcher::pattern::<<Self as #jobs::Job>::Error>(#words, |error| #path(error)))
        }
        What::OneOf(parts) => {
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
pub(crate) fn timeout(timeout: &Timeout) -> TokenStream {
    match timeout {
        Timeout::Known(limit) => duration(*limit),
        Timeout::Expression(limit) => limit.to_token_stream(),
    }
}

fn failure_callback(jobs: &Path, path: &Path) -> TokenStream {
    quote! {
        #jobs::__private::failure_callback(|context, failure| ::std::boxed::Box::pin(#jobs::__private::told(#path(context, failure))))
    }
}

fn callback(jobs: &Path, callback: &Callback, place: Place) -> TokenStream {
    let (path, words) = (&callback.path, path_words(&callback.path));
    let (constructor, parameters, run) = match (callback.kind, place) {
        (CallbackKind::BeforePerform, Place::Job) => {
            (quote!(before_perform::<Self>), quote!(context, job), quote!(verdict))
        }
        (CallbackKind::AfterPerform, Place::Job) => {
            (quote!(after_perform::<Self>), quote!(context, job), quote!(verdict))
        }
        (CallbackKind::AroundPerform, Place::Job) => {
            (quote!(around_perform::<Self>), quote!(context, job, next), quote!(told))
        }
        (CallbackKind::BeforeEnqueue, Place::Job) => {
            (quote!(before_enqueue::<Self>), quote!(enqueue, job), quote!(verdict))
        }
        (CallbackKind::AfterEnqueue, Place::Job) => {
            (quote!(after_enqueue::<Self>), quote!(enqueue, job), quote!(verdict))
        }
        (CallbackKind::BeforePerform, Place::Base) => (quote!(before_any), quote!(context), quote!(verdict)),
        (CallbackKind::AfterPerform, Place::Base) => (quote!(after_any), quote!(context), quote!(verdict)),
        (CallbackKind::AroundPerform, Place::Base) => (quote!(around_any), quote!(context, next), quote!(told)),
        (CallbackKind::BeforeEnqueue, Place::Base) => (quote!(before_any_enqueue), quote!(enqueue), quote!(verdict)),
        (CallbackKind::AfterEnqueue, Place::Base) => (quote!(after_any_enqueue), quote!(enqueue), quote!(verdict)),
    };
    quote! {
        .callback(#jobs::Callback::#constructor(#words, |#parameters| ::std::boxed::Box::pin(#jobs::__private::#run(#path(#parameters)))))
    }
}
