//! Spans of emitted code: where the compiler points if the code does not fit what the user wrote.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Path};

/// Points at `span`. Names are resolved at the call site, as in all emitted code.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// Points at the first of these tokens.
pub(crate) fn at_first(tokens: &impl ToTokens) -> Span {
    at(ends(tokens).0)
}

/// The same tokens, located at `span`.
pub(crate) fn moved(path: &Path, span: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        token.set_span(token.span().located_at(span));
        token
    };
    path.to_token_stream().into_iter().map(moved).collect()
}

/// The spans of the first and the last token. The compiler underlines all between them if an expression begins at the one
/// and ends at the other.
fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// `<of as role>::name`; an error about it points at `written`.
pub(crate) fn projection(of: &TokenStream, role: &TokenStream, name: &str, written: &impl ToTokens) -> TokenStream {
    let (first, last) = ends(written);
    let open = quote_spanned!(first=> <);
    let name = Ident::new(name, last);
    quote!(#open #of as #role>::#name)
}

/// `Result<output, error>`; an error about it points at `written`.
pub(crate) fn result(output: &TokenStream, error: &TokenStream, written: &impl ToTokens) -> TokenStream {
    let (first, last) = ends(written);
    let (open, close) = (quote_spanned!(first=> ::core::result::Result<), quote_spanned!(last=> >));
    quote!(#open #output, #error #close)
}

/// The job's error type; an error about it points at `written`.
pub(crate) fn error_type(jobs: &Path, written: &impl ToTokens) -> TokenStream {
    projection(&quote!(Self), &quote!(#jobs::Job), "Error", written)
}
