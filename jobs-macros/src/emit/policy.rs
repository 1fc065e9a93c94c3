//! Emits a policy.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::emit::callbacks::{callback, failure_callback, skip};
use crate::emit::rules::{jitter, rule};
use crate::model::Policy;

/// The function `policy`.
pub(crate) fn function(jobs: &Path, policy: &Policy) -> TokenStream {
    let owner = policy.owner;
    let inherit = policy.base.as_ref().map(|base| quote!(.over(&<#base as #jobs::definition::Base>::policy())));
    let jitter = policy.jitter.as_ref().map(|one| jitter(jobs, one));
    let rules = policy.rules.iter().map(|one| rule(jobs, one, owner));
    let skips = policy.skips.iter().map(|one| skip(jobs, one));
    let callbacks = policy.callbacks.iter().map(|one| callback(jobs, one, owner));
    let after_discard = policy.after_discard.iter().map(|path| {
        let callback = failure_callback(jobs, path);
        quote!(.after_discard(#callback))
    });
    quote! {
        fn policy() -> #jobs::policy::Policy {
            #jobs::policy::Policy::new() #inherit #jitter #(#rules)* #(#skips)* #(#callbacks)* #(#after_discard)*
        }
    }
}
