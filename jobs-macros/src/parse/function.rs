//! Reads a function's signature. Its body stays as written, so that rustc reports what is wrong in there.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{Parse, ParseStream};
use syn::token::Brace;

use crate::model::Function;

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut function = head(input)?;
        if input.peek(Token![;]) {
            return Err(input.error("a job is a function with a body; write `{ .. }` instead of `;`"));
        }
        if !input.peek(Brace) {
            return Err(input.error("expected the body of the function"));
        }
        function.body = input.parse::<TokenTree>()?.into();
        Ok(function)
    }
}

/// The function below `#[remote]`. Its body is empty, unless it was written by mistake.
pub(crate) struct RemoteFunction(pub(crate) Function);

impl Parse for RemoteFunction {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut function = head(input)?;
        if input.peek(Brace) {
            function.body = input.parse::<TokenTree>()?.into();
        } else {
            input.parse::<Token![;]>()?;
        }
        Ok(Self(function))
    }
}

/// What stands before the body.
fn head(input: ParseStream<'_>) -> syn::Result<Function> {
    let attrs: Vec<_> = input.call(syn::Attribute::parse_outer)?;
    let (vis, sig) = (input.parse()?, input.parse()?);
    let (derives, attrs): (_, Vec<_>) = attrs.into_iter().partition(|one| one.path().is_ident("derive"));
    let (of_serde, attrs) = attrs.into_iter().partition(|one| one.path().is_ident("serde"));
    Ok(Function { attrs, derives, of_serde, vis, sig, body: TokenStream::new() })
}
