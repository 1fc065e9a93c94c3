//! Gathers mistakes, so that all of one attribute are told at once.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Error;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors {
    errors: Vec<Error>,
}

impl Errors {
    /// Notes a mistake at these tokens.
    pub(crate) fn at(&mut self, place: impl ToTokens, words: impl std::fmt::Display) {
        self.errors.push(Error::new_spanned(place, words));
    }

    /// Notes an error that was made elsewhere.
    pub(crate) fn add(&mut self, error: Error) {
        self.errors.push(error);
    }

    /// The value, or `None` with its error noted.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// All of them as `compile_error!`.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.errors.iter().map(Error::to_compile_error).collect()
    }
}
