//! Callbacks, and which of them are left out, as calls of the library.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Ident, Path};

use crate::emit::policy::{Owner, answer};
use crate::parse::callback::{Callback, CallbackKind, Condition, Skip};
use crate::parse::values::path_words;
use crate::spans::at_first;

/// `.callback(..)`.
pub(crate) fn callback(jobs: &Path, callback: &Callback, place: Owner) -> TokenStream {
    let Callback { kind, path, conditions } = callback;
    let words = path_words(path);
    let next = kind.is_around().then(|| Ident::new("__next", at_first(path)));
    // The arguments of the call stand where the path does, so that what does not fit is told there.
    let names: Vec<_> = seen(*kind, place, at_first(path)).chain(next).collect();
    let call = quote_spanned!(at_first(path)=> (#(#names),*));
    let answer = answer(jobs, if kind.is_around() { "told" } else { "verdict" }, path, &call);
    let (constructor, of) = (constructor(*kind, place), of(place));
    let conditions = conditions.iter().map(|one| condition(jobs, *kind, one, place));
    quote!(.callback(#jobs::Callback::#constructor #of(#words, |#(#names),*| #answer) #(#conditions)*))
}

/// What a callback and its conditions are shown.
fn seen(kind: CallbackKind, place: Owner, span: Span) -> impl Iterator<Item = Ident> {
    let first = if kind.is_of_enqueue() { "__enqueue" } else { "__context" };
    let job = (place == Owner::Job).then_some("__job");
    [Some(first), job].into_iter().flatten().map(move |name| Ident::new(name, span))
}

fn of(place: Owner) -> Option<TokenStream> {
    (place == Owner::Job).then(|| quote!(::<Self>))
}

fn constructor(kind: CallbackKind, place: Owner) -> Ident {
    let (of_job, of_any) = match kind {
        CallbackKind::BeforePerform => ("before_perform", "before_any"),
        CallbackKind::AfterPerform => ("after_perform", "after_any"),
        CallbackKind::AroundPerform => ("around_perform", "around_any"),
        CallbackKind::BeforeEnqueue => ("before_enqueue", "before_any_enqueue"),
        CallbackKind::AfterEnqueue => ("after_enqueue", "after_any_enqueue"),
        CallbackKind::AroundEnqueue => ("around_enqueue", "around_any_enqueue"),
    };
    if place == Owner::Job { format_ident!("{of_job}") } else { format_ident!("{of_any}") }
}

fn condition(jobs: &Path, kind: CallbackKind, condition: &Condition, place: Owner) -> TokenStream {
    let path = &condition.path;
    let names: Vec<_> = seen(kind, place, at_first(path)).collect();
    let call = quote_spanned!(at_first(path)=> (#(#names),*));
    let by = if condition.wanted { format_ident!("only_if") } else { format_ident!("unless") };
    let question = match (kind.is_of_enqueue(), place) {
        (false, Owner::Job) => format_ident!("on_perform"),
        (false, Owner::Base) => format_ident!("on_any_perform"),
        (true, Owner::Job) => format_ident!("on_enqueue"),
        (true, Owner::Base) => format_ident!("on_any_enqueue"),
    };
    let of = of(place);
    quote!(.#by(#jobs::Condition::#question #of(|#(#names),*| #path #call)))
}

/// `.skip(..)`.
pub(crate) fn skip(jobs: &Path, skip: &Skip) -> TokenStream {
    let words = path_words(&skip.path);
    let kind = match skip.kind {
        CallbackKind::BeforePerform => format_ident!("BeforePerform"),
        CallbackKind::AfterPerform => format_ident!("AfterPerform"),
        CallbackKind::AroundPerform => format_ident!("AroundPerform"),
        CallbackKind::BeforeEnqueue => format_ident!("BeforeEnqueue"),
        CallbackKind::AfterEnqueue => format_ident!("AfterEnqueue"),
        CallbackKind::AroundEnqueue => format_ident!("AroundEnqueue"),
    };
    quote!(.skip(#jobs::callback::Kind::#kind, #words))
}
