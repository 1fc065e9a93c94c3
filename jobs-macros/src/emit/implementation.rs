//! Emits `impl Job`.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;

use crate::emit::{functions, policy, returned, settings};
use crate::model::{JobModel, Parameter, Provided, ReturnForm};
use crate::source_location::{at, projection};

/// `impl Job`.
pub(crate) fn implementation(job: &JobModel) -> TokenStream {
    let JobModel { jobs, name, returned, .. } = job;
    let (output, error) = if job.is_remote {
        (quote!(()), quote!(#jobs::definition::PerformedElsewhere))
    } else {
        (returned::output(jobs, returned), returned::error(jobs, returned))
    };
    let settings = settings::of_job(jobs, &job.settings);
    let body = if job.is_remote { performed_elsewhere(jobs) } else { [perform(job), cause(job)].into_iter().collect() };
    let policy = (!job.policy.is_empty()).then(|| policy::function(jobs, &job.policy));
    let (requires, functions) = (requires(job), functions::functions(jobs, &job.functions));
    let deprecated = job.function.attributes("deprecated").next().map(|_| quote!(#[allow(deprecated)]));
    quote! {
        #deprecated
        impl #jobs::Job for #name {
            type Output = #output;
            type Error = #error;
            const SETTINGS: #jobs::Settings = #settings;
            #body
            #requires
            #policy
            #functions
        }
    }
}

/// What stands for the body of a job that another program performs.
fn performed_elsewhere(jobs: &Path) -> TokenStream {
    quote! {
        async fn perform(self, _: &#jobs::Context) -> ::core::result::Result<(), #jobs::definition::PerformedElsewhere> {
            ::core::result::Result::Err(#jobs::definition::PerformedElsewhere::of::<Self>())
        }
        fn cause(__error: &#jobs::definition::PerformedElsewhere) -> #jobs::__private::Cause<'_> {
            #jobs::definition::as_error(__error)
        }
    }
}

/// Calls the function with the stored and the provided arguments.
fn perform(job: &JobModel) -> TokenStream {
    let JobModel { jobs, function, returned, .. } = job;
    let name = &function.sig.ident;
    // An error about the function's future has to point at the function.
    let span = at(name.span());
    let values = job.parameters.iter().map(|parameter| match parameter {
        Parameter::Argument(argument) => {
            let (cfg, field) = (&argument.cfg, &argument.name);
            let value = quote_spanned!(span=> self.#field);
            quote!(#(#cfg)* #value)
        }
        Parameter::Provided(Provided { ty: None, cfg, .. }) => quote!(#(#cfg)* __context),
        Parameter::Provided(Provided { ty: Some(ty), cfg, .. }) => quote!(#(#cfg)* __context.provided::<#ty>()),
    });
    let call = quote!(#name(#(#values),*));
    let needs_context = job.parameters.iter().any(|parameter| parameter.provided().is_some());
    let call = match (function.sig.asyncness, needs_context) {
        (Some(_), _) => quote_spanned!(span=> #call.await),
        (None, false) => quote!(#jobs::__private::blocking(move || #call).await),
        (None, true) => quote!(#jobs::__private::blocking_with(__context, move |__context| #call).await),
    };
    let (result, body) = (returned::plain(jobs, returned), returned::converted(jobs, returned, call));
    let context = if needs_context { quote!(__context) } else { quote!(_) };
    quote_spanned! {span=>
        async fn perform(self, #context: &#jobs::Context) -> #result { #body }
    }
}

/// The error as the standard library's trait. A type that does not implement it is reported where it is written.
fn cause(job: &JobModel) -> TokenStream {
    let JobModel { jobs, returned, .. } = job;
    let error = returned::error(jobs, returned);
    let written = match &returned.form {
        ReturnForm::Result { error, .. } => error,
        ReturnForm::Nothing | ReturnForm::Alias => &returned.ty,
    };
    let view = projection(&error, &quote!(#jobs::__private::AsError<_>), "as_error", written);
    quote! {
        fn cause(__error: &#error) -> #jobs::__private::Cause<'_> { #view(__error) }
    }
}

/// The types that the runtime has to provide.
fn requires(job: &JobModel) -> Option<TokenStream> {
    let jobs = &job.jobs;
    let required = job.parameters.iter().filter_map(Parameter::provided).filter_map(|Provided { ty, cfg, .. }| {
        let ty = ty.as_ref()?;
        Some(quote!(#(#cfg)* #jobs::definition::Requirement::of::<#ty>()))
    });
    let required: Vec<_> = required.collect();
    (!required.is_empty())
        .then(|| quote!(const REQUIRES: &'static [#jobs::definition::Requirement] = &[#(#required),*];))
}
