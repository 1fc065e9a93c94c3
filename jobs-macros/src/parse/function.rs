//! Reads a function's signature. Its body stays as written, so that rustc reports what is wrong in there.

use proc_macro2::TokenTree;
use syn::Token;
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;

use crate::model::Function;

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs: Vec<_> = input.call(syn::Attribute::parse_outer)?;
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
