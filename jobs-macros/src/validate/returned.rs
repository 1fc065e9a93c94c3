//! Checks the return type, by how it is written.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

use crate::errors::Errors;
use crate::model::{ReturnForm, Returned};
use crate::token_text;

/// The return type of a job; adds an error if a job cannot have it.
pub(crate) fn check(ty: &Type, errors: &mut Errors) -> Option<Returned> {
    let returned = of(ty);
    if returned.is_none() {
        let text = token_text::of(&ty.to_token_stream());
        errors.at(ty, format!("a job returns `Result<T, E>`, or nothing if it cannot fail, not `{text}`"));
    }
    returned
}

/// `None` for what is plainly not a `Result`. A type that may be an alias is left to the compiler.
pub(crate) fn of(ty: &Type) -> Option<Returned> {
    let form = match ty {
        Type::Path(path) => {
            let last = path.path.segments.last()?;
            match two_types(&last.arguments) {
                Some((output, error)) if last.ident == "Result" => ReturnForm::Result { output, error },
                _ if is_known(&last.ident) => return None,
                _ => ReturnForm::Alias,
            }
        }
        Type::Tuple(tuple) if tuple.elems.is_empty() => ReturnForm::Nothing,
        Type::Tuple(_)
        | Type::ImplTrait(_)
        | Type::Reference(_)
        | Type::Array(_)
        | Type::Slice(_)
        | Type::TraitObject(_) => return None,
        _ => ReturnForm::Alias,
    };
    Some(Returned { ty: ty.clone(), form })
}

fn two_types(arguments: &PathArguments) -> Option<(Box<Type>, Box<Type>)> {
    let PathArguments::AngleBracketed(arguments) = arguments else { return None };
    let mut types = arguments.args.iter();
    match (types.next(), types.next(), types.next()) {
        (Some(GenericArgument::Type(output)), Some(GenericArgument::Type(error)), None) => {
            Some((Box::new(output.clone()), Box::new(error.clone())))
        }
        _ => None,
    }
}

/// Whether it is the name of a type of the standard library that is not a `Result`.
fn is_known(name: &Ident) -> bool {
    const NAMES: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
        "usize", "Arc", "Box", "HashMap", "Option", "Rc", "String", "Vec",
    ];
    NAMES.iter().any(|known| name == known)
}
