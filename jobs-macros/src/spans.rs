//! Where the compiler points when what is emitted does not fit what was written.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Ident, Path};

/// Points at `span`; names are resolved as everywhere in what is emitted.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// Points at the first of these tokens.
pub(crate) fn at_first(tokens: &impl ToTokens) -> Span {
    at(ends(tokens).0)
}

/// The same tokens, shown at this place.
pub(crate) fn moved(path: &Path, place: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    path.to_token_stream().into_iter().map(moved).collect()
}

/// The places of the first and the last token: what begins at the one and ends at the other is shown as all of it.
fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.to_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// `<of as role>::name`, shown at `place` if it is wrong.
pub(crate) fn projection(of: &TokenStream, role: &TokenStream, name: &str, place: &impl ToTokens) -> TokenStream {
    let (first, last) = ends(place);
    let open = quote_spanned!(first=> <);
    let name = Ident::new(name, last);
    quote!(#open #of as #role>::#name)
}

/// `Result<output, error>`, shown at `place` if it is wrong.
pub(crate) fn result(output: &TokenStream, error: &TokenStream, place: &impl ToTokens) -> TokenStream {
    let (first, last) = ends(place);
    let (open, close) = (quote_spanned!(first=> ::core::result::Result<), quote_spanned!(last=> >));
    quote!(#open #output, #error #close)
}

/// The job's error type, shown at `place` if something is wrong with it there.
pub(crate) fn error_type(jobs: &Path, place: &impl ToTokens) -> TokenStream {
    projection(&quote!(Self), &quote!(#jobs::Job), "Error", place)
}
