//! Reads the parameters and the return type of a function.

use proc_macro2::Ident;
use syn::{FnArg, ReturnType, Type, parse_quote};

use crate::errors::Errors;
use crate::model::{Argument, Function, Parameter, Provided};
use crate::parse::parameter::{self, InvalidParameter};

/// A function with its parameters sorted.
pub(crate) struct Signature {
    pub(crate) function: Function,
    pub(crate) parameters: Vec<Result<Parameter, InvalidParameter>>,
    pub(crate) output: Type,
}

impl Signature {
    /// Sorts the parameters; adds the errors of those that are not valid.
    pub(crate) fn read(mut function: Function, errors: &mut Errors) -> Self {
        let mut parameters = Vec::new();
        for input in &mut function.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => {
                    let message = "a job is a free function; take what you need as `&T` and provide it to the runtime";
                    errors.at(receiver, message);
                }
                FnArg::Typed(typed) => parameters.extend(parameter::read(typed, errors)),
            }
        }
        let output = match &function.sig.output {
            ReturnType::Default => parse_quote!(()),
            ReturnType::Type(_, ty) => (**ty).clone(),
        };
        Self { function, parameters, output }
    }

    fn valid(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().flatten()
    }

    /// The stored parameters, in order.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = &Argument> {
        self.valid().filter_map(Parameter::argument)
    }

    /// The parameters that the runtime provides, in order.
    pub(crate) fn provided(&self) -> impl Iterator<Item = &Provided> {
        self.valid().filter_map(Parameter::provided)
    }

    /// Whether the runtime provides a parameter of this name.
    pub(crate) fn provides(&self, name: &Ident) -> bool {
        self.provided().any(|one| one.name == *name)
    }

    /// Whether it has a `self`.
    pub(crate) fn is_method(&self) -> bool {
        self.function.sig.receiver().is_some()
    }
}
