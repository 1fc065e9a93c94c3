//! Emits the parts of signatures and calls that take and pass an argument.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Path, Type};

use crate::model::Argument;

/// A parameter that takes the argument.
pub(crate) fn parameter(argument: &Argument) -> TokenStream {
    let Argument { name, cfg, .. } = argument;
    let ty = accepted(&argument.ty);
    quote!(#(#cfg)* #name: #ty,)
}

/// The parameter of that name, passed on.
pub(crate) fn passed(argument: &Argument) -> TokenStream {
    let Argument { name, cfg, .. } = argument;
    quote!(#(#cfg)* #name,)
}

/// The type of a parameter that takes a value of this type: a text is converted from anything that becomes one.
pub(crate) fn accepted(ty: &Type) -> TokenStream {
    if is_text(ty) { quote!(impl ::core::convert::Into<#ty>) } else { quote!(#ty) }
}

/// The conversion of such a parameter, if it needs one.
pub(crate) fn conversion(argument: &Argument) -> Option<TokenStream> {
    let name = &argument.name;
    is_text(&argument.ty).then(|| quote!(::core::convert::Into::into(#name)))
}

/// The type that a setter takes, and the argument from it.
pub(crate) fn of_setter(jobs: &Path, argument: &Argument) -> (TokenStream, TokenStream) {
    let Argument { name, ty, .. } = argument;
    if is_option(ty) {
        return (
            quote!(impl #jobs::definition::IntoArgument<#ty>),
            quote!(#jobs::definition::IntoArgument::into_argument(#name)),
        );
    }
    (accepted(ty), conversion(argument).unwrap_or_else(|| name.to_token_stream()))
}

// A macro sees no types, only how they are written. Under an alias a text or an option is taken as it is.

fn is_text(ty: &Type) -> bool {
    ["String", "std::string::String", "::std::string::String"].contains(&text(ty).as_str())
}

pub(crate) fn is_option(ty: &Type) -> bool {
    let text = text(ty);
    ["Option<", "std::option::Option<", "::std::option::Option<"].iter().any(|option| text.starts_with(option))
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
