//! Emits the methods of `impl Job` that call a function which the attribute names.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use crate::model::JobFunctions;
use crate::source_location::at_first;

/// All of them that the attribute names.
pub(crate) fn functions(jobs: &Path, functions: &JobFunctions) -> TokenStream {
    let JobFunctions { queue, priority, unique_by, upgrade: older } = functions;
    let queue = queue.as_ref().map(queue_name);
    let priority = priority.as_ref().map(|path| {
        let call = quote_spanned!(at_first(path)=> (__job));
        quote! {
            fn priority(&self) -> ::core::primitive::i32 { let __job = self; #path #call }
            fn priority_or(&self, _: ::core::primitive::i32) -> ::core::primitive::i32 { #jobs::Job::priority(self) }
        }
    });
    let unique_by = unique_by.as_ref().map(|path| unique(jobs, path));
    let upgrade = older.as_ref().map(|path| upgrade(jobs, path));
    [queue, priority, unique_by, upgrade].into_iter().flatten().collect()
}

fn queue_name(path: &Path) -> TokenStream {
    let call = quote_spanned!(at_first(path)=> (__job));
    quote! {
        fn queue_name(&self) -> ::std::borrow::Cow<'static, ::core::primitive::str> {
            let __job = self;
            ::core::convert::Into::into(#path #call) }
    }
}

fn unique(jobs: &Path, path: &Path) -> TokenStream {
    let value = quote_spanned!(at_first(path)=> #jobs::unique::UniqueBy::value(&#path(__job)));
    quote! {
        fn unique_by(&self) -> ::core::option::Option<#jobs::unique::UniqueBy> {
            let __job = self;
            ::core::option::Option::Some(#value)
        }
    }
}

fn upgrade(jobs: &Path, path: &Path) -> TokenStream {
    quote! {
        fn upgrade(
            __arguments: #jobs::__private::Value,
            __version: ::core::primitive::u32,
        ) -> ::core::result::Result<#jobs::__private::Value, #jobs::BoxError> {
            #path(__arguments, __version).map_err(::core::convert::Into::into)
        }
    }
}
