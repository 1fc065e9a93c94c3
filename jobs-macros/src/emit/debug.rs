//! Emits `Debug` of a job that hides arguments, in place of the one that would be derived.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Path, Token, parse_quote};

use crate::model::{Argument, JobModel};

/// The derives of the struct, and an `impl Debug` if `Debug` is among them and would show what is hidden.
pub(crate) fn derives(job: &JobModel) -> (Vec<Attribute>, Option<TokenStream>) {
    let derives = &job.function.derives;
    if !may_hide(job) {
        return (derives.clone(), None);
    }
    let parsed = derives.iter().map(without_debug);
    let mut is_derived = false;
    let kept = parsed.map(|(kept, had_debug)| {
        is_derived |= had_debug;
        kept
    });
    let kept = kept.collect();
    (kept, is_derived.then(|| implementation(job)))
}

/// A base may hide all arguments; only its settings tell.
fn may_hide(job: &JobModel) -> bool {
    let shared = &job.settings.shared;
    let are_hidden = shared.log_arguments.as_ref().is_some_and(|shown| !shown.value);
    !job.settings.redacted.is_empty() || are_hidden || shared.base.is_some()
}

/// The attribute without `Debug`, and whether that was in it.
fn without_debug(attribute: &Attribute) -> (Attribute, bool) {
    let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
        return (attribute.clone(), false);
    };
    let is_debug = |path: &Path| path.segments.last().is_some_and(|last| last.ident == "Debug");
    let kept: Vec<_> = paths.iter().filter(|path| !is_debug(path)).collect();
    (parse_quote!(#[derive(#(#kept),*)]), kept.len() < paths.len())
}

fn implementation(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, settings, .. } = job;
    let text = name.to_string();
    let fields = job.arguments().map(|Argument { name, cfg, .. }| {
        let key = name.to_string();
        let value = if settings.redacted.contains(name) {
            quote!(&::core::format_args!("[redacted]"))
        } else {
            quote!(&self.#name)
        };
        quote!(#(#cfg)* { let _ = __shown.field(#key, #value); })
    });
    let deprecated = job.function.attributes("deprecated").next().map(|_| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                let mut __shown = __f.debug_struct(#text);
                if !<Self as #jobs::Job>::SETTINGS.shows_arguments() {
                    return __shown.finish_non_exhaustive();
                }
                #(#fields)*
                __shown.finish()
            }
        }
    }
    .into_token_stream()
}
