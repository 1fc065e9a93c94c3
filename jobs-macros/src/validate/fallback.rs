//! Builds the model of a job that is not valid.

use std::collections::HashSet;

use syn::parse_quote;

use crate::errors::Errors;
use crate::model::{Fallback, Given, InvalidJob, Parameter, ReturnForm, Returned};
use crate::parse::attribute::Attribute;
use crate::parse::parameter::InvalidParameter;
use crate::parse::signature::Signature;
use crate::validate::arguments::METHODS;
use crate::validate::{naming, returned};

/// The function with its errors, and a fallback: without it each caller would get an error that only follows from these.
pub(crate) fn job(attribute: &Attribute, mut signature: Signature, errors: Errors) -> InvalidJob {
    let fallback = (!signature.is_method()).then(|| fallback(attribute, &signature));
    signature.function.remove_variadic();
    InvalidJob { function: signature.function, fallback, errors }
}

fn fallback(attribute: &Attribute, signature: &Signature) -> Fallback {
    // Types of a generic function cannot be named outside of it.
    let is_nameable = !signature.function.is_generic();
    let mut names = HashSet::new();
    let fields = signature.arguments().filter(|argument| is_nameable && names.insert(&argument.name));
    let setters = signature.arguments().filter(|argument| argument.default.is_some());
    let setters = setters.filter(|argument| !METHODS.contains(&argument.name.to_string().as_str()));
    let returned = returned::of(&signature.output).filter(|_| is_nameable);
    Fallback {
        jobs: attribute.jobs(),
        name: naming::of_struct(attribute, &signature.function),
        fields: fields.cloned().collect(),
        given: signature.parameters.iter().filter_map(|one| given(one, is_nameable)).collect(),
        setters: setters.cloned().collect(),
        returned: returned.unwrap_or_else(|| Returned { ty: parse_quote!(()), form: ReturnForm::Nothing }),
    }
}

fn given(parameter: &Result<Parameter, InvalidParameter>, is_nameable: bool) -> Option<Given> {
    match parameter {
        Ok(Parameter::Argument(argument)) if argument.default.is_none() => {
            Some(Given { cfg: argument.cfg.clone(), ty: is_nameable.then(|| argument.ty.clone()) })
        }
        Err(InvalidParameter { cfg }) => Some(Given { cfg: cfg.clone(), ty: None }),
        Ok(_) => None,
    }
}
