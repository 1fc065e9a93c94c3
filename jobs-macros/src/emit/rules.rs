//! Emits the rules of a policy.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use crate::emit::callbacks::failure_callback;
use crate::emit::duration;
use crate::model::{Attempts, DurationValue, Jitter, Matcher, Owner, Response, Retry, Rule, Wait};
use crate::source_location::{at_first, error_type};

/// `.rule(..)`.
pub(crate) fn rule(jobs: &Path, rule: &Rule, owner: Owner) -> TokenStream {
    let matcher = matcher(jobs, &rule.matcher, &rule.text, owner);
    let rule = match &rule.response {
        Response::Retry(one) => retry(jobs, &matcher, one),
        Response::Discard { callback } => {
            let given_up = callback.as_ref().map(|path| when_given_up(jobs, path));
            quote!(#jobs::policy::Rule::discard(#matcher) #given_up)
        }
        Response::Rescue { callback } => {
            let callback = failure_callback(jobs, callback);
            quote!(#jobs::policy::Rule::rescue(#matcher, #callback))
        }
    };
    quote!(.rule(#rule))
}

fn retry(jobs: &Path, matcher: &TokenStream, retry: &Retry) -> TokenStream {
    let wait = retry.wait.as_ref().map(|one| wait(jobs, one));
    let attempts = retry.attempts.as_ref().map(|attempts| match attempts {
        Attempts::Unlimited => quote!(.attempts(#jobs::policy::Attempts::Unlimited)),
        Attempts::AtMost(most) => quote!(.attempts(#most)),
    });
    let jitter = retry.jitter.as_ref().map(|one| jitter(jobs, one));
    let queue = retry.queue.as_ref().map(|queue| quote!(.queue(#queue)));
    let priority = retry.priority.as_ref().map(|priority| quote!(.priority(#priority)));
    let given_up = retry.exhausted.as_ref().map(|path| when_given_up(jobs, path));
    let policy = quote!(#jobs::policy::RetryPolicy::new() #wait #attempts #jitter);
    quote!(#jobs::policy::Rule::retry(#matcher, #policy) #queue #priority #given_up)
}

/// The call that sets a jitter.
pub(crate) fn jitter(jobs: &Path, jitter: &Jitter) -> TokenStream {
    match jitter {
        Jitter::Full => quote!(.jitter(#jobs::policy::Jitter::Full)),
        Jitter::Fraction(fraction) => quote!(.jitter(#fraction)),
    }
}

fn when_given_up(jobs: &Path, path: &Path) -> TokenStream {
    let callback = failure_callback(jobs, path);
    quote!(.when_given_up(#callback))
}

fn wait(jobs: &Path, wait: &Wait) -> TokenStream {
    let wait = match wait {
        Wait::Duration(DurationValue::Known(wait)) => duration::constant(*wait),
        Wait::Duration(DurationValue::Expression(wait)) => quote!(#jobs::__private::wait(#wait)),
        Wait::Polynomial => quote!(#jobs::policy::Wait::PolynomiallyLonger),
        Wait::Exponential => quote!(#jobs::policy::Wait::exponentially_longer()),
    };
    quote!(.wait(#wait))
}

fn matcher(jobs: &Path, matcher: &Matcher, text: &str, owner: Owner) -> TokenStream {
    match matcher {
        Matcher::Any => quote!(#jobs::policy::Matcher::any()),
        Matcher::Builtin(word) => quote!(#jobs::policy::Matcher::error::<#jobs::#word>(#text)),
        // The compiler checks that the job's error can be this one.
        Matcher::Type(ty) if owner == Owner::Job => {
            let error = error_type(jobs, ty);
            quote!(<#error as #jobs::policy::Raises<#ty>>::raised(#text))
        }
        Matcher::Type(ty) | Matcher::Cause(ty) => quote!(#jobs::policy::Matcher::error::<#ty>(#text)),
        Matcher::Pattern(pattern, guard) => {
            let guard = guard.as_ref().map(|guard| quote!(if #guard));
            let closure = quote!(|__error| ::core::matches!(__error, #pattern #guard));
            quote!(#jobs::policy::Matcher::pattern::<<Self as #jobs::Job>::Error>(#text, #closure))
        }
        Matcher::Predicate(path) => {
            let call = quote_spanned!(at_first(path)=> (__error));
            quote!(#jobs::policy::Matcher::pattern::<<Self as #jobs::Job>::Error>(#text, |__error| #path #call))
        }
        Matcher::OneOf(parts) => {
            let parts = parts.iter().map(|(part, text)| self::matcher(jobs, part, text, owner));
            quote!(#jobs::policy::Matcher::one_of(#text, [#(#parts),*]))
        }
    }
}
