//! Emits a job: its function, the struct of its arguments, what enqueues it, `impl Job`, and its registration.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{LitStr, Path, Visibility, parse_quote};

use crate::emit::argument::is_option;
use crate::emit::debug;
use crate::emit::implementation::implementation;
use crate::emit::methods::{default_function, methods};
use crate::emit::stored;
use crate::model::{Argument, DefaultValue, Function, JobModel};

/// All items. A `#[cfg]` of the function is repeated on the others.
pub(crate) fn job(job: &JobModel) -> TokenStream {
    let (function, allow_lints) = (&job.function, allow_lints(&job.function));
    let cfg: TokenStream = function.attributes("cfg").map(ToTokens::to_token_stream).collect();
    let items = [structure(job), methods(job), implementation(job), registration(job)];
    let items = stored::check(job).into_iter().chain(items);
    quote!(#allow_lints #function #(#cfg #items)*)
}

/// All items of a job that is performed elsewhere.
pub(crate) fn remote(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, function, .. } = job;
    let cfg: TokenStream = function.attributes("cfg").map(ToTokens::to_token_stream).collect();
    let registration = submit(job, &quote!(#jobs::definition::Remote::of::<#name>()));
    let items = [structure(job), methods(job), implementation(job), registration];
    let items = stored::check(job).into_iter().chain(items);
    quote!(#(#cfg #items)*)
}

/// Allows what a job cannot change: it owns its arguments, is not generic, and is async even if its body awaits nothing.
fn allow_lints(function: &Function) -> TokenStream {
    if function.sig.asyncness.is_some() {
        quote!(#[allow(clippy::implicit_hasher, clippy::unused_async)])
    } else {
        quote!(#[allow(clippy::implicit_hasher, clippy::needless_pass_by_value)])
    }
}

/// The struct, with the arguments as its fields.
fn structure(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, function, .. } = job;
    let (vis, docs, (derives, debug)) = (&function.vis, docs(job), debug::derives(job));
    let deprecated = function.attributes("deprecated");
    let serde = path_text(&parse_quote!(#jobs::__private::serde));
    // Parameters have no docs, so the fields made of them have none either.
    let allow_lints = (!matches!(vis, Visibility::Inherited)).then(|| quote!(#[allow(missing_docs)]));
    let fields = job.arguments().map(|argument| field(job, argument));
    quote! {
        #docs
        #(#deprecated)*
        #(#derives)*
        #[derive(#jobs::__private::serde::Serialize, #jobs::__private::serde::Deserialize)]
        #[serde(crate = #serde)]
        #allow_lints
        #vis struct #name { #(#fields,)* }
        #debug
    }
}

/// The function's docs; without any, a line that says what the struct is.
fn docs(job: &JobModel) -> TokenStream {
    let function = &job.function;
    let docs: TokenStream = function.attributes("doc").map(ToTokens::to_token_stream).collect();
    if !docs.is_empty() {
        return docs;
    }
    let text = if job.is_remote {
        format!(" The arguments of the job `{}`, which is performed elsewhere.", job.settings.name.value())
    } else {
        format!(" The job of [`{0}`]({0}()): its arguments.", function.sig.ident)
    };
    quote!(#[doc = #text])
}

fn field(job: &JobModel, argument: &Argument) -> TokenStream {
    let Argument { name, ty, cfg, of_field, .. } = argument;
    let vis = &job.function.vis;
    let default = argument.default.as_ref().map(|value| {
        let function = LitStr::new(&format!("{}::{}", job.name, default_function(name)), name.span());
        // Ruby has defaults of its own.
        let is_left_out = job.is_remote && matches!(value, DefaultValue::OfType) && is_option(ty);
        let skipped = is_left_out.then(|| quote!(, skip_serializing_if = "::core::option::Option::is_none"));
        quote!(#[serde(default = #function #skipped)])
    });
    quote!(#(#cfg)* #(#of_field)* #default #vis #name: #ty)
}

fn registration(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, .. } = job;
    submit(job, &quote!(#jobs::Definition::of::<#name>()))
}

fn submit(job: &JobModel, value: &TokenStream) -> TokenStream {
    let jobs = &job.jobs;
    let submit = quote!(#jobs::__private::inventory::submit!(#value););
    if job.function.attributes("deprecated").next().is_none() {
        return submit;
    }
    quote!(#[allow(deprecated)] const _: () = { #submit };)
}

/// A path as serde reads it in its own attributes.
fn path_text(path: &Path) -> String {
    path.to_token_stream().to_string().replace(' ', "")
}
