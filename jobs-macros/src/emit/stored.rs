//! Emits the check that the arguments of a job can be stored.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::model::{Argument, JobModel};

/// A call for each argument, before the struct: the compiler reports it before the errors of serde's derives.
pub(crate) fn check(job: &JobModel) -> Option<TokenStream> {
    let jobs = &job.jobs;
    // With an attribute of serde the type itself need not be storable.
    let is_plain = |argument: &&Argument| argument.of_field.iter().all(|attribute| attribute.path().is_ident("doc"));
    let calls = job.arguments().filter(is_plain).map(|Argument { ty, cfg, .. }| {
        let borrowed = borrowed(ty);
        quote!(#(#cfg)* #jobs::__private::stored_argument::<#ty, #borrowed>();)
    });
    let calls: Vec<_> = calls.collect();
    (!calls.is_empty()).then(|| quote!(const _: () = { #(#calls)* };))
}

/// What a job borrows that wants to share this value: of an `Arc` its content, if that has a size.
fn borrowed(ty: &Type) -> &Type {
    shared(ty).filter(|content| !matches!(content, Type::TraitObject(_))).unwrap_or(ty)
}

/// The `T` of `Arc<T>` and `Rc<T>`, by how they are written.
fn shared(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Arc" || last.ident == "Rc")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(content) => Some(content),
        _ => None,
    }
}
