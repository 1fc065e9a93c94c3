//! Emits a base.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::{policy, settings};
use crate::model::Base;

/// The struct and `impl Base`.
pub(crate) fn base(base: &Base) -> TokenStream {
    let Base { jobs, structure, .. } = base;
    let name = &structure.ident;
    let text = name.to_string();
    let settings = settings::shared(jobs, &base.settings);
    let policy = policy::function(jobs, &base.policy);
    quote! {
        #structure
        impl #jobs::definition::Base for #name {
            const SETTINGS: #jobs::Settings = #jobs::Settings::new(#text) #settings;
            #policy
        }
    }
}
