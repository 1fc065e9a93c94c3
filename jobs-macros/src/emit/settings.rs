//! Emits the settings of jobs and bases.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;

use crate::emit::schedule;
use crate::model::{
    JobSettings, RubySignature, SharedSettings, StoredName, TimeoutValue, UniqueModel, UniqueUntil, UniqueWindow,
};

/// The calls that set what jobs and bases have in common.
pub(crate) fn shared(jobs: &Path, settings: &SharedSettings) -> TokenStream {
    let queue = settings.queue.as_ref().map(|queue| quote!(.queue(#queue)));
    let priority = settings.priority.as_ref().map(|priority| quote!(.priority(#priority)));
    let timeout = settings.timeout.as_ref().map(|timeout| match timeout {
        TimeoutValue::Never => quote!(.no_timeout()),
        TimeoutValue::After(limit) => quote!(.timeout(#limit)),
    });
    let expires = settings.expires_in.as_ref().map(|time| quote!(.expires_in(#time)));
    let log = settings.log_arguments.as_ref().map(|shown| quote!(.log_arguments(#shown)));
    let inherit = settings.base.as_ref().map(|base| quote!(.inherit(&<#base as #jobs::definition::Base>::SETTINGS)));
    [queue, priority, timeout, expires, log, inherit].into_iter().flatten().collect()
}

/// The settings of a job.
pub(crate) fn of_job(jobs: &Path, settings: &JobSettings) -> TokenStream {
    let (name, aliases) = (&settings.name, &settings.aliases);
    let aliases = (!aliases.is_empty()).then(|| quote!(.aliases(&[#(#aliases),*])));
    let version = settings.version.as_ref().map(|version| quote!(.version(#version)));
    let redact = settings.redact_except.as_ref().map(|except| {
        let keys = &settings.redact;
        quote!(.redact(&[#(#keys),*]).redact_except(&[#(#except),*]))
    });
    let unique = settings.unique.as_ref().map(|one| unique(jobs, one));
    let schedule = settings.schedule.as_ref().map(|one| schedule::call(jobs, one));
    let signature = settings.signature.as_ref().map(|one| signature(jobs, one));
    let remote = settings.is_remote.then(|| quote!(.remote()));
    let shared = shared(jobs, &settings.shared);
    quote!(#jobs::Settings::new(#name) #aliases #version #redact #unique #schedule #signature #remote #shared)
}

fn signature(jobs: &Path, signature: &RubySignature) -> TokenStream {
    let RubySignature { positional, keywords } = signature;
    let (positional, names) = (positional.iter().map(stored_name), keywords.iter().map(stored_name));
    let keywords = (!keywords.is_empty()).then(|| quote!(.keywords(&[#(#names),*])));
    quote!(.signature(#jobs::definition::Signature::new(&[#(#positional),*]) #keywords))
}

fn stored_name(StoredName { cfg, key }: &StoredName) -> TokenStream {
    quote!(#(#cfg)* #key)
}

fn unique(jobs: &Path, unique: &UniqueModel) -> TokenStream {
    let window = match &unique.window {
        UniqueWindow::Until { until, at_most } => {
            let until = match until {
                UniqueUntil::Start => quote!(#jobs::unique::UniqueUntil::Start),
                UniqueUntil::Done => quote!(#jobs::unique::UniqueUntil::Done),
            };
            let at_most = at_most.as_ref().map(|duration| quote!(.for_at_most(#duration)));
            quote!(until(#until) #at_most)
        }
        UniqueWindow::For(duration) => quote!(lasting(#duration)),
    };
    let by = &unique.by;
    let by = (!by.is_empty()).then(|| quote!(.by(&[#(#by),*])));
    quote!(.unique(#jobs::unique::Unique::#window #by))
}
