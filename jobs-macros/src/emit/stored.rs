//! Emits the check that the arguments of a job can be stored.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

use crate::model::{Argument, JobModel};

/// A call for each argument, before the struct: the compiler reports it before the errors of serde's derives.
pub(crate) fn check(job: &JobModel) -> Option<TokenStream> {
    let jobs = &job.jobs;
    // With an attribute of serde the type itself need not be storable.
    let has_no_serde = |argument: &&Argument| argument.of_field.iter().all(|one| one.path().is_ident("doc"));
    let arguments = job.arguments().filter(has_no_serde).filter(|argument| !is_storable(&argument.ty));
    let calls = arguments.map(|Argument { ty, cfg, .. }| {
        let borrowed = borrowed(ty);
        quote!(#(#cfg)* #jobs::__private::stored_argument::<#ty, #borrowed>();)
    });
    let calls: Vec<_> = calls.collect();
    (!calls.is_empty()).then(|| quote!(const _: () = { #(#calls)* };))
}

/// Whether the type is plainly storable, by how it is written: nothing is emitted for it.
fn is_storable(ty: &Type) -> bool {
    const NAMES: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
        "usize", "String",
    ];
    matches!(ty, Type::Path(path) if NAMES.iter().any(|name| path.path.is_ident(name)))
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
