//! The function's signature.

use proc_macro2::Ident;
use syn::{Attribute as Outer, FnArg, ReturnType, Type};

use crate::errors::Errors;
use crate::parse::function::Function;
use crate::parse::parameter::{self, Argument, Parameter, Role};

/// A function whose parameters have been sorted.
pub(crate) struct Signature {
    pub(crate) function: Function,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) output: Type,
}

impl Signature {
    /// Sorts the parameters; what cannot be is noted.
    pub(crate) fn read(mut function: Function, errors: &mut Errors) -> Self {
        let mut parameters = Vec::new();
        for input in &mut function.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    let words = "a job is a free function; take what you need as `&T` and provide it to the runtime";
                    errors.at(receiver, words);
                }
                FnArg::Typed(typed) => parameters.extend(parameter::read(typed, errors)),
            }
        }
        let output = match &function.sig.output {
            ReturnType::Default => syn::parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        Self { function, parameters, output }
    }

    /// The stored parameters, in order.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = Argument<'_>> {
        self.parameters.iter().filter_map(|parameter| match &parameter.role {
            Role::Argument { ty, default } => Some(Argument::new(parameter, ty, default.as_ref())),
            _ => None,
        })
    }

    /// Whether it has a `self`.
    pub(crate) fn is_method(&self) -> bool {
        self.function.sig.receiver().is_some()
    }

    /// Whether the function's type can be a `Result`, perhaps by an alias. What is plainly another type cannot.
    pub(crate) fn may_be_result(&self) -> bool {
        match &self.output {
            Type::Path(path) => path.path.segments.last().is_none_or(|last| !is_known(&last.ident)),
            Type::Tuple(tuple) => tuple.elems.is_empty(),
            Type::ImplTrait(_) | Type::Reference(_) | Type::Array(_) | Type::Slice(_) | Type::TraitObject(_) => false,
            _ => true,
        }
    }

    /// Whether a parameter of this name is lent.
    pub(crate) fn lends(&self, name: &Ident) -> bool {
        let mut lent = self.parameters.iter().filter(|one| matches!(one.role, Role::Context | Role::Provided(_)));
        lent.any(|one| one.name == *name)
    }

    /// The attributes of the function with this name.
    pub(crate) fn attributes(&self, name: &'static str) -> impl Iterator<Item = &Outer> {
        self.function.attrs.iter().filter(move |one| one.path().is_ident(name))
    }
}

/// Whether it is the name of a type of the standard library that is no `Result`.
fn is_known(name: &Ident) -> bool {
    const NAMES: &[&str] = &[
        "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128",
        "usize", "Arc", "Box", "HashMap", "Option", "Rc", "String", "Vec",
    ];
    NAMES.iter().any(|known| name == known)
}

/// The struct's name for a function's: `process_payment` becomes `ProcessPayment`.
pub(crate) fn struct_name(function: &Ident) -> Ident {
    let text = function.to_string();
    let text = text.trim_start_matches("r#");
    let camel: String = text.split('_').map(capital).collect();
    let camel = if camel.is_empty() { "Job".to_owned() } else { camel };
    Ident::new(&camel, function.span())
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
