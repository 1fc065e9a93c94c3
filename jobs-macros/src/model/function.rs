//! The function below `#[job]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Attribute, Signature, Visibility};

/// The function below `#[job]`, with a body that is not parsed.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    /// `#[derive(..)]`, which can only be meant for the struct.
    pub(crate) derives: Vec<Attribute>,
    /// `#[serde(..)]`, which is refused. It is not written back, so that rustc does not report it too.
    pub(crate) of_serde: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl Function {
    /// The attributes with this name.
    pub(crate) fn attributes(&self, name: &'static str) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(move |one| one.path().is_ident(name))
    }

    /// Whether its types mean the same outside of it.
    pub(crate) fn is_generic(&self) -> bool {
        !self.sig.generics.params.is_empty()
    }

    /// Removes a variadic, which rustc would report a second time. The body may use it, so it is removed too.
    pub(crate) fn remove_variadic(&mut self) {
        if self.sig.variadic.take().is_some() {
            self.body = quote!({ loop {} });
        }
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body, .. } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}
