//! Emits the types that a job's function returns, and the conversion of what it returns to a `Result`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Path, Type};

use crate::model::{ReturnForm, Returned};
use crate::source_location::{projection, result};

/// The output type.
pub(crate) fn output(jobs: &Path, returned: &Returned) -> TokenStream {
    match &returned.form {
        ReturnForm::Result { output, .. } => output.to_token_stream(),
        ReturnForm::Nothing => quote!(()),
        ReturnForm::Alias => part(jobs, &returned.ty, "Output"),
    }
}

/// The error type.
pub(crate) fn error(jobs: &Path, returned: &Returned) -> TokenStream {
    match &returned.form {
        ReturnForm::Result { error, .. } => error.to_token_stream(),
        ReturnForm::Nothing => quote!(::core::convert::Infallible),
        ReturnForm::Alias => part(jobs, &returned.ty, "Error"),
    }
}

/// The type as a plain `Result`.
pub(crate) fn plain(jobs: &Path, returned: &Returned) -> TokenStream {
    match &returned.form {
        ReturnForm::Result { .. } => returned.ty.to_token_stream(),
        _ => result(&output(jobs, returned), &error(jobs, returned), &returned.ty),
    }
}

/// What the call returns, as a plain `Result`.
pub(crate) fn converted(jobs: &Path, returned: &Returned, call: TokenStream) -> TokenStream {
    match &returned.form {
        ReturnForm::Result { .. } => call,
        ReturnForm::Nothing => quote!(#call; ::core::result::Result::Ok(())),
        ReturnForm::Alias => {
            let convert = part(jobs, &returned.ty, "into_result");
            quote!(let __turn: fn(_) -> _ = #convert; __turn(#call))
        }
    }
}

/// A part of an alias, which only the compiler can resolve.
fn part(jobs: &Path, ty: &Type, name: &str) -> TokenStream {
    projection(&ty.to_token_stream(), &quote!(#jobs::__private::Returned), name, ty)
}
