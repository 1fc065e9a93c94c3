//! A function whose signature is read; its body stays as it was written, so that what is wrong in there is rustc's to tell.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;
use syn::{Attribute, Signature, Token, Visibility};

/// The function below `#[job]`.
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    /// `#[derive(..)]`, which can only be meant for the struct.
    pub(crate) derives: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    body: TokenStream,
}

impl Function {
    /// Takes out what rustc would complain of in its turn. The body goes too, as it may speak of it.
    pub(crate) fn without_variadic(&mut self) {
        if self.sig.variadic.take().is_some() {
            self.body = quote!({ loop {} });
        }
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs: Vec<_> = input.call(Attribute::parse_outer)?;
        let (vis, sig) = (input.parse()?, input.parse()?);
        if input.peek(Token![;]) {
            return Err(input.error("a job is a function with a body; write `{ .. }` instead of `;`"));
        }
        if !input.peek(Brace) {
            return Err(input.error("expected the body of the function"));
        }
        let body = input.parse::<TokenTree>()?.into();
        let (derives, attrs) = attrs.into_iter().partition(|one| one.path().is_ident("derive"));
        Ok(Self { attrs, derives, vis, sig, body })
    }
}

impl ToTokens for Function {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, sig, body, .. } = self;
        tokens.extend(quote!(#(#attrs)* #vis #sig #body));
    }
}
