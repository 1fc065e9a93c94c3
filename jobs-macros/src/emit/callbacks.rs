//! Emits callbacks, and those that are left out.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, Path};

use crate::model::{Callback, CallbackKind, Condition, Owner, Skip};
use crate::source_location::{at_first, moved};
use crate::token_text;

/// `.callback(..)`.
pub(crate) fn callback(jobs: &Path, callback: &Callback, owner: Owner) -> TokenStream {
    let Callback { kind, path, conditions } = callback;
    let text = token_text::of(&path.to_token_stream());
    let next = kind.is_around().then(|| Ident::new("__next", at_first(path)));
    // The arguments of the call have the location of the path, so that a mismatch is reported there.
    let names: Vec<_> = parameters(*kind, owner, at_first(path)).chain(next).collect();
    let call = quote_spanned!(at_first(path)=> (#(#names),*));
    let answer = answer(jobs, if kind.is_around() { "told" } else { "verdict" }, path, &call);
    let (constructor, of) = (constructor(*kind, owner), of(owner));
    let conditions = conditions.iter().map(|one| condition(jobs, *kind, one, owner));
    quote!(.callback(#jobs::callback::Callback::#constructor #of(#text, |#(#names),*| #answer) #(#conditions)*))
}

/// The parameters of a callback and of its conditions.
fn parameters(kind: CallbackKind, owner: Owner, span: Span) -> impl Iterator<Item = Ident> {
    let first = if kind.is_of_enqueue() { "__enqueue" } else { "__context" };
    let job = (owner == Owner::Job).then_some("__job");
    [Some(first), job].into_iter().flatten().map(move |name| Ident::new(name, span))
}

fn of(owner: Owner) -> Option<TokenStream> {
    (owner == Owner::Job).then(|| quote!(::<Self>))
}

/// `before_perform`, or `before_any` in a base; `before_enqueue`, or `before_any_enqueue`.
fn constructor(kind: CallbackKind, owner: Owner) -> Ident {
    let of_job = kind.key();
    match owner {
        Owner::Job | Owner::Remote => format_ident!("{of_job}"),
        Owner::Base => format_ident!("{}", of_job.replace("_perform", "_any").replace("_enqueue", "_any_enqueue")),
    }
}

fn condition(jobs: &Path, kind: CallbackKind, condition: &Condition, owner: Owner) -> TokenStream {
    let path = &condition.path;
    let names: Vec<_> = parameters(kind, owner, at_first(path)).collect();
    let call = quote_spanned!(at_first(path)=> (#(#names),*));
    let by = if condition.wanted { format_ident!("only_if") } else { format_ident!("unless") };
    let any = if owner == Owner::Base { "any_" } else { "" };
    let constructor = format_ident!("on_{any}{}", if kind.is_of_enqueue() { "enqueue" } else { "perform" });
    let of = of(owner);
    quote!(.#by(#jobs::callback::Condition::#constructor #of(|#(#names),*| #path #call)))
}

/// `.skip(..)`.
pub(crate) fn skip(jobs: &Path, skip: &Skip) -> TokenStream {
    let text = token_text::of(&skip.path.to_token_stream());
    let kind = format_ident!("{}", format!("{:?}", skip.kind));
    quote!(.skip(#jobs::callback::Kind::#kind, #text))
}

/// A function that is called with a failure.
pub(crate) fn failure_callback(jobs: &Path, path: &Path) -> TokenStream {
    let call = quote_spanned!(at_first(path)=> (__context, __failure));
    let answer = answer(jobs, "told", path, &call);
    quote!(#jobs::__private::failure_callback(|__context, __failure| #answer))
}

/// The future of a function's answer, made by the library's function `by`.
fn answer(jobs: &Path, by: &str, path: &Path, call: &TokenStream) -> TokenStream {
    let by = format_ident!("{by}");
    let jobs = moved(jobs, at_first(path));
    quote_spanned!(at_first(path)=> #jobs::__private::#by(#path #call))
}
